"""The power fails at each step of a commit and the host boots: csnet-recover.service leaves it wholly old or new."""

from typing import Iterator, List

import pytest
from death import BRIDGE_ON_NIC, Point, Story, at_each, points, settles
from systemd_box import booted

from csnet_lab import Lab

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def stories() -> Iterator[List[Story]]:
    with Lab() as lab:
        yield [Story(lab, number, **BRIDGE_ON_NIC) for number in range(3)]


def power_fails_and_the_host_boots(story: Story, point: Point) -> None:
    with story.applying(point.number, rollback_after=60) as apply:
        apply.to_event()
        apply.kill()
    story.cut_power()
    story.host.networkmanager.kill()
    was_open = story.journal.exists()
    with booted(story.host) as units:
        assert units["csnet-recover.ConditionResult"] == ("yes" if was_open else "no"), units
        assert (units["csnet-recover.Result"], units["csnet-recover.ExecMainStatus"]) == ("success", "0"), units
        assert units["cloudstack-agent.Result"] == "success", units
        assert not story.journal.exists()
    story.host.reboot(power_cut=True)
    settles(story, story.is_new if point.is_written else story.is_old)
    assert story.shadows() == []


def test_a_boot_ends_what_a_power_failure_interrupted(stories: List[Story]) -> None:
    moments = [point for point in points(stories[0].events()) if point.in_commit]
    assert len(moments) > 4
    verdicts = at_each(stories, moments, power_fails_and_the_host_boots)
    assert verdicts == [], "\n\n".join(verdicts)


def test_a_boot_without_a_journal_starts_no_process(stories: List[Story]) -> None:
    story = stories[0]
    story.reset()
    story.host.networkmanager.kill()
    with booted(story.host) as units:
        assert units["csnet-recover.ConditionResult"] == "no", units
    story.host.reboot(power_cut=True)
    settles(story, story.is_old)

"""Kills at every step: the host is as it was, or (once the commit has begun) as wanted, and nothing is left over.

At each step of a plan csnet is killed, or NetworkManager is killed and restarted, or the power is cut. The steps are
found by applying the plan once: a new step is tested without a change here.
"""

from typing import Callable, Iterator, List

import pytest
from budget import THOROUGH
from death import BRIDGE_ON_NIC, NIC_TO_BOND, Point, Story, at_each, points, settles
from toy import ToyServiceStory, ToyStory

from csnet_lab import Lab

pytestmark = pytest.mark.timeout(1800)

#: Hosts at once: most of the time each of them waits for a timer of NetworkManager's.
HOSTS = 4


def csnet_dies(story: Story, point: Point) -> None:
    if point.in_commit:
        with story.applying(point.number, rollback_after=60) as apply:
            apply.to_event()
            apply.kill()
        assert story.end("commit") in ("done", "nothing is open")
        settles(story, story.is_new)
        return
    # NetworkManager alone restores it, when csnet has not renewed the checkpoint for rollback_after.
    with story.rollback_of_networkmanager(), story.applying(point.number) as apply:
        apply.to_event()
        apply.kill()
    settles(story, story.is_old)
    story.end("rollback")
    settles(story, story.is_old)
    assert story.shadows() == []


def networkmanager_dies(story: Story, point: Point) -> None:
    with story.applying(point.number) as apply:
        apply.to_event()
        story.host.networkmanager.kill()
        story.host.networkmanager.start(wait_for_startup=False)
        end = apply.to_end()
    if end[1] == "committed" or point.in_commit and end[1] == "committed_incomplete":
        story.end("commit")
        settles(story, story.is_new)
        return
    settles(story, story.is_old)
    assert story.shadows() == []
    assert end[1] in ("rolled_back", "rollback_incomplete", "unavailable"), end


def power_is_cut(story: Story, point: Point) -> None:
    with story.applying(point.number) as apply:
        apply.to_event()
        apply.kill()
    story.cut_power()
    if not point.in_commit:
        settles(story, story.is_old)  # without csnet
    new = story.end("commit") in ("done", "nothing is open") and point.in_commit
    settles(story, story.is_new if new else story.is_old)
    assert story.shadows() == []


@pytest.fixture(scope="module", params=[
    pytest.param((Story, BRIDGE_ON_NIC), id="bridge on a NIC"),  # with a VLAN, where the running kernel has those
    pytest.param((Story, NIC_TO_BOND), id="NIC to bond", marks=pytest.mark.kernel),
    pytest.param((ToyStory, BRIDGE_ON_NIC), id="a toy beside the bridge"),
    pytest.param((ToyServiceStory, BRIDGE_ON_NIC), id="a toy after the probes",
                 marks=pytest.mark.skipif(not THOROUGH, reason="--thorough")),
])
def stories(request: pytest.FixtureRequest) -> Iterator[List[Story]]:
    kind, param = request.param
    with Lab() as lab:
        yield [kind(lab, number, **param) for number in range(HOSTS)]


@pytest.fixture(scope="module")
def moments(stories: List[Story]) -> List[Point]:
    found = points(stories[0].events())
    assert len(found) > 10
    for story in stories:
        story.patience = stories[0].patience
    return found


@pytest.mark.parametrize("dies", [csnet_dies, networkmanager_dies, power_is_cut], ids=lambda dies: dies.__name__)
def test_at_every_step(stories: List[Story], moments: List[Point], dies: Callable[[Story, Point], None]) -> None:
    verdicts = at_each(stories, moments, dies)
    assert verdicts == [], "\n\n".join(verdicts)

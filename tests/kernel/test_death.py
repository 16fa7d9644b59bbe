"""Whoever dies, wherever: the host is as it was, or (once the commit has begun) as it shall be, and nothing is left.

For each step of a plan csnet is killed, or NetworkManager is and starts anew, or the power is cut. The steps are found
by applying the plan once: a new step is killed without a word here.
"""

import concurrent.futures
import queue
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

import pytest
from death import BRIDGE_ON_NIC, NIC_TO_BOND, Story, settles

from csnet_lab import Lab

pytestmark = pytest.mark.timeout(1800)

#: Hosts at once: most of the time each of them waits for a timer of NetworkManager's.
HOSTS = 4


class Point(NamedTuple):
    """A moment to die at: the event's number, what it is, and whether the commit has begun by then."""

    number: int
    what: str
    in_commit: bool


def points(events: List[Tuple[str, str]]) -> List[Point]:
    """When each step begins, and the very end; the end of a step is the same moment as the next one's beginning."""
    found = []
    in_commit = False
    for number, (what, outcome) in enumerate(events):
        in_commit = in_commit or what.startswith("write ")
        if outcome == "begun" or number == len(events) - 1:
            found.append(Point(number, what, in_commit))
    return found


def csnet_dies(story: Story, point: Point) -> None:
    if point.in_commit:
        with story.applying(point.number, rollback_after=60) as apply:
            apply.to_event()
            apply.kill()
        assert story.end("commit") in ("done", "nothing is open")
        settles(story, story.is_new)
        return
    # By NetworkManager alone, when it has heard nothing for rollback_after.
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
    story.host.reboot(power_cut=True)
    if not point.in_commit:
        settles(story, story.is_old)  # without csnet
    new = story.end("commit") in ("done", "nothing is open") and point.in_commit
    settles(story, story.is_new if new else story.is_old)
    assert story.shadows() == []


@pytest.fixture(scope="module", params=[
    pytest.param(BRIDGE_ON_NIC, id="bridge on a NIC"),  # with a VLAN, where the running kernel has those
    pytest.param(NIC_TO_BOND, id="NIC to bond", marks=pytest.mark.kernel),
])
def stories(request: pytest.FixtureRequest) -> Iterator[List[Story]]:
    param: Dict[str, Any] = request.param
    with Lab() as lab:
        yield [Story(lab, number, **param) for number in range(HOSTS)]


@pytest.fixture(scope="module")
def moments(stories: List[Story]) -> List[Point]:
    found = points(stories[0].events())
    assert len(found) > 10
    for story in stories:
        story.patience = stories[0].patience
    return found


@pytest.mark.parametrize("dies", [csnet_dies, networkmanager_dies, power_is_cut], ids=lambda dies: dies.__name__)
def test_at_every_step(stories: List[Story], moments: List[Point], dies: Callable[[Story, Point], None]) -> None:
    free: "queue.Queue[Story]" = queue.Queue()
    for story in stories:
        free.put(story)

    def at(point: Point) -> str:
        story = free.get()
        try:
            story.reset()
            dies(story, point)
            assert not story.journal.exists(), story.journal.read_text()
            return ""
        except Exception as error:  # every moment gets its verdict
            return f"{point}: {type(error).__name__}: {error}"
        finally:
            free.put(story)

    with concurrent.futures.ThreadPoolExecutor(HOSTS) as pool:
        verdicts = [verdict for verdict in pool.map(at, moments) if verdict]
    assert verdicts == [], "\n\n".join(verdicts)

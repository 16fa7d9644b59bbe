"""The drawings say what the state says, and are legible: no boxes overlap, no text leaves its box."""

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple

import csnet
import pytest
from csnet._show.style import CHAR, SMALL_CHAR
from csnet._show.drawing import host_svg, plan_svg
from csnet._show.picture import of_host
from hypothesis import given
from hypothesis import strategies as st
from pictures import HostMaker, forty_interfaces, two_nics
from plan_states import load_current, load_wanted
from strategies import values

PLANS = Path(__file__).parent / "plans"
SVG = "{http://www.w3.org/2000/svg}"


class Drawn(NamedTuple):
    name: str  # of the interface, or "interface address"
    state: str
    texts: List[str]
    x: float
    y: float
    width: float
    height: float


def panels(svg: str) -> Dict[str, List[Drawn]]:
    """The boxes of each panel; the positions are within it."""
    found: Dict[str, List[Drawn]] = {}
    for panel in ET.fromstring(svg).iter(f"{SVG}g"):
        if "data-panel" in panel.attrib:
            found[panel.attrib["data-panel"]] = [_drawn(box) for box in panel.iter(f"{SVG}g") if box is not panel]
    return found


def _drawn(box: ET.Element) -> Drawn:
    name = box.attrib.get("data-interface")
    if name is None:
        name = f"{box.attrib['data-of']} {box.attrib['data-address']}"
    x, y = map(float, re.findall(r"-?[\d.]+", box.attrib["transform"]))
    body = box.find(f"{SVG}rect")
    assert body is not None and box.find(f"{SVG}title") is not None
    texts = ["".join(text.itertext()) for text in box.iter(f"{SVG}text")]
    return Drawn(name, box.attrib["class"].split()[1], texts, x, y, float(body.attrib["width"]),
                 float(body.attrib["height"]))


def overlaps(boxes: List[Drawn]) -> Iterator[Tuple[str, str]]:
    for one, other in itertools.combinations(boxes, 2):
        if (one.x < other.x + other.width and other.x < one.x + one.width
                and one.y < other.y + other.height and other.y < one.y + one.height):
            yield one.name, other.name


def check_legible(svg: str) -> None:
    view = [float(number) for number in ET.fromstring(svg).attrib["viewBox"].split()]
    for boxes in panels(svg).values():
        assert list(overlaps(boxes)) == []
        for box in boxes:
            assert box.x >= 0 and box.y >= 0 and box.x + box.width <= view[2] and box.y + box.height <= view[3]
            for number, text in enumerate(box.texts):
                assert len(text) * (CHAR if number == 0 else SMALL_CHAR) + 13 <= box.width + 1, (box.name, text)


def check_lines(svg: str) -> None:
    """No line passes through a box, or behind it."""
    for panel in ET.fromstring(svg).iter(f"{SVG}g"):
        if "data-panel" not in panel.attrib:
            continue
        boxes = [_drawn(box) for box in panel.iter(f"{SVG}g") if box is not panel]
        for line in panel.findall(f"{SVG}path"):
            points = list(_points(line.attrib["d"]))
            assert [box.name for box in boxes for x, y in points
                    if box.x + 1 < x < box.x + box.width - 1 and box.y < y < box.y + box.height] == []


def _points(path: str) -> Iterator[Tuple[float, float]]:
    """Close to each other, along the line."""
    x = y = 0.0
    for command, numbers in re.findall(r"([MHC])([^MHC]*)", path):
        given_ = [float(number) for number in numbers.split()]
        if command == "H":
            given_ = [x, y, given_[0], y, given_[0], y]
        if command != "M":
            x1, y1, x2, y2, x3, y3 = given_
            for step in range(21):
                t, u = step / 20, 1 - step / 20
                yield (u**3 * x + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3,
                       u**3 * y + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3)
        x, y = given_[-2:]


@pytest.mark.parametrize("host", [two_nics(), forty_interfaces()], ids=["two NICs", "forty interfaces"])
def test_every_interface_and_address_is_there_once_and_legible(host: Any) -> None:
    picture = of_host(host.facts, host.links)
    svg = host_svg(picture)
    (boxes,) = panels(svg).values()
    assert sorted(box.name for box in boxes) == sorted(
        [one.name for one in picture.interfaces]
        + [f"{one.name} {address}" for one in picture.interfaces for address in one.shown_addresses])
    for box in boxes:
        one = picture.find(box.name)
        if one and one.layer != "guest":
            assert box.texts[:2] == [one.name, one.title]
            assert " · ".join(one.facts) in box.texts and str(one.mac_address) in box.texts
    check_legible(svg)
    check_lines(svg)
    edges = sum(len(one.lowers) + (one.layer == "guest") + len(one.shown_addresses) for one in picture.interfaces)
    assert svg.count('<path class="line"') == edges


def test_layers_go_from_left_to_right() -> None:
    host = forty_interfaces()
    (boxes,) = panels(host_svg(of_host(host.facts, host.links))).values()
    x = {box.name: box.x for box in boxes}
    assert x["eno1"] == x["eno2"] == x["eno3"] < x["bond0"] < x["bond0.100"] == x["bond0.300"] < x["cloudbr0"]
    assert x["cloudbr0"] == x["virbr0"] < x["vnet0"] == x["vnet29"] == x["cloudbr0 192.168.100.10/24"]
    assert x["bond0.300 10.30.0.7/16"] == x["vnet0"]


def test_a_line_passes_a_wider_neighbour_before_it_bends() -> None:
    host = HostMaker().add("bond0", "bond")
    for number in range(6):
        driver = "a driver with a long name indeed" if number in (1, 4) else ""
        host.add(f"e{number}", "physical", controller="bond0", driver=driver)
    check_lines(host_svg(of_host(host.facts, host.links)))


def test_what_is_wrong_is_in_the_drawing() -> None:
    host = two_nics()
    host.links = [link.replace(mtu=1400) if link.interface_name == "cloudbr0" else link for link in host.links]
    host.devices = [device.replace(persistent=False) if device.interface_name == "eth0.100" else device
                    for device in host.devices]
    svg = host_svg(of_host(host.facts, host.links, csnet.Transaction(id="abc", state=csnet.TransactionState.trial)))
    boxes = {box.name: box for box in panels(svg)[""]}
    assert "! its MTU is 1400; NetworkManager reports 1500" in boxes["cloudbr0"].texts
    assert "MTU 1400" in boxes["cloudbr0"].texts[2]
    assert "[in memory]" in boxes["eth0.100"].texts
    assert boxes["eth1"].state == "bad" and "no carrier" in boxes["eth1"].texts[2]
    notes = ["".join(text.itertext()) for text in ET.fromstring(svg).findall(f"{SVG}text")]
    assert "transaction abc is open: trial" in notes
    assert "cloudbr0: its MTU is 1400; NetworkManager reports 1500" in notes
    check_legible(svg)


def test_nothing_is_fetched_and_everything_is_escaped() -> None:
    evil = "<b>&\"'\0\x1b"[:15]
    link = csnet.Link(interface_name=evil.replace("\0", ""), kind="dummy&<", driver="<script>", mtu=1500)
    svg = host_svg(of_host(csnet.Facts(), [link]))
    root = ET.fromstring(svg)
    assert not root.findall(f".//{SVG}script") and not root.findall(f".//{SVG}image")
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "") and "url(" not in svg
    assert root.find(f"{SVG}title") is not None


def test_an_empty_host_is_a_drawing_too() -> None:
    assert panels(host_svg(of_host(csnet.Facts()))) == {"": []}


# --- plans ---

def drawn_plan(name: str) -> Dict[str, Dict[str, Drawn]]:
    wanted, current = load_wanted(PLANS / name / "desired.yaml"), load_current(PLANS / name / "current.yaml")
    svg = plan_svg(wanted.plan(current), current)
    check_legible(svg)
    check_lines(svg)
    return {heading: {box.name: box for box in boxes} for heading, boxes in panels(svg).items()}


def marked(boxes: Dict[str, Drawn]) -> Dict[str, str]:
    return {name: box.state for name, box in boxes.items() if box.state in ("added", "changed", "removed")}


def test_a_new_vlan_and_bridge_beside_a_nic_that_loses_its_address() -> None:
    drawn = drawn_plan("s01_dhcp_nic")
    assert marked(drawn["Before"]) == {"eth0 10.0.0.57/24 (DHCP)": "removed"}
    assert marked(drawn["After"]) == {"eth0.100": "added", "cloudbr0": "added",
                                      "cloudbr0 192.168.100.10/24": "added"}
    assert "added" in drawn["After"]["eth0.100"].texts
    assert "VLAN 100" in drawn["After"]["eth0.100"].texts


def test_another_vlan() -> None:
    drawn = drawn_plan("s05_other_vlan")
    assert marked(drawn["Before"]) == {"eth0.100": "removed"}
    assert marked(drawn["After"]) == {"eth0.200": "added"}
    assert "removed" in drawn["Before"]["eth0.100"].texts and "eth0.100" not in drawn["After"]


def test_a_nic_becomes_a_bond() -> None:
    drawn = drawn_plan("s06_nic_to_bond")
    assert marked(drawn["Before"]) == {"eth0.100": "removed", "eth0": "changed", "eth1": "changed"}
    assert marked(drawn["After"]) == {
        "bond0": "added", "bond0.100": "added", "eth0": "changed", "eth1": "changed"}
    assert "controller: (none) → bond0" in drawn["After"]["eth0"].texts
    assert "bond 802.3ad" in drawn["After"]["bond0"].texts
    assert "vnet0" in drawn["After"] and "cloudbr0 192.168.100.10/24" in drawn["After"]


def test_an_address_moves_within_a_bridge() -> None:
    drawn = drawn_plan("s04_same_subnet")
    goes, = (name for name, state in marked(drawn["Before"]).items() if state == "removed")
    added, = (name for name, state in marked(drawn["After"]).items() if state == "added")
    assert goes.split()[0] == added.split()[0] == "cloudbr0"
    assert marked(drawn["After"])["cloudbr0"] == "changed"


def test_a_property_is_drawn_whatever_another_difference_says() -> None:
    """The name of a field inside the text of another one, "id" in "bridge1", hides neither."""
    host = two_nics().add("bridge1", "bridge", csnet.BridgeProfile(stp=False), stp=False)
    vlan = next(profile for profile in host.profiles if profile.name == "eth0.100")
    changes = [csnet.Change(property="controller", before="cloudbr0", after="bridge1"),
               csnet.Change(property="id", before="100", after="200")]
    moved = vlan.replace(controller="bridge1", id=200)
    steps = [csnet.Step(action=csnet.Action.modify, item=moved, changes=changes),
             csnet.Step(action=csnet.Action.restart, item=moved)]
    svg = plan_svg(csnet.Plan(steps=steps), host.facts, host.links)
    drawn = {box.name: box for box in dict(panels(svg))["After"]}
    texts = drawn["eth0.100"].texts
    assert "controller: cloudbr0 → bridge1" in texts and "id: 100 → 200" in texts
    assert sum(text.startswith("controller:") for text in texts) == 1


@pytest.mark.parametrize("name", sorted(path.name for path in PLANS.iterdir() if (path / "plan.json").exists()))
def test_every_golden_plan_has_a_drawing(name: str) -> None:
    drawn = drawn_plan(name)
    current = load_current(PLANS / name / "current.yaml")
    plan = load_wanted(PLANS / name / "desired.yaml").plan(current)
    if not plan:
        assert marked(drawn["Before"]) == marked(drawn["After"]) == {}
    active = {step.item.interface_name for step in plan.steps if step.action is csnet.Action.activate}
    assert active - {""} <= set(drawn["After"])


@given(st.lists(values(csnet.Device), max_size=6), st.lists(values(csnet.Link), max_size=6))
def test_whatever_they_say_it_is_legible(devices: Any, links: Any) -> None:
    svg = host_svg(of_host(csnet.Facts(devices=devices), links))
    assert list(overlaps(panels(svg)[""])) == []
    check_lines(svg)


@given(values(csnet.Plan), values(csnet.Facts), st.lists(values(csnet.Link), max_size=4))
def test_whatever_a_plan_says_there_is_a_drawing(plan: Any, current: Any, links: Any) -> None:
    assert set(panels(plan_svg(plan, current, links))) == {"Before", "After"}

"""The benchmarks work, and compare what is the same. How fast anything is, no test says."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Dict

import bench
import bench_bulk as bulk
import bench_busy as busy
import bench_seed as seed
import bench_seed_up as seed_up
import plots
import pytest
from csnet_lab import Host, Lab
from measure import Options, Report, Rival, Spread, Stopwatch, paired, spread, turns
from tables import CLIENT, CPP, LIMIT, NMCLI, table


def keyfiles(host: Host) -> Dict[str, str]:
    """What is in the profiles' files, each uuid replaced by the name of its profile."""
    texts = {path.name: path.read_text() for path in host.system_connections.glob("*.nmconnection")}
    own = {name: re.findall(r"^uuid=(.*)$", text, re.MULTILINE)[0] for name, text in texts.items()}
    for name, uuid in own.items():
        texts = {file: text.replace(uuid, name) for file, text in texts.items()}
    return {file: re.sub(r"^timestamp=.*\n", "", text, flags=re.MULTILINE) for file, text in texts.items()}


def test_all_rivals_of_seed_make_the_same_profiles(lab: Lab, tmp_path: Path) -> None:
    host = seed.host_with(lab, 2)
    stopwatch = Stopwatch(host)
    made = {}
    for rival in seed.rivals(str(tmp_path)):
        sample = stopwatch.time(rival)
        assert sample.wall > 0 and sample.memory > 0
        made[rival.name] = keyfiles(host)
        seed.remove(host)
    assert sorted(made[NMCLI]) == sorted(
        f"{name}.nmconnection" for name in ("cloudbr0", "eth0", "eth0.100", "other0", "other1")
    )
    assert sorted(made.pop(CLIENT)) == ["other0.nmconnection", "other1.nmconnection"]
    for name, files in made.items():
        assert files == made[NMCLI], name


def test_all_rivals_of_seed_up_make_the_same_profiles_and_leave_them_usable(fresh_host: Host) -> None:
    stopwatch = Stopwatch(fresh_host)
    made = {}
    for rival in seed_up.rivals():
        stopwatch.time(rival)
        assert "192.168.100.10/24" in fresh_host.addresses("cloudbr0"), rival.name
        assert fresh_host.links()["cloudbr0"]["operstate"] == "UP", rival.name
        made[rival.name] = keyfiles(fresh_host)
        seed.remove(fresh_host)
    for name, files in made.items():
        assert files == made[NMCLI], name


def test_all_rivals_of_bulk_do_the_same_work(fresh_host: Host) -> None:
    stopwatch = Stopwatch(fresh_host)
    made = {}
    for rival in bulk.rivals(3):
        for work in bulk._WORK:
            stopwatch.time(bulk.job(rival, work, 3))
            made[rival.name, work] = keyfiles(fresh_host)
    assert sorted(made[NMCLI, "add"]) == [f"bulk{number}.nmconnection" for number in range(3)]
    for name in (LIMIT, CPP):
        for work in bulk._WORK:
            assert made[name, work] == made[NMCLI, work], (name, work)
    assert made[NMCLI, "change"] != made[NMCLI, "add"]
    assert made[NMCLI, "remove"] == {}


def test_both_rivals_of_bulk_bring_the_bridges_up(lab: Lab) -> None:
    host = bulk.host_with_ports(lab, 3)
    stopwatch = Stopwatch(host)
    limit, csnet = bulk.rivals(3)[:2]
    for rival in (limit, csnet):
        stopwatch.time(bulk.job(limit, "add_bridges", 3))
        stopwatch.time(bulk.job(rival, "up", 3))
        links = host.links()
        assert [links[f"bulkbr{number}"]["operstate"] for number in range(3)] == ["UP"] * 3, rival.name
        assert [links[f"bulkport{number}"]["master"] for number in range(3)] == ["bulkbr0", "bulkbr1", "bulkbr2"]
        stopwatch.time(bulk.job(limit, "remove_bridges", 3))


def test_networkmanager_sees_what_makes_a_host_busy(lab: Lab) -> None:
    devices = busy.host_with(lab, 2).run(["nmcli", "-t", "-g", "device,state", "device"]).stdout.splitlines()
    names = ["virbr0", "virbr1", "vnet0", "vnet1", "vnet2", "vnet3"]
    assert sorted(line for line in devices if line[0] == "v") == [f"{name}:connected (externally)" for name in names]


_NEEDS_VLANS = ("outage",)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.kernel] * (name in _NEEDS_VLANS)) for name in bench.benchmarks()]
)
def test_every_benchmark_runs(name: str) -> None:
    report = bench.benchmarks()[name].run(Options(rounds=1, profiles=(2,)))
    assert report.markdown and report.data and report.networkmanager
    if report.plot:
        ElementTree.fromstring(report.plot)


def test_a_rival_that_fails_says_why(lab: Lab) -> None:
    removal = Rival("removal", ["nmcli", "con", "delete", "cloudbr0"])
    stopwatch = Stopwatch(lab.host())
    with pytest.raises(RuntimeError, match="removal ended with 10:.*\n.*unknown connection 'cloudbr0'"):
        stopwatch.time(removal)
    with pytest.raises(RuntimeError, match="removal ended with 10"):
        paired(stopwatch, [removal], 1, lambda: None)


def test_a_rival_that_may_fail_tries_again_and_its_failures_are_told(lab: Lab, tmp_path: Path) -> None:
    once = ["sh", "-c", f"test -e {tmp_path}/mark || {{ touch {tmp_path}/mark; exit 1; }}"]
    (entry,) = paired(Stopwatch(lab.host()), [Rival("once", once, may_fail=True)], 2, lambda: None)
    assert (len(entry["samples"]), entry["failures"]) == (2, 1)
    assert "once (failed 1 times in 3)" in table([entry], {}, {})


def test_memory_is_that_of_the_rival_alone(lab: Lab) -> None:
    """A child's peak counts from its parent's: the stopwatch must be smaller than whatever it times."""
    stopwatch = Stopwatch(lab.host())
    small = stopwatch.time(Rival("true", ["true"])).memory
    large = stopwatch.time(Rival("dd", ["dd", "if=/dev/zero", "of=/dev/null", "bs=32M", "count=1"])).memory
    assert small < 3 << 20
    assert 32 << 20 < large < 40 << 20


def test_rivals_take_turns_and_the_time_ends_the_rounds_but_not_before_three() -> None:
    a, b = Rival("a", []), Rival("b", [])
    order = [(number, rival.name) for number, rival in turns([a, b], 2, seconds=1000)]
    assert order == [(0, "a"), (0, "b"), (1, "b"), (1, "a"), (2, "a"), (2, "b")]
    assert [number for number, _ in turns([a], 20, seconds=0)] == [0, 1, 2, 3]
    assert [number for number, _ in turns([a], 20, seconds=0, least=2, warm_up=False)] == [1, 2]


def test_spread_is_the_median_and_the_quartiles() -> None:
    assert spread([1, 2, 3, 4, 5]) == Spread(3, 2, 4)
    assert spread([7]) == Spread(7, 7, 7)
    assert str(Spread(1.234, 1.234, 2.468)) == "1.23 (1.23–2.47)"
    assert str(Spread(12.34, 12.34, 24.68)) == "12.3 (12.3–24.7)"
    assert str(Spread(123.4, 123.4, 246.8)) == "123 (123–247)"


def test_a_plot_shows_each_line_in_its_place_and_each_name() -> None:
    one, ten = Spread(1, 1, 1), Spread(10, 9, 11)
    chart = plots.Chart("t", "x", "y", {"a": [(0, one), (100, ten)], "<b>": [(0, ten), (100, ten)]})
    root = ElementTree.fromstring(plots.svg("t", chart, plots.Bars("u", "y", {"c": one})))
    space = "{http://www.w3.org/2000/svg}"
    points = [(float(circle.get("cx", "")), float(circle.get("cy", ""))) for circle in root.iter(f"{space}circle")]
    assert points[0][0] == points[2][0] < points[1][0]
    assert points[0][1] > points[1][1] == points[2][1] == points[3][1]  # more is higher
    texts = [text.text for text in root.iter(f"{space}text")]
    assert {"a", "<b>", "c", "0", "100"} <= set(texts)
    ys = [float(text.get("y", "")) for text in root.iter(f"{space}text") if text.text in ("a", "<b>")]
    assert abs(ys[0] - ys[1]) >= 15  # they end at one point


def test_docs_are_rewritten_between_the_markers_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- begin bench seed -->\nold\n<!-- end bench seed -->\nbelow\n")
    bench.write_docs(page, "seed", Report("", [], ""), "new")
    assert page.read_text() == "above\n<!-- begin bench seed -->\nnew\n<!-- end bench seed -->\nbelow\n"
    bench.write_docs(page, "seed", Report("", [], "", "<svg/>"), "new")
    assert "new\n\n![seed, plotted](page/seed.svg)\n<!-- end" in page.read_text()
    assert (tmp_path / "page/seed.svg").read_text() == "<svg/>"


def test_every_benchmark_has_its_section_in_the_docs() -> None:
    text = bench._PAGE.read_text()
    for name in bench.benchmarks():
        assert f"<!-- begin bench {name} -->\n" in text and f"<!-- end bench {name} -->\n" in text

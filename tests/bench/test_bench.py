"""The benchmarks work, and compare what is the same. How fast anything is, no test says."""

import re
from pathlib import Path
from typing import Dict

import bench
import pytest
import seed
from csnet_lab import Host, Lab
from measure import Options, Spread, Stopwatch, spread


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
        assert min(sample) > 0
        made[rival.name] = keyfiles(host)
        stopwatch.time(seed._REMOVE)
    assert sorted(made["nmcli"]) == sorted(
        f"{name}.nmconnection" for name in ("cloudbr0", "eth0", "eth0.100", "other0", "other1")
    )
    assert made["csnet, C++"] == made["nmcli"]
    assert made["csnet, Python"] == made["nmcli"]


def test_every_benchmark_runs() -> None:
    for name, module in bench.benchmarks().items():
        report = module.run(Options(rounds=1, profiles=(2,)))
        assert report.markdown and report.data and report.networkmanager, name


def test_a_rival_that_fails_says_why(lab: Lab) -> None:
    stopwatch = Stopwatch(lab.host())
    with pytest.raises(RuntimeError, match="removal ended with 10:.*\n.*unknown connection 'cloudbr0'"):
        stopwatch.time(seed._REMOVE)


def test_spread_is_the_median_and_the_quartiles() -> None:
    assert spread([1, 2, 3, 4, 5]) == Spread(3, 2, 4)
    assert spread([7]) == Spread(7, 7, 7)


def test_docs_are_rewritten_between_the_markers_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- begin bench seed -->\nold\n<!-- end bench seed -->\nbelow\n")
    bench.write_section(page, "seed", "new")
    assert page.read_text() == "above\n<!-- begin bench seed -->\nnew\n<!-- end bench seed -->\nbelow\n"


def test_every_benchmark_has_its_section_in_the_docs() -> None:
    text = bench._PAGE.read_text()
    for name in bench.benchmarks():
        assert f"<!-- begin bench {name} -->\n" in text and f"<!-- end bench {name} -->\n" in text

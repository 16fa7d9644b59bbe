"""Each command through its real command line on a real host: text, JSON, exit codes."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import List, Set

import csnet
import pytest
from csnet_command import PACKAGE, UNTAGGED, command_line, csnet_on
from csnet_lab import Host

CHANGED = UNTAGGED.replace("192.168.100.10", "192.168.100.11")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "network.yaml"
    path.write_text(UNTAGGED)
    return str(path)


def profiles(host: Host) -> List[str]:
    return sorted(path.name for path in host.system_connections.iterdir())


def test_plan_shows_each_step_and_changes_nothing(host: Host, file: str) -> None:
    plan = csnet_on(host, "plan", file)
    assert plan.code == 0
    assert "+ add bridge 'cloudbr0'" in plan.stdout and "ipv4.addresses: 192.168.100.10/24" in plan.stdout
    assert "\033" not in plan.stdout, "colours are for terminals"
    assert profiles(host) == []


def test_plan_check_tells_by_its_exit_code(host: Host, file: str) -> None:
    assert csnet_on(host, "plan", "--check", "--quiet", file) == (3, "", "")
    assert csnet_on(host, "apply", "--yes", file).code == 0
    again = csnet_on(host, "plan", "--check", file)
    assert (again.code, again.stdout) == (0, "Nothing to do: the host is as wanted.\n")


def test_plan_as_json(host: Host, file: str) -> None:
    plan = csnet_on(host, "plan", "--json", file)
    assert plan.code == 0 and plan.stderr == ""
    assert plan.json["pending"] is True
    assert [step["action"] for step in plan.json["steps"]][:2] == ["add", "add"]


def test_the_file_may_come_by_standard_input(host: Host) -> None:
    assert csnet_on(host, "plan", "--check", "-", input=UNTAGGED).code == 3


def test_apply_says_what_it_does_and_a_second_time_that_there_is_nothing(host: Host, file: str) -> None:
    first = csnet_on(host, "apply", "--yes", file)
    assert first.code == 0, first.stderr
    assert "done" in first.stdout and "activate bridge 'cloudbr0'" in first.stdout
    assert first.stdout.endswith("Done: the new network is active and on disk.\n")
    assert profiles(host) == ["cloudbr0.nmconnection", "eth0.nmconnection"]
    assert "192.168.100.10/24" in host.addresses("cloudbr0")
    second = csnet_on(host, "apply", "--yes", file)
    assert (second.code, second.stdout) == (0, "Nothing to do: the host is as wanted.\n")


def test_apply_as_json(host: Host, file: str) -> None:
    done = csnet_on(host, "apply", "--yes", "--json", file)
    assert done.code == 0 and done.json["committed"] is True and done.json["id"]
    assert {step["outcome"] for step in done.json["steps"]} == {"done"}
    assert done.json["plan"]["pending"] is True


def test_apply_rolls_back_when_a_probe_fails(host: Host, file: str) -> None:
    failed = csnet_on(host, "apply", "--yes", "--rollback-after", "1", "--probe", "false", file)
    assert failed.code == 4
    assert failed.stderr.startswith("csnet: rolled back: 'false': did not answer within 1 s after the change")
    assert "hint: the host is as it was" in failed.stderr
    assert profiles(host) == [] and "cloudbr0" not in host.links()


def test_apply_rolls_back_as_json(host: Host, file: str) -> None:
    failed = csnet_on(host, "apply", "--yes", "--json", "--rollback-after", "1", "--probe", "false", file)
    assert failed.code == 4
    assert failed.json["error"]["kind"] == "rolled_back" and "as it was" in failed.json["error"]["hint"]


def test_no_commit_waits_for_commit(host: Host, file: str) -> None:
    trial = csnet_on(host, "apply", "--yes", "--no-commit", file)
    assert trial.code == 0 and "csnet commit " in trial.stdout
    assert profiles(host) == [], "nothing is on disk yet"
    other = csnet_on(host, "apply", "--yes", "-", input=CHANGED)
    assert other.code == 1 and "is on trial" in other.stderr and "csnet rollback" in other.stderr
    done = csnet_on(host, "commit")
    assert done.code == 0 and "is committed" in done.stdout
    assert profiles(host) == ["cloudbr0.nmconnection", "eth0.nmconnection"]
    none = csnet_on(host, "commit")
    assert none.code == 1 and none.stderr.startswith("csnet: transaction: none is open")


def test_no_commit_and_rollback(host: Host, file: str) -> None:
    trial = csnet_on(host, "apply", "--yes", "--no-commit", "--json", file)
    wrong = csnet_on(host, "rollback", "nonsense")
    assert wrong.code == 1 and trial.json["id"] in wrong.stderr
    back = csnet_on(host, "rollback", "--json", trial.json["id"])
    assert back.code == 0 and back.json["committed"] is False
    assert "cloudbr0" not in host.links()
    assert csnet_on(host, "rollback").code == 1


def test_ctrl_c_does_not_interrupt_a_commit(fresh_host: Host, file: str) -> None:
    host = fresh_host
    assert csnet_on(host, "apply", "--yes", "--no-commit", file).code == 0
    host.networkmanager.pause()
    pipe = subprocess.PIPE
    with host.popen(command_line("commit", "--verbose"), stdout=pipe, stderr=pipe,
                    environment={"PYTHONPATH": str(PACKAGE)}) as commit:
        assert commit.stderr is not None and "csnet.dbus" in commit.stderr.readline()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            commit.send_signal(number)
        host.networkmanager.resume()
        said, _ = commit.communicate(timeout=60)
    assert commit.returncode == 0 and "is committed" in said
    assert profiles(host) == ["cloudbr0.nmconnection", "eth0.nmconnection"]


def test_under_nohup_a_hang_up_does_not_silence_apply(host: Host, file: str, tmp_path: Path) -> None:
    words = ["apply", "--yes", "--probe", f"test -e {tmp_path}/go", file]
    nohup = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command_line(*words)]
    with host.popen(nohup, stdout=subprocess.PIPE, environment={"PYTHONPATH": str(PACKAGE)}) as apply:
        assert apply.stdout is not None
        while not re.match(r"  done .* activate ethernet 'eth0'", apply.stdout.readline()):
            assert apply.poll() is None
        apply.send_signal(signal.SIGHUP)
        (tmp_path / "go").touch()
        said, _ = apply.communicate(timeout=60)
    assert apply.returncode == 0 and said.endswith("Done: the new network is active and on disk.\n")


def test_an_interrupt_that_comes_when_it_is_on_trial_says_so(host: Host, file: str) -> None:
    """The command must not say "the host is as it was": it is not."""
    trial = csnet_on(host, "apply", "--yes", "--no-commit", "--json", file).json["id"]
    code = ("import argparse, csnet\nfrom csnet.cli.apply import _interrupted\nfrom csnet.cli.output import Output\n"
            "options = argparse.Namespace(json=False, quiet=False, verbose=False, no_color=True, command='apply')\n"
            "with csnet.Session() as session:\n"
            " try: print(_interrupted(session, Output(options)))\n"
            " except csnet.ConflictError as error: print(error, error.hint, sep='\\n')")
    assert host.python(code) == (f"transaction {trial}: interrupted, and still on trial\n"
                                 f"csnet commit {trial}, or csnet rollback {trial}\n")
    assert csnet_on(host, "rollback").code == 0


def test_a_terminal_without_arrows_gets_no_traceback(host: Host, file: str) -> None:
    assert csnet_on(host, "apply", "--yes", file).code == 0
    ascii = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    plan = csnet_on(host, "plan", "-", input=CHANGED, **ascii)
    assert plan.code == 0 and "ipv4.addresses: 192.168.100.10/24 ? 192.168.100.11/24" in plan.stdout, plan.stdout


def test_commit_comes_too_late(host: Host, file: str) -> None:
    """NetworkManager has rolled back by then."""
    trial = csnet_on(host, "apply", "--yes", "--no-commit", "--rollback-after", "1", "--json", file)
    host.python("import csnet\nwith csnet.Session() as s:\n while s.transaction().state.value == 'trial': s.devices()")
    late = csnet_on(host, "commit", trial.json["id"])
    assert late.code == 4 and "its time was over" in late.stderr
    assert profiles(host) == []


def test_without_a_terminal_apply_wants_yes(host: Host, file: str) -> None:
    asked = csnet_on(host, "apply", file)
    assert asked.code == 2 and "hint: --yes applies without asking" in asked.stderr
    assert profiles(host) == []


def test_render_needs_no_networkmanager(tmp_path: Path, file: str, host: Host) -> None:
    printed = csnet_on(host, "render", file, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent")
    assert printed.code == 0 and "# cloudbr0.nmconnection\n[connection]\nid=cloudbr0\n" in printed.stdout
    out = tmp_path / "out"
    written = csnet_on(host, "render", "--out", str(out), file)
    assert written.code == 0
    names = ["cloudbr0.nmconnection", "eth0.nmconnection"]
    assert sorted(written.stdout.split()) == [str(out / name) for name in names]
    assert sorted(path.name for path in out.iterdir()) == names
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert csnet_on(host, "render", "--out", str(out), file).code == 0, "rendering the same again is not a conflict"
    (out / names[0]).write_text("mine")
    refused = csnet_on(host, "render", "--out", str(out), file)
    assert refused.code == 1 and "cloudbr0.nmconnection exists and differs" in refused.stderr
    assert (out / names[0]).read_text() == "mine"
    assert csnet_on(host, "render", "--out", str(out), "--force", "--json", file).json["files"][0]["text"]
    assert csnet_on(host, "render", "--out", file, file).code == 2, "a file is not a directory"


def test_what_render_writes_is_what_apply_makes(tmp_path: Path, file: str, host: Host) -> None:
    csnet_on(host, "render", "--out", str(host.system_connections), file)
    host.run(["nmcli", "connection", "reload"])
    assert csnet_on(host, "plan", "--check", file).code in (0, 3)
    assert csnet_on(host, "apply", "--yes", file).code == 0
    assert profiles(host) == ["cloudbr0.nmconnection", "eth0.nmconnection"]


def documented(command: str) -> Set[str]:
    """The keys that docs/json.md has for a command, and for all."""
    sections = re.split(r"^## ", (Path(__file__).parents[2] / "docs/json.md").read_text(), flags=re.MULTILINE)
    named = [section for section in sections if section.startswith((f"{command}\n", "# "))]
    return {key for section in named for key in re.findall(r"^\| `(\w+)`", section, re.MULTILINE)}


def test_json_has_the_keys_of_the_documentation(host: Host, file: str) -> None:
    lines = {"plan": [file], "render": [file], "apply": ["--yes", "--no-commit", file], "commit": []}
    for command, words in lines.items():
        assert set(csnet_on(host, command, "--json", *words).json) == documented(command), command
    csnet_on(host, "apply", "--yes", "--no-commit", "-", input=CHANGED)
    assert set(csnet_on(host, "rollback", "--json").json) == documented("rollback")
    assert set(csnet_on(host, "rollback", "--json").json) == documented("An error")


def test_verbose_tells_every_request_and_no_secret(host: Host, file: str) -> None:
    told = csnet_on(host, "apply", "--yes", "--verbose", file)
    assert told.code == 0
    assert "csnet.dbus: CheckpointCreate /org/freedesktop/NetworkManager" in told.stderr
    assert "AddConnection2 /org/freedesktop/NetworkManager/Settings (…)" in told.stderr


@pytest.mark.parametrize("words, says", [
    (["aply"], "unknown command 'aply'\n  hint: did you mean apply?"),
    (["apply", "--rolback-after", "3", "FILE"], "did you mean --rollback-after?"),
    (["--json", "commit"], "write it after the command: csnet COMMAND --json"),
    *((["apply", "--rollback-after", word, "FILE"], f"'{word}' is not a number of seconds from 1 to 3600")
      for word in ("soon", "0", "0.2", "nan", "3601")),
    (["plan"], "the following arguments are required: FILE"),
    (["plan", "--guest-vlans", "9999", "FILE"], "9999"),
    (["plan", "/nonexistent.yaml"], "/nonexistent.yaml"),
    (["plan", "--svg", "/nonexistent/plan.svg", "FILE"], "/nonexistent/plan.svg: No such file or directory"),
    (["commit", "a", "b"], "unrecognized arguments: b"),
    ([], "usage: csnet"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_bad_usage(host: Host, file: str, words: List[str], says: str) -> None:
    refused = csnet_on(host, *[file if word == "FILE" else word for word in words])
    assert refused.code == 2
    assert says in refused.stderr
    assert profiles(host) == []


def test_a_bad_file_is_shown_where_it_is_bad(host: Host, tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(UNTAGGED + "  vlan: 4095\n  gatway: 192.168.100.1\n")
    refused = csnet_on(host, "plan", "network.yaml", cwd=tmp_path)
    assert refused.code == 2
    assert "network.yaml:6:9: management.vlan: 4095 is not a VLAN id (1 to 4094)\n" in refused.stderr
    assert "did you mean 'gateway'" in refused.stderr
    as_json = csnet_on(host, "plan", "--json", "network.yaml", cwd=tmp_path)
    assert as_json.code == 2 and as_json.json["error"]["kind"] == "invalid"
    assert [problem["line"] for problem in as_json.json["error"]["problems"]] == [6, 7]


def test_without_networkmanager(fresh_host: Host, file: str) -> None:
    fresh_host.networkmanager.stop()
    failed = csnet_on(fresh_host, "plan", file)
    assert (failed.code, failed.stderr) == (
        1, "csnet: NetworkManager: NetworkManager is not running\n  hint: systemctl start NetworkManager\n")


@pytest.mark.parametrize("command", ["apply", "commit", "rollback"])
def test_not_root(host: Host, file: str, command: str) -> None:
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    words = [command, "/dev/null"] if command == "apply" else [command]
    done = host.run([*as_nobody, *command_line(*words)], check=False, environment={"PYTHONPATH": str(PACKAGE)})
    assert done.returncode == 1
    assert f"csnet {command}: needs root" in done.stderr and f"sudo csnet {command}" in done.stderr


def test_root_without_the_capability_for_arp(host: Host, file: str) -> None:
    less = ["setpriv", "--inh-caps=-net_raw", "--bounding-set=-net_raw"]
    done = host.run([*less, *command_line("apply", "--yes", file)], check=False,
                    environment={"PYTHONPATH": str(PACKAGE)})
    assert done.returncode == 1 and "csnet apply: needs CAP_NET_RAW\n" in done.stderr


def test_python_m_csnet_and_main_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    from csnet.cli import main

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"csnet {csnet.__version__}\n"


def test_only_the_wanted_command_is_loaded(host: Host) -> None:
    code = "import sys; from csnet.cli import main; main(['commit', '--help']); print(*sorted(sys.modules))"
    modules = host.run([sys.executable, "-c", code], environment={"PYTHONPATH": str(PACKAGE)}).stdout.split()
    assert "csnet.cli.commit" in modules
    assert not {"yaml", "rich", "logging", "csnet.cli.apply", "csnet.cli.show"} & set(modules)

"""What is installed, where, and that it stands on its own feet there."""

import platform
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Set

import pytest
from installed import BUILD, ROOT, files, install, run, site, sources

import csnet
from csnet.cli import COMMANDS

COMPONENTS = ("Runtime", "Development", "Python", "Command", "Data", "Ansible")


def expected(packages: str) -> Set[str]:
    version = csnet.__version__
    major, minor, _ = version.split(".")
    soversion = major if major != "0" else f"0.{minor}"
    headers = {f"include/csnet/{path.name}" for path in (ROOT / "libcsnet/include/csnet").iterdir()}
    library = {f"lib/libcsnet.{end}" for end in ("a", "so", f"so.{soversion}", f"so.{version}")}
    (configuration,) = {path.name.rpartition("-")[2] for path in (BUILD / "CMakeFiles/Export").rglob("csnet_shared-*")}
    cmake = {f"lib/cmake/csnet/{name}" for name in (
        "csnetConfig.cmake", "csnetConfigVersion.cmake", "csnet_shared.cmake", f"csnet_shared-{configuration}",
        "csnet_static.cmake", f"csnet_static-{configuration}")}
    python = {f"{packages}/{name}" for name in sources() if not name.startswith("ansible_collections/")}
    python.add(f"{packages}/csnet/_csnet{sysconfig.get_config_var('EXT_SUFFIX')}")
    if platform.machine() == "x86_64":  # no other processor has a User-Mode-Linux that needs it
        python.add(f"{packages}/csnet_lab/libcsnet_xstate.so")
    python.remove(f"{packages}/csnet_lab/tree.py")  # of use beside the sources alone
    collection = {f"share/ansible/collections/{name}" for name in sources() if name.startswith("ansible_collections/")}
    man = {f"share/man/man1/csnet{name}.1" for name in ("", *(f"-{command}" for command in COMMANDS))}
    return headers | library | cmake | python | collection | man | {
        "lib/pkgconfig/csnet.pc", "bin/csnet", "share/bash-completion/completions/csnet",
        "share/zsh/site-functions/_csnet", "share/csnet/network-file.schema.json",
        "lib/systemd/system/csnet-recover.service",
        "lib/systemd/system/multi-user.target.wants/csnet-recover.service"}


def test_every_file_has_its_place_and_no_other_is_there(prefix: Path) -> None:
    found = set(files(prefix))
    wanted = expected(str(site(prefix).relative_to(prefix)))
    assert (sorted(found - wanted), sorted(wanted - found)) == ([], [])


def test_the_build_tree_has_every_file_of_the_sources() -> None:
    links = {path.relative_to(BUILD / "python") for path in (BUILD / "python").rglob("*") if path.is_symlink()}
    assert {str(link) for link in links} == sources()


def test_components_are_the_whole_and_share_nothing(prefix: Path, tmp_path: Path) -> None:
    found = []
    for component in COMPONENTS:
        install(tmp_path / component, "--component", component)
        found += files(tmp_path / component)
    assert sorted(found) == files(prefix)
    assert files(tmp_path / "Runtime") == [name for name in files(prefix) if name.startswith("lib/libcsnet.so.")]


def test_a_staged_prefix_has_the_same_files(prefix: Path, tmp_path: Path) -> None:
    final = Path("/opt") / tmp_path.name
    install(final, DESTDIR=str(tmp_path))
    staged = tmp_path / "opt" / tmp_path.name
    assert files(staged) == files(prefix)
    assert not final.exists()
    # Wherever it is moved, the command finds its package and its library.
    assert run([str(staged / "bin/csnet"), "--version"], tmp_path).startswith(f"csnet {csnet.__version__}")
    assert (staged / "bin/csnet").read_text() == (prefix / "bin/csnet").read_text()


def test_nothing_refers_to_the_build_or_to_the_sources(prefix: Path, tmp_path: Path) -> None:
    guilty = []
    for name in files(prefix):
        path = prefix / name
        if path.is_symlink():
            assert not path.readlink().is_absolute(), name
            continue
        if name.endswith(".a") or ".so" in name:  # debugging information names sources, as it should
            stripped = tmp_path / "stripped"
            subprocess.run(["strip", "--strip-debug", "-o", str(stripped), str(path)], check=True)
            path = stripped
        data = path.read_bytes()
        places = {str(ROOT), str(BUILD), str(prefix)}
        if name.endswith(".service"):  # systemd wants the command's absolute path
            data = data.replace(f"{prefix}/bin/csnet".encode(), b"")
        guilty += [name for place in places if f"{place}/".encode() in data]
    assert guilty == []


def test_the_library_is_found_from_the_module(prefix: Path, tmp_path: Path) -> None:
    (module,) = (site(prefix) / "csnet").glob("_csnet*.so")
    dynamic = run(["readelf", "-d", str(module)], tmp_path)
    assert "[$ORIGIN/../../../../lib]" in dynamic
    maps = "import csnet; print(csnet.__file__); print(open('/proc/self/maps').read())"
    loaded = run(["/usr/bin/python3", "-c", maps], tmp_path, PYTHONPATH=str(site(prefix)))
    assert loaded.splitlines()[0] == str(site(prefix) / "csnet/__init__.py")
    assert f"{prefix}/lib/libcsnet.so.{csnet.__version__}" in loaded
    assert str(BUILD) not in loaded


def test_the_schema_is_the_packages_own(prefix: Path) -> None:
    name = "network-file.schema.json"
    assert (prefix / "share/csnet" / name).read_bytes() == (site(prefix) / "csnet" / name).read_bytes()


def test_a_virtual_environment_is_a_prefix(tmp_path: Path) -> None:
    run(["/usr/bin/python3", "-m", "venv", "--without-pip", str(tmp_path / "venv")], tmp_path)
    install(tmp_path / "venv")
    python = str(tmp_path / "venv/bin/python3")
    version = run([python, "-c", "import csnet, csnet_lab; print(csnet.__version__)"], tmp_path)
    assert version == f"{csnet.__version__}\n"


@pytest.mark.skipif("deb_system" not in sysconfig.get_scheme_names(), reason="Debian's Python has names of its own")
@pytest.mark.parametrize("prefix_name, folder", [
    ("/usr", "lib/python3/dist-packages"),
    ("/usr/local", f"lib/python{sysconfig.get_python_version()}/dist-packages"),
    ("/opt/csnet", f"lib/python{sysconfig.get_python_version()}/site-packages"),
])
def test_debians_own_folders_are_used(prefix_name: str, folder: str, tmp_path: Path) -> None:
    install(Path(prefix_name), "--component", "Python", DESTDIR=str(tmp_path))
    installed = tmp_path / prefix_name[1:] / folder / "csnet/__init__.py"
    assert installed.is_file()
    shutil.rmtree(tmp_path)

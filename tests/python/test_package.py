"""The package: that it imports anywhere and fast, and that its types, docstrings and stub tell the truth."""

import ast
import enum
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Tuple

import csnet
import pytest
from csnet import _csnet

PACKAGE = Path(csnet.__file__).parent


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    paths = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = dict(os.environ, PYTHONPATH=paths, MYPYPATH=str(PACKAGE.parent), **environment)
    return subprocess.run([sys.executable, *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, timeout=170)


def public() -> Iterator[Tuple[str, Any]]:
    """Everything that help(csnet) documents, with its full name."""
    for name in csnet.__all__:
        value = getattr(csnet, name)
        yield name, value
        if not inspect.isclass(value):
            continue
        for member, of_class in vars(value).items():
            if not member.startswith("_") and not isinstance(of_class, (str, value)):
                yield f"{name}.{member}", of_class


def test_it_imports_without_a_bus_and_without_heavy_modules() -> None:
    heavy = {"argparse", "asyncio", "dataclasses", "inspect", "ipaddress", "json", "logging", "socket", "subprocess",
             "typing", "yaml"}
    code = f"import sys; before = set(sys.modules); import csnet; print(sorted((set(sys.modules) - before) & {heavy}))"
    result = run("-c", code, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent")
    assert (result.returncode, result.stdout.strip()) == (0, "[]")


def test_all_lists_every_public_name_and_nothing_else() -> None:
    modules = {name for name, value in vars(csnet).items() if inspect.ismodule(value)}
    assert sorted(csnet.__all__) == csnet.__all__
    assert {name for name in vars(csnet) if not name.startswith("_")} - modules <= set(csnet.__all__)
    assert re.fullmatch(r"\d+\.\d+\.\d+", csnet.__version__)


def test_everything_public_has_a_docstring() -> None:
    assert [name for name, value in public() if not (inspect.getdoc(value) or "").strip()] == []


def test_functions_and_classes_of_the_module_have_signatures() -> None:
    for name, value in public():
        if callable(value) and not (inspect.isclass(value) and issubclass(value, enum.Enum)):
            assert inspect.signature(value) is not None, name


def test_the_package_offers_all_of_the_module() -> None:
    assert {name for name in vars(_csnet) if not name.startswith("_")} <= set(csnet.__all__)


def test_the_stub_names_all_of_the_module() -> None:
    # stubtest skips what says that it comes from another module, as all of these do: from csnet.
    stub = ast.parse((PACKAGE / "_csnet.pyi").read_text())
    defined = {node.name for node in stub.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    defined |= {node.target.id for node in stub.body
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    assert {name for name in defined if not name.startswith("_")} == {
        name for name in vars(_csnet) if not name.startswith("_")}


def test_the_stub_agrees_with_the_module(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    result = run("-m", "mypy.stubtest", "csnet._csnet", "csnet._check", MYPY_CACHE_DIR=str(tmp_path))
    assert result.returncode == 0, result.stdout


def test_the_package_is_typed(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "user.py").write_text(
        "import csnet\n"
        "profile = csnet.BridgeProfile(name='br0', ipv4=csnet.Ip4Config(addresses=['10.0.0.1/8']))\n"
        "stp: 'bool | None' = profile.replace(stp=True).stp\n"
        "csnet.BridgeProfile(sttp=True)\n"
        "csnet.VlanProfile(id='100')\n"
        "profile.stp = True\n")
    result = run("-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(tmp_path / "user.py"))
    errors = [line for line in result.stdout.splitlines() if ": error:" in line]
    assert [line.split(":")[1] for line in errors] == ["4", "5", "6"], result.stdout


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*.py")), ids=lambda file: str(file.name))
def test_the_sources_are_python_3_9(file: Path) -> None:
    ast.parse(file.read_text(), feature_version=(3, 9))

"""The package: that it imports anywhere and fast, and that its types, docstrings and stub tell the truth."""

import ast
import builtins
import enum
import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Tuple

import csnet
import pytest
from csnet import _csnet

PACKAGE = Path(csnet.__file__).parent
#: Public, and not in __all__: `from csnet import *` would hide the builtins of these names.
HIDING_BUILTINS = ("PermissionError", "TimeoutError")


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    paths = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, "PYTHONPATH": paths, "MYPYPATH": str(PACKAGE.parent), **environment}
    return subprocess.run([sys.executable, *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, timeout=170)


def public() -> Iterator[Tuple[str, Any]]:
    """Everything that help(csnet) documents, with its full name."""
    for name in [*csnet.__all__, *HIDING_BUILTINS]:
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
    assert {name for name in vars(csnet) if not name.startswith("_")} - modules == {
        name for name in [*csnet.__all__, *HIDING_BUILTINS] if not name.startswith("_")}
    assert re.fullmatch(r"\d+\.\d+\.\d+", csnet.__version__)


def test_importing_all_names_hides_no_builtin() -> None:
    names: "dict[str, Any]" = {}
    exec("from csnet import *", names)
    assert set(names) & set(vars(builtins)) <= {"__builtins__"}
    assert issubclass(csnet.PermissionError, PermissionError) and issubclass(csnet.TimeoutError, TimeoutError)


def test_every_other_module_of_the_package_is_private() -> None:
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {name for name in modules if not name.startswith("_")} == {"cli", "network_file"}


def test_a_missing_compiled_module_is_explained(tmp_path: Path) -> None:
    package = shutil.copytree(PACKAGE, tmp_path / "csnet", ignore=shutil.ignore_patterns("_csnet*so"))
    result = run("-c", "import csnet", PYTHONPATH=str(tmp_path))
    said = result.stdout.splitlines()[-1]
    assert said.startswith(f"ImportError: {package} has no compiled module _csnet for Python 3."), result.stdout
    assert sys.executable in said and "docs/installing.md" in said


def test_a_compiled_module_of_another_python_is_named(tmp_path: Path) -> None:
    package = shutil.copytree(PACKAGE, tmp_path / "csnet", ignore=shutil.ignore_patterns("_csnet*so"))
    (package / "_csnet.cpython-39-x86_64-linux-gnu.so").touch()
    result = run("-c", "import csnet", PYTHONPATH=str(tmp_path))
    assert "only _csnet.cpython-39-x86_64-linux-gnu.so. Install" in result.stdout.splitlines()[-1]


def test_a_compiled_module_that_cannot_be_loaded_is_explained(tmp_path: Path) -> None:
    package = shutil.copytree(PACKAGE, tmp_path / "csnet", ignore=shutil.ignore_patterns("_csnet*so"))
    (library := package / Path(_csnet.__file__ or "").name).write_bytes(b"not a library")
    result = run("-c", "import csnet", PYTHONPATH=str(tmp_path))
    said = result.stdout.splitlines()[-1]
    assert said.startswith("ImportError: the compiled module of csnet cannot be loaded by Python 3."), result.stdout
    assert f"{library}: " in said and f"ldd {library} lists what is missing" in said


def test_everything_public_has_a_docstring() -> None:
    assert [name for name, value in public() if not (inspect.getdoc(value) or "").strip()] == []


def test_functions_and_classes_of_the_module_have_signatures() -> None:
    for name, value in public():
        if callable(value) and not (inspect.isclass(value) and issubclass(value, enum.Enum)):
            assert inspect.signature(value) is not None, name


def test_the_package_offers_all_of_the_module() -> None:
    assert {name for name in vars(_csnet) if not name.startswith("_")} <= set(csnet.__all__)


def test_as_dict_takes_what_the_json_of_the_command_holds() -> None:
    report = csnet.Report(id="1a", committed=True, steps=[
        csnet.Progress(subject="bridge 'br0'", outcome=csnet.ProgressOutcome.done)])
    assert csnet.as_dict(report)["steps"] == [csnet.as_dict(report.steps[0])]
    assert csnet.as_dict(csnet.BridgeProfile(name="br0", stp=False)) == {"type": "bridge", "name": "br0", "stp": False}
    assert csnet.as_dict(csnet.Plan()) == {"pending": False, "csnet": 1, "steps": [], "notes": []}
    with pytest.raises(TypeError, match="as_dict: 5 is not a value that has a dictionary"):
        csnet.as_dict(5)


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

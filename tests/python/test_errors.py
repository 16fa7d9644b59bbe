"""The exceptions: one class for each kind, each with its builtin, and all that C++ said."""

import builtins
import copy
import inspect
import pickle
from typing import Any, Dict, Type

import csnet
import pytest
from csnet import _errors

BUILTIN_OF: Dict[str, Type[Exception]] = {
    "InvalidError": ValueError,
    "NotFoundError": LookupError,
    "ConflictError": RuntimeError,
    "PermissionError": builtins.PermissionError,
    "UnavailableError": ConnectionError,
    "TimeoutError": builtins.TimeoutError,
    "RolledBackError": RuntimeError,
    "IncompleteError": RuntimeError,
    "UnsupportedError": NotImplementedError,
    "BugError": AssertionError,
}
classes = pytest.mark.parametrize("name", BUILTIN_OF)


@classes
def test_each_class_is_csnets_error_and_the_builtin_that_one_expects(name: str) -> None:
    cls = getattr(csnet, name)
    assert issubclass(cls, csnet.Error)
    assert issubclass(cls, BUILTIN_OF[name])
    with pytest.raises(BUILTIN_OF[name], match="^NetworkManager: no$"):
        raise cls("NetworkManager: no")


def test_every_kind_has_one_class_and_every_class_one_kind() -> None:
    classes = [getattr(csnet, name) for name in BUILTIN_OF]
    assert [cls.kind for cls in classes] == list(csnet.ErrorKind)
    found = {name for name, value in vars(csnet).items() if inspect.isclass(value) and issubclass(value, csnet.Error)}
    assert found == {"Error", "FileError", "TransactionError", *BUILTIN_OF}


@classes
def test_an_error_survives_pickling_and_copying_with_all_that_it_says(name: str) -> None:
    error = getattr(csnet, name)("vlan 'eth0.100': no parent", subject="vlan 'eth0.100'", message="no parent",
                                 hint="add eth0")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert str(twin) == "vlan 'eth0.100': no parent"
        assert (twin.kind, twin.subject, twin.message, twin.hint) == (
            error.kind, "vlan 'eth0.100'", "no parent", "add eth0")


@pytest.mark.parametrize("outcome", list(csnet.TransactionOutcome))
def test_a_transactions_error_says_by_fields_what_became_of_the_host(outcome: csnet.TransactionOutcome) -> None:
    report = csnet.Report(id="1a2b3c4d", committed=outcome is csnet.TransactionOutcome.committed_incomplete)
    left = [("eth0 is not there", "nmcli connection up eth0")] * (outcome is not csnet.TransactionOutcome.rolled_back)
    kind = "rolled_back" if outcome is csnet.TransactionOutcome.rolled_back else "incomplete"
    error = _errors.make(kind, "s: m", "s", "m", "h", outcome=outcome.value, report=report, left=left)
    for twin in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert isinstance(twin, csnet.TransactionError)
        assert isinstance(twin, csnet.RolledBackError) is (outcome is csnet.TransactionOutcome.rolled_back)
        assert (twin.kind.value, twin.outcome, twin.report, list(twin.left)) == (kind, outcome, report, left)
    as_dict = csnet.as_dict(error)
    assert as_dict["outcome"] == outcome.value
    assert as_dict["left"] == [{"what": what, "command": command} for what, command in left]


def test_what_cpp_throws_arrives_with_kind_subject_and_hint() -> None:
    with pytest.raises(csnet.Error) as caught:
        csnet.Cidr("10.0.0.1")
    error = caught.value
    assert type(error) is csnet.InvalidError
    assert error.kind is csnet.ErrorKind.invalid
    assert str(error) == "'10.0.0.1': is not an address with its prefix"
    assert (error.subject, error.hint) == ("'10.0.0.1'", "write the prefix too, 10.0.0.1/24")
    assert str(error) == f"{error.subject}: {error.message}"


def test_an_error_and_an_enumerator_are_found_where_users_know_them() -> None:
    for value in (csnet.Error, csnet.InvalidError, csnet.ErrorKind, csnet.Severity, csnet.Cidr, csnet.BridgeProfile):
        assert value.__module__ == "csnet"
        assert pickle.loads(pickle.dumps(value)) is value


@pytest.mark.parametrize("member", [*csnet.ErrorKind, *csnet.Severity])
def test_an_enumerator_is_a_singleton_named_as_in_cpp(member: Any) -> None:
    assert pickle.loads(pickle.dumps(member)) is member
    assert member.name == member.value

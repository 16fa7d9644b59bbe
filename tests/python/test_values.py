"""Every value class: what its constructor takes, and that it prints, compares, copies and pickles as a value."""

import copy
import inspect
import pickle
from typing import Any, Dict, Type

import csnet
import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

classes = pytest.mark.parametrize("cls", strategies.VALUE_CLASSES, ids=strategies.name_of)
any_value = st.sampled_from(strategies.VALUE_CLASSES).flatmap(strategies.values)
thorough = settings(max_examples=150)


@thorough
@given(any_value)
def test_repr_is_the_constructor_that_makes_the_value(value: Any) -> None:
    assert eval(repr(value), dict(vars(csnet))) == value
    has_text_for_people = isinstance(value, (csnet.Plan, csnet.Finding, csnet.Step, csnet.Progress, csnet.Report))
    assert str(value) == repr(value) or has_text_for_people


@thorough
@given(any_value, st.sampled_from(range(pickle.HIGHEST_PROTOCOL + 1)))
def test_pickling_and_copying_give_an_equal_value(value: Any, protocol: int) -> None:
    for twin in (pickle.loads(pickle.dumps(value, protocol)), copy.copy(value), copy.deepcopy(value)):
        assert type(twin) is type(value)
        assert twin == value
        assert hash(twin) == hash(value)


@thorough
@given(st.sampled_from(strategies.VALUE_CLASSES).flatmap(lambda cls: st.tuples(st.just(cls), strategies.keywords(cls))))
def test_properties_give_back_what_the_constructor_took(made_of: Any) -> None:
    cls, keywords = made_of
    value, unmentioned = cls(**keywords), cls()
    for field in cls.__match_args__:
        given = keywords.get(field, getattr(unmentioned, field))
        assert getattr(value, field) == (tuple(given) if isinstance(given, list) else given)
    assert unmentioned.replace(**keywords) == value
    assert unmentioned.__replace__(**keywords) == value  # what copy.replace() of Python 3.13 calls
    assert value.replace() == value
    assert (value == unmentioned) == (repr(value) == repr(unmentioned))


@classes
def test_what_is_left_out_has_the_default_of_the_signature(cls: Type[Any]) -> None:
    for name, parameter in inspect.signature(cls).parameters.items():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        if parameter.default is not Ellipsis:  # an enumerator cannot stand in a text signature
            assert getattr(cls(), name) == parameter.default
    assert list(inspect.signature(cls).parameters) == list(cls.__match_args__)


def test_the_recipe_has_the_manuals_defaults() -> None:
    recipe = csnet.ManagementNetwork()
    assert recipe.bridge == "cloudbr0"
    assert (recipe.bond_mode, recipe.bond_options) == ("802.3ad", {"lacp_rate": "fast", "miimon": "100"})
    assert csnet.Finding().severity is csnet.Severity.error


@classes
def test_a_value_cannot_be_changed(cls: Type[Any]) -> None:
    value = cls()
    for field in cls.__match_args__:
        with pytest.raises(AttributeError):
            setattr(value, field, getattr(value, field))
        with pytest.raises(AttributeError):
            delattr(value, field)
    with pytest.raises(AttributeError):
        value.something_else = 1


def test_a_list_that_a_property_gives_cannot_be_changed() -> None:
    state = csnet.HostState(profiles=[csnet.BridgeProfile(name="br0")])
    with pytest.raises(AttributeError, match="'tuple' object has no attribute 'append'"):
        state.profiles.append(csnet.BridgeProfile())  # type: ignore[attr-defined]
    assert state.profiles == (csnet.BridgeProfile(name="br0"),)


def test_changing_a_dict_that_a_property_gave_leaves_the_value_alone() -> None:
    bond = csnet.BondProfile(options={"miimon": "100"})
    assert bond.options is not None
    bond.options.clear()
    assert bond.options == {"miimon": "100"}


@classes
def test_an_unknown_keyword_is_refused_with_the_name_that_is_near(cls: Type[Any]) -> None:
    field = cls.__match_args__[0]
    wrong: Dict[str, Any] = {field + "x": None}
    for call, name in ((cls, cls.__name__), (cls().replace, f"{cls.__name__}.replace")):
        with pytest.raises(TypeError) as error:
            call(**wrong)
        assert str(error.value) == f"{name}() got an unexpected keyword argument '{field}x'; did you mean '{field}'?"
    with pytest.raises(TypeError, match="it takes " + field):
        cls(zzzzzz=1)


@classes
def test_positional_arguments_are_refused(cls: Type[Any]) -> None:
    with pytest.raises(TypeError, match=f"^{cls.__name__}.. takes keyword arguments only"):
        cls("cloudbr0")


@classes
def test_a_wrong_type_is_refused_with_the_fields_name(cls: Type[Any]) -> None:
    for field in cls.__match_args__:
        with pytest.raises(TypeError, match=f"^{cls.__name__}.{field}: <object object at .*> is not an? "):
            cls(**{field: object()})


def test_values_of_different_classes_are_never_equal() -> None:
    for one in strategies.VALUE_CLASSES:
        for other in strategies.VALUE_CLASSES:
            assert (one() == other()) == (one is other)
    assert csnet.BridgeProfile() != "BridgeProfile()"


@classes
def test_a_value_class_cannot_be_subclassed(cls: Type[Any]) -> None:
    with pytest.raises(TypeError):
        type("Mine", (cls,), {})


def test_a_pickle_holds_only_public_names_and_what_is_mentioned() -> None:
    text = pickle.dumps(csnet.VlanProfile(id=100), 0).decode()
    assert "csnet\nVlanProfile" in text
    assert "_csnet" not in text
    assert "parent" not in text

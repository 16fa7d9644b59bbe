"""The JSON Schema: made from csnet's own tables, current, and of one mind with load()."""

import json
from pathlib import Path
from typing import Any, Iterator, List

import csnet
import jsonschema
import pytest
import strategies
import yaml
from csnet.network_file import schema, tables
from hypothesis import given

_SHIPPED = Path(csnet.__file__).parent / "network-file.schema.json"
_FILES = Path(__file__).parent / "network_files"
_GOOD = sorted((_FILES / "good").iterdir())
# What is wrong with the form, and that a schema can tell.
_BAD_FORMS = """
    text_document list_document number_document unknown_key unknown_top_keys coming_keys old_words wrong_case_and_dash
    key_not_indented key_of_other_type no_value empty_management management_null management_text profiles_mapping
    profiles_text profile_text profile_without_type profile_unknown_type profile_type_list profile_team port_text
    port_without_type port_key_of_other_type scalar_for_list list_for_scalar mapping_for_list mapping_for_scalar
    ipv4_text options_list uplinks_key uplink_without_ports uplink_unknown_key probe_without_target vlan_too_large
    vlan_zero vlan_negative vlan_quoted vlan_word vlan_bool mtu_small stp_number stp_quoted stp_word
    address_without_prefix gateway_with_prefix mac_short port_priority priority_map bond_mode method_misspelt
    vlan_without_id vlan_without_parent
""".split()


def validator() -> Any:
    return jsonschema.Draft7Validator(json.loads(_SHIPPED.read_text(encoding="utf-8")))


def complaints(file: Any) -> List[str]:
    return [f"{list(error.path)}: {error.message}" for error in validator().iter_errors(file)]


def as_json(text: str) -> Any:
    """As JSON has it: keys are text."""
    return json.loads(json.dumps(yaml.safe_load(text)))


def test_the_shipped_schema_is_what_the_tables_say() -> None:
    assert _SHIPPED.read_text(encoding="utf-8") == schema.text(), (
        "python3 -m csnet.network_file.schema > python/csnet/network-file.schema.json")
    jsonschema.Draft7Validator.check_schema(schema.schema())


def _descriptions(node: Any, path: str = "") -> Iterator[str]:
    for name, value in node.get("properties", {}).items():
        if "const" not in value and "$ref" not in value:
            yield f"{path}.{name}" if not value.get("description") else ""


def test_every_key_has_a_description() -> None:
    missing = [found for name, definition in schema.schema()["definitions"].items()
               for found in _descriptions(definition, name) if found]
    assert missing == []


@pytest.mark.parametrize("path", _GOOD, ids=lambda path: str(path.name))
def test_a_good_file_has_the_right_form(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    assert complaints(json.loads(content) if path.suffix == ".json" else as_json(content)) == []


@pytest.mark.parametrize("name", _BAD_FORMS)
def test_a_bad_form_is_refused(name: str) -> None:
    assert complaints(as_json((_FILES / f"bad/{name}.yaml").read_text(encoding="utf-8"))) != []


@given(strategies.host_states())
def test_what_dump_writes_has_the_right_form(state: csnet.HostState) -> None:
    assert complaints(as_json(csnet.dump(state))) == []


@pytest.mark.parametrize("field", ["Ip4Config.method", "Ip6Config.method", "BondProfile.mode"])
def test_the_words_are_those_that_validate_knows(field: str) -> None:
    cls, name = field.split(".")

    def errors(word: str) -> List[str]:
        if cls == "BondProfile":
            state = csnet.HostState(profiles=[csnet.BondProfile(name="b", interface_name="b", mode=word)])
        else:
            made: Any = csnet.BridgeProfile(name="b", interface_name="b")
            made = made.replace(**{"ipv" + cls[2]: tables.CONFIGS[cls](method=word)})
            state = csnet.HostState(profiles=[made])
        return [each.hint for each in csnet.validate(state) if each.id == "unknown-word" and each.field.endswith(name)]

    words = schema.schema()["definitions"][cls]["properties"][name]["enum"]
    assert {word: errors(word) for word in words if errors(word)} == {}
    named = errors("nonsense-of-mine")[0].replace("use one of: ", "").split(", ")
    assert set(named) <= set(words) and len(named) == len([word for word in words if len(word) > 1])


def test_numbers_have_the_tables_ranges() -> None:
    definitions = schema.schema()["definitions"]
    for cls in tables.PROFILES.values():
        for name, field in tables.fields(cls.__name__).items():
            if field.least is not None:
                found = definitions[cls.__name__]["properties"][name]
                assert (found["minimum"], found["maximum"]) == (field.least, field.most)

"""The preset `pseudo` does what its suites rely on: other letters in texts for people, and the usual ones in names."""

import csnet
from pseudo_locale import ACTIVE, plain


def test_texts_for_people_are_in_another_alphabet_and_names_are_not() -> None:
    (finding,) = csnet.validate(csnet.HostState(profiles=[csnet.VlanProfile(
        name="v", interface_name="v", parent="eth0", id=4095)]))
    for text in (finding.message, finding.hint):
        assert (text != plain(text)) == (ACTIVE and text != "")
    assert (plain(finding.message), finding.field) == ("4095 is not a VLAN id (1 to 4094)", "id")
    assert finding.subject == "vlan 'v'"

"""Network files on the pages: each block of YAML is one and loads, and the reference of the keys is current."""

import csnet
import network_file_page
import pytest
from pages import Block, blocks


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_a_block_of_yaml_is_a_network_file(block: Block) -> None:
    state = csnet.loads(block.text, str(block))
    assert state != csnet.Request()


def test_the_reference_is_what_the_tables_say() -> None:
    shown = network_file_page.PAGE.read_text(encoding="utf-8")
    assert shown == network_file_page.page(), "PYTHONPATH=build/release/python python3 tests/docs/network_file_page.py"
    assert len(list(blocks("yaml"))) >= 3

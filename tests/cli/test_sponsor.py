"""`purse sponsor`: who acts for a sponsor, on a database of the test's own."""

import argparse

import pytest

from commonpurse.cli import sponsor
from commonpurse.errors import NotFound
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.services import sponsor_add
from tests.world import NOON

pytestmark = pytest.mark.django_db


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    parser = argparse.ArgumentParser()
    sponsor.add_arguments(parser)
    assert sponsor.run(parser.parse_args(words)) == 0
    return capsys.readouterr().out


def test_the_operator_appoints_lists_and_ends(capsys):
    sponsor_add(name="Hearth Trust", actor=SYSTEM, at=NOON)
    assert said(capsys, "list") == "Hearth Trust: nobody\n"
    said(capsys, "appoint", "Hearth Trust", "Sol@Example.org", "Sol")
    assert said(capsys, "list") == "Hearth Trust: sol@example.org\n"
    said(capsys, "end", "Hearth Trust", "sol@example.org")
    assert said(capsys, "list") == "Hearth Trust: nobody\n"
    with pytest.raises(NotFound, match="Nobody with this address"):
        said(capsys, "end", "Hearth Trust", "sol@example.org")
    with pytest.raises(NotFound, match="no such sponsor"):
        said(capsys, "appoint", "Nobody Trust", "sol@example.org", "Sol")

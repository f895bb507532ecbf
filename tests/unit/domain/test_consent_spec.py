"""docs/specs/consent.md says what the code does: its tables are read and compared."""

import re
from dataclasses import fields
from pathlib import Path
from uuid import UUID, uuid5

from domain.consent_receipt import Receipt, receipt_id
from domain.consent_terms import ConsentState
from domain.consent_transitions import TRANSITIONS
from domain.policies.withdrawal import FOLLOWS

SPEC = (Path(__file__).parents[3] / "docs" / "specs" / "consent.md").read_text("utf-8")
ROW = re.compile(r"^\| `([\w`, ]+)` \| (.+) \|$", re.MULTILINE)
COMPUTED = {"is_backdated", "purpose", "notice_version", "language", "digest"}


def rows(heading: str) -> dict[str, str]:
    section = SPEC.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return dict(ROW.findall(section))


def test_the_table_of_states_is_the_one_in_the_code() -> None:
    told = {
        ConsentState(state): {ConsentState(each) for each in re.findall(r"`(\w+)`", following)}
        for state, following in rows("States").items()
    }
    assert told == dict(TRANSITIONS)


def test_what_ends_with_each_purpose_is_what_the_code_ends() -> None:
    assert rows("What ends with a consent") == {
        purpose.value: follows.value for purpose, follows in FOLLOWS.items()
    }


def test_a_receipt_has_the_fields_that_are_told() -> None:
    told = {name for names in rows("Receipts") for name in re.split(r"`, `", names)}
    section = SPEC.partition("## Receipts")[2]
    assert told == ({each.name for each in fields(Receipt)} - {"words"}) | COMPUTED - {
        "is_backdated"
    }
    assert "`is_backdated`" in section


def test_a_receipt_is_named_as_it_is_told() -> None:
    ledger = UUID(int=7)
    assert receipt_id(ledger, 3) == uuid5(ledger, "receipt:3")

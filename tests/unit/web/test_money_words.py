from uuid import uuid4

import pytest

from api.records.funding_seen import Funding, invoice_shown
from api.records.invoice_csv import invoice_csv, safe_cell
from api.records.line_references import LENGTH, LETTERS, new_line_reference
from api.web.money_view import count, money
from domain.money import Money
from domain.organisation import Organisation
from projections.small_numbers import shown_count
from tests.unit.domain.builders import COORDINATOR, act
from tests.unit.domain.test_invoices import APRIL, MARCH, Story


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (22, 20)],
)
def test_a_count_is_hidden_below_ten_and_rounded_above(exact: int, shown: int | None) -> None:
    assert shown_count(exact) == shown


def test_a_hidden_count_reads_the_same_whether_it_is_none_or_nine() -> None:
    assert count(shown_count(0)) == count(shown_count(9)) == "fewer than 10"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Money(123_450), "£1,234.50"),
        (Money(-95_00), "−£95.00"),  # noqa: RUF001 - the sign that people read
        (Money(0, "EUR"), "€0.00"),
        (Money(9_500, "JPY"), "9,500 JPY"),
        (Money(9_500, "KWD"), "9.500 KWD"),
    ],
)
def test_money_is_told_exactly(amount: Money, words: str) -> None:
    assert money(amount) == words


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_field_of_a_csv_is_a_formula(start: str) -> None:
    assert safe_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    assert safe_cell(f"Fernley {start}") == f"Fernley {start}"


def test_an_invoice_as_csv_quotes_everything_and_tells_of_credits() -> None:
    story = Story()
    released = story.use(places=5)[0]
    story.bill(MARCH)
    del story.used[released]
    story.use(places=5)
    story.bill(APRIL)
    name = '=cmd|"calc"!A1'
    organisation = Organisation.register(uuid4(), name, act(COORDINATOR))
    text = invoice_csv(Funding(story.agreement, organisation), invoice_shown(story.agreement, 2))
    lines = text.splitlines()
    head = '"\'=cmd|""calc""!A1","2","2026-04"'
    money_told = '"95.00","GBP","not included"'
    assert lines[1] == f'{head},"session","A","2",{money_told}'
    assert lines[-1] == f'{head},"credit","F","1",{money_told}'
    assert len(lines) == 1 + 5 + 1


def test_references_are_plain_and_do_not_repeat() -> None:
    made = {new_line_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(each) == LENGTH and set(each) <= set(LETTERS) for each in made)

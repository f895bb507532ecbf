"""Each session used is billed once, nobody is singled out, and what is corrected late is credited."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.funding_agreement import FundingAgreement
from domain.funding_events import CreditReason
from domain.funding_invoices import (
    AgreementRunsOn,
    Bill,
    InvoicingIsOver,
    MonthIsNotClosed,
    MonthIsSettled,
    NothingToInvoice,
    TooFewToInvoice,
)
from domain.invoice import InvoiceIsPaid, NoSuchInvoice, NoSuchLine
from domain.money import Money
from domain.month import Month, NotAMonth
from domain.place import Place
from domain.values import Act
from tests.unit.domain.builders import COORDINATOR, act
from tests.unit.domain.test_funding_agreement import TERMS

MARCH, APRIL, MAY = (Month(date(2026, number, 1)) for number in (3, 4, 5))
REFERENCES = tuple("FEDCBAZYXWVUTSRQ")


class Story:
    """An agreement, and which sessions of which places stand as used."""

    def __init__(self) -> None:
        self.agreement = FundingAgreement.sign(
            uuid4(), organisation=uuid4(), terms=replace(TERMS, places=20), act=in_month(MARCH)
        )
        self.used: dict[UUID, UUID] = {}
        self.references: Iterator[str] = iter(REFERENCES)

    def use(self, places: int, each: int = 1) -> list[UUID]:
        new = {uuid4(): place for place in [uuid4() for _ in range(places)] for _ in range(each)}
        self.used |= new
        return list(new)

    def bill(self, month: Month, *, is_last: bool = False) -> None:
        bill = Bill(month, dict(self.used), lambda: next(self.references), is_last)
        self.agreement.raise_invoice(bill, in_month(month.next()))

    def end(self) -> None:
        self.agreement.end(in_month(MARCH))


def in_month(month: Month) -> Act:
    first = month.first_day
    return act(COORDINATOR, datetime(first.year, first.month, 3, 9, tzinfo=UTC))


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_month_is_billed_with_a_line_for_each_session_in_no_order_of_its_own(
    story: Story,
) -> None:
    sessions = story.use(places=5)
    story.bill(MARCH)
    invoice = story.agreement.invoice(1)
    assert [line.reference for line in invoice.lines] == ["B", "C", "D", "E", "F"]
    assert [line.session for line in invoice.lines] == sessions[::-1]
    assert (invoice.month, invoice.amount) == (MARCH, Money(5 * 95_00))


def test_what_fewer_than_five_places_used_waits_however_many_sessions_it_is(story: Story) -> None:
    story.use(places=4, each=3)
    with pytest.raises(TooFewToInvoice):
        story.bill(MARCH)
    assert story.agreement.invoices == []
    story.use(places=1)
    story.bill(APRIL)
    assert len(story.agreement.invoice(1).lines) == 13


def test_a_session_is_billed_once_and_numbers_have_no_gap(story: Story) -> None:
    first = story.use(places=5)
    story.bill(MARCH)
    with pytest.raises(TooFewToInvoice):
        story.bill(APRIL)
    second = story.use(places=5)
    story.bill(MAY)
    assert [each.number for each in story.agreement.invoices] == [1, 2]
    assert {line.session for line in story.agreement.invoice(2).lines} == set(second)
    assert story.agreement.billed.keys() == {*first, *second}


def test_the_same_reference_is_given_once_in_an_invoice(story: Story) -> None:
    story.use(places=5)
    story.references = iter("AABBCCDDEE")
    story.bill(MARCH)
    assert [line.reference for line in story.agreement.invoice(1).lines] == list("ABCDE")


def test_only_closed_months_are_billed_each_once_and_in_order(story: Story) -> None:
    story.use(places=5)
    bill = Bill(APRIL, story.used, lambda: next(story.references))
    with pytest.raises(MonthIsNotClosed):
        story.agreement.raise_invoice(bill, in_month(APRIL))
    with pytest.raises(MonthIsNotClosed):
        story.bill(Month(date(2026, 2, 1)))
    story.bill(APRIL)
    for month in (MARCH, APRIL):
        with pytest.raises(MonthIsSettled):
            story.bill(month)


def test_a_session_released_late_is_credited_on_the_next_invoice(story: Story) -> None:
    released = story.use(places=5)[0]
    story.bill(MARCH)
    del story.used[released]
    story.use(places=5)
    story.bill(APRIL)
    (credit,) = story.agreement.credits_on(2)
    assert (credit.number, credit.references) == (1, ("F",))
    assert credit.reason is CreditReason.SESSION_RELEASED
    assert story.agreement.due_on(1) == Money(5 * 95_00)
    assert story.agreement.due_on(2) == Money(4 * 95_00)


def test_a_session_released_and_then_used_after_all_is_billed_again(story: Story) -> None:
    session = story.use(places=5)[0]
    story.bill(MARCH)
    place = story.used.pop(session)
    story.use(places=5)
    story.bill(APRIL)
    story.used[session] = place
    story.use(places=5)
    story.bill(MAY)
    assert session in {line.session for line in story.agreement.invoice(3).lines}


def test_the_last_invoice_settles_all_and_nothing_comes_after_it(story: Story) -> None:
    story.use(places=1)
    with pytest.raises(AgreementRunsOn):
        story.bill(MARCH, is_last=True)
    story.end()
    story.bill(MARCH, is_last=True)
    assert story.agreement.due_on(1) == Money(95_00)
    with pytest.raises(InvoicingIsOver):
        story.bill(APRIL, is_last=True)


def test_there_is_no_last_invoice_about_nothing(story: Story) -> None:
    story.end()
    with pytest.raises(NothingToInvoice):
        story.bill(MARCH, is_last=True)


def test_an_invoice_has_one_price_the_lowest_since_the_one_before(story: Story) -> None:
    story.use(places=5)
    dearer = replace(story.agreement.terms, price=Money(120_00))
    story.agreement.amend(dearer, in_month(APRIL))
    story.bill(MAY)
    assert story.agreement.invoice(1).price == Money(95_00)
    story.use(places=5)
    story.bill(MAY.next())
    assert story.agreement.invoice(2).price == Money(120_00)


def test_an_agreement_can_be_signed_for_months_that_are_over_already(story: Story) -> None:
    late = replace(story.agreement.terms, ends_on=date(2026, 12, 31))
    story.agreement = FundingAgreement.sign(
        uuid4(), organisation=uuid4(), terms=late, act=in_month(MAY.next())
    )
    for month in (MARCH, APRIL):
        story.use(places=5)
        story.bill(month)
    assert story.agreement.invoice(2).price == Money(95_00)


def test_an_invoice_is_paid_once_with_what_it_asks_for(story: Story) -> None:
    story.use(places=5)
    story.bill(MARCH)
    story.agreement.credit_invoice(1, ("B", "D"), in_month(APRIL))
    story.agreement.pay_invoice(1, in_month(APRIL))
    paid = story.agreement.pending_events[-1]
    assert paid.amount == Money(3 * 95_00)  # type: ignore[attr-defined]  # - an event of payment
    with pytest.raises(InvoiceIsPaid):
        story.agreement.pay_invoice(1, in_month(APRIL))
    with pytest.raises(NoSuchInvoice):
        story.agreement.pay_invoice(2, in_month(APRIL))


@pytest.mark.parametrize("references", [(), ("B", "B"), ("B", "nowhere")])
def test_lines_are_credited_that_are_there(story: Story, references: tuple[str, ...]) -> None:
    story.use(places=5)
    story.bill(MARCH)
    with pytest.raises(NoSuchLine):
        story.agreement.credit_invoice(1, references, in_month(APRIL))


def test_a_waived_line_is_credited_once_and_never_billed_again(story: Story) -> None:
    story.use(places=5)
    story.bill(MARCH)
    story.agreement.credit_invoice(1, ("B",), in_month(APRIL))
    with pytest.raises(NoSuchLine):
        story.agreement.credit_invoice(1, ("B",), in_month(APRIL))
    story.use(places=5)
    story.bill(APRIL)
    waived = story.agreement.invoice(1).line("B").session
    assert waived not in {line.session for line in story.agreement.invoice(2).lines}


def test_a_place_knows_what_stood_as_used_at_a_moment() -> None:
    place, session, day = grant(3), uuid4(), timedelta(days=1)
    start = in_month(MARCH).at
    moments = [Act(COORDINATOR, start + number * day) for number in range(4)]
    place.reserve(session, moments[0])
    place.use(session, moments[1])
    place.give_back(session, moments[3])
    stood = [session in place.used_before(each.at) for each in moments]
    assert stood == [False, False, True, True]
    assert place.used_before(start + 4 * day) == frozenset()


def grant(sessions: int) -> Place:
    return Place.grant(uuid4(), agreement=uuid4(), sessions=sessions, act=in_month(MARCH))


def test_a_month_ends_at_midnight_in_its_zone() -> None:
    assert MARCH.ends_at("Europe/London").astimezone(UTC) == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert Month(date(2026, 12, 1)).next() == Month(date(2027, 1, 1))
    assert Month.at(datetime(2026, 3, 31, 23, tzinfo=UTC), "Europe/London") == APRIL
    with pytest.raises(NotAMonth):
        Month(date(2026, 3, 2))

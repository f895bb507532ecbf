"""Whoever's yes ends on a day is told two weeks and three days before, as long as it still does."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from domain.consent import ConsentLedger
from domain.notice import Words
from domain.policies.messages import NEEDED, Message, MessageKind
from domain.policies.still_wanted import is_still_wanted
from domain.policies.told import messages_of
from domain.values import Purpose
from tests.unit.domain.builders import CLERK, MONDAY, act

PERSON = uuid4()
OLD, NEW = (Words(Purpose.TAKE_PART, number, "en", b"d" * 32) for number in (1, 2))
CALENDAR = Words(Purpose.CALENDAR, 1, "en", b"c" * 32)
SOON, NOW = MessageKind.CONSENT_ENDS_SOON, MessageKind.CONSENT_ENDS_NOW
TWO_WEEKS, THREE_DAYS = timedelta(days=14), timedelta(days=3)
END = MONDAY + timedelta(days=100)


@pytest.fixture
def ledger() -> ConsentLedger:
    return ConsentLedger.open_for(PERSON, act(PERSON))


def given(ledger: ConsentLedger, ends_at: datetime | None = END) -> list[Message]:
    ledger.collect_events()
    ledger.give(OLD, act(PERSON), expires_at=ends_at)
    return endings(ledger)


def endings(ledger: ConsentLedger) -> list[Message]:
    """What is told of the end that the newest changes bring."""
    told = messages_of((ledger, fact) for fact in ledger.collect_events())
    return [each for each in told if each.kind in {SOON, NOW}]


def moments(told: list[Message]) -> list[tuple[MessageKind, datetime]]:
    return [(each.kind, each.not_before) for each in told]


def wanted(ledger: ConsentLedger, told: list[Message]) -> list[bool]:
    return [is_still_wanted(each, ledger, each.not_before) for each in told]


def test_the_person_is_told_two_weeks_and_three_days_before(ledger: ConsentLedger) -> None:
    told = given(ledger)

    assert moments(told) == [(SOON, END - TWO_WEEKS), (NOW, END - THREE_DAYS)]
    assert {each.to for each in told} == {PERSON}
    assert len({each.id for each in told}) == 2
    assert wanted(ledger, told) == [True, True]


def test_it_needs_no_consent_to_reminders_since_what_they_take_part_in_would_end() -> None:
    assert not {SOON, NOW} & NEEDED.keys()


@pytest.mark.parametrize(
    ("days", "kinds"), [(None, []), (2, []), (3, [NOW]), (13, [NOW]), (14, [SOON, NOW])]
)
def test_only_what_lies_ahead_is_told(
    ledger: ConsentLedger, days: int | None, kinds: list[MessageKind]
) -> None:
    ends_at = None if days is None else MONDAY + timedelta(days=days)

    assert [each.kind for each in given(ledger, ends_at)] == kinds


def test_of_an_end_that_was_put_off_nothing_is_told(ledger: ConsentLedger) -> None:
    told = given(ledger)
    ledger.renew(OLD, act(PERSON, MONDAY + timedelta(days=50)), expires_at=END + TWO_WEEKS)
    anew = endings(ledger)

    assert wanted(ledger, told) == [False, False]
    assert wanted(ledger, anew) == [True, True]


def test_of_what_was_withdrawn_or_is_over_nothing_is_told(ledger: ConsentLedger) -> None:
    told = given(ledger)
    assert not any(is_still_wanted(each, ledger, END) for each in told)
    ledger.withdraw(Purpose.TAKE_PART, act(PERSON, MONDAY + timedelta(days=1)))

    assert wanted(ledger, told) == [False, False]


def test_a_yes_to_replaced_words_ends_on_the_nearer_day_and_that_alone_is_told(
    ledger: ConsentLedger,
) -> None:
    told = given(ledger)
    renew_by = MONDAY + timedelta(days=30)
    ledger.ask_for_renewal(NEW, renew_by, act(CLERK))
    sooner = endings(ledger)

    assert moments(sooner) == [(SOON, renew_by - TWO_WEEKS), (NOW, renew_by - THREE_DAYS)]
    assert wanted(ledger, sooner) == [True, True]
    assert wanted(ledger, told) == [False, False]


def test_an_end_of_one_purpose_is_not_that_of_another_on_the_same_day(
    ledger: ConsentLedger,
) -> None:
    told = given(ledger)
    ledger.give(CALENDAR, act(PERSON), expires_at=END)
    others = endings(ledger)
    ledger.withdraw(Purpose.CALENDAR, act(PERSON))

    assert wanted(ledger, told) == [True, True]
    assert wanted(ledger, others) == [False, False]

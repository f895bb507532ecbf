from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.funding_agreement import (
    AgreementHasEnded,
    AgreementIsNotOver,
    AgreementNotInForce,
    CurrencyStays,
    FundingAgreement,
    NoFreeFunding,
    ProgrammeStays,
    Standing,
    TermsAreTheSame,
    TermsBelowAllotted,
    TooManyInvitations,
)
from domain.funding_terms import Terms, WrongTerms
from domain.money import Money, NotAnAmount, OtherCurrency
from domain.values import UnknownTimeZone
from tests.unit.domain.builders import COORDINATOR, MONDAY, act

BY = act(COORDINATOR)
STARTS, ENDS = date(2026, 3, 1), date(2026, 8, 31)
TERMS = Terms(UUID(int=7), 2, 3, Money(95_00), STARTS, ENDS)


def signed(**changes: Any) -> FundingAgreement:
    terms = replace(TERMS, **changes)
    return FundingAgreement.sign(uuid4(), organisation=uuid4(), terms=terms, act=BY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": 0},
        {"places": 1_001},
        {"sessions_per_place": 0},
        {"sessions_per_place": 4},
        {"price": Money(-1)},
        {"ends_on": STARTS - timedelta(days=1)},
        {"ends_on": date(2032, 1, 1)},
        {"late_notice_hours": -1},
        {"late_notice_hours": 169},
    ],
)
def test_terms_lie_within_bounds(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongTerms):
        replace(TERMS, **wrong)


def test_terms_name_a_zone_that_there_is() -> None:
    with pytest.raises(UnknownTimeZone):
        replace(TERMS, time_zone="Europe/Fernley")


@pytest.mark.parametrize("currency", ["gbp", "GB", "GBPX", "G£P"])
def test_money_names_a_currency(currency: str) -> None:
    with pytest.raises(NotAnAmount):
        Money(1, currency)


def test_money_of_two_currencies_is_never_added() -> None:
    assert Money(1) + Money(2) == Money(3)
    with pytest.raises(OtherCurrency):
        Money(1, "GBP") + Money(1, "EUR")
    with pytest.raises(NotAnAmount):
        Money(10_000_000_00).times(2)


def test_bought_is_free_and_allotted() -> None:
    agreement, place = signed(), uuid4()
    agreement.allot(place, 3, BY)
    assert (agreement.free, agreement.allotted) == (3, {place: 3})
    agreement.take_back(place, 2, BY)
    assert (agreement.free, agreement.allotted) == (5, {place: 1})


def test_no_more_is_allotted_than_was_bought_and_being_exhausted_is_recorded_once() -> None:
    agreement = signed()
    agreement.allot(uuid4(), 3, BY)
    with pytest.raises(NoFreeFunding):
        agreement.allot(uuid4(), 4, BY)
    agreement.allot(uuid4(), 3, BY)
    assert agreement.standing(MONDAY) is Standing.EXHAUSTED
    topics = [type(each).__name__ for each in agreement.collect_events()]
    assert topics.count("Exhausted") == 1


@pytest.mark.parametrize(
    ("at", "standing"),
    [
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), Standing.NOT_BEGUN),
        (datetime(2026, 3, 1, tzinfo=UTC), Standing.IN_FORCE),
        # The last day ends at midnight in London, which is an hour earlier in summer.
        (datetime(2026, 8, 31, 22, 59, tzinfo=UTC), Standing.IN_FORCE),
        (datetime(2026, 8, 31, 23, tzinfo=UTC), Standing.OVER),
    ],
)
def test_where_an_agreement_stands_follows_the_calendar_of_its_zone(
    at: datetime, standing: Standing
) -> None:
    agreement = signed()
    assert agreement.standing(at) is standing
    if standing is not Standing.IN_FORCE:
        with pytest.raises(AgreementNotInForce):
            agreement.allot(uuid4(), 1, act(COORDINATOR, at))


def test_an_exhausted_agreement_is_renewed_with_more_places() -> None:
    agreement = signed(places=1)
    agreement.allot(uuid4(), 3, BY)
    agreement.amend(replace(TERMS, places=2, ends_on=date(2027, 8, 31)), BY)
    assert agreement.standing(MONDAY) is Standing.IN_FORCE
    assert agreement.free == 3


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (TERMS, TermsAreTheSame),
        (replace(TERMS, programme=uuid4()), ProgrammeStays),
        (replace(TERMS, price=Money(95_00, "EUR")), CurrencyStays),
        (replace(TERMS, places=1), TermsBelowAllotted),
    ],
)
def test_an_agreement_is_not_amended_into_what_it_cannot_be(
    terms: Terms, refusal: type[Exception]
) -> None:
    agreement = signed()
    for _ in range(2):
        agreement.allot(uuid4(), 2, BY)
    with pytest.raises(refusal):
        agreement.amend(terms, BY)


def test_an_agreement_ends_once_and_is_changed_no_more() -> None:
    agreement = signed()
    agreement.end(BY)
    assert agreement.standing(MONDAY) is Standing.ENDED
    for refused in (lambda: agreement.end(BY), lambda: agreement.end_when_over(BY)):
        with pytest.raises(AgreementHasEnded):
            refused()
    with pytest.raises(AgreementHasEnded):
        agreement.amend(replace(TERMS, places=9), BY)
    with pytest.raises(AgreementNotInForce):
        agreement.allot(uuid4(), 1, BY)


def test_an_agreement_is_over_when_its_last_day_is() -> None:
    agreement = signed()
    with pytest.raises(AgreementIsNotOver):
        agreement.end_when_over(act(COORDINATOR, datetime(2026, 8, 31, 12, tzinfo=UTC)))
    agreement.end_when_over(act(COORDINATOR, datetime(2026, 9, 1, 12, tzinfo=UTC)))
    assert agreement.ended_for is not None


def test_there_are_as_many_invitations_as_places() -> None:
    agreement, first = signed(), uuid4()
    agreement.invite(first, BY)
    agreement.invite(uuid4(), BY)
    with pytest.raises(TooManyInvitations):
        agreement.invite(uuid4(), BY)
    agreement.retire_invitation(first, BY)
    agreement.invite(uuid4(), BY)

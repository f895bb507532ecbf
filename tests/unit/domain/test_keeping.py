"""On which day a record ends: whole days of the wall's calendar, announced thirty days before, put off by whoever is heard of."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands.erasures import hold_erasure, lift_hold, request_erasure, take_back_erasure
from domain.commands.keeping import announce_end, end_record, put_off_end
from domain.commands.people import register_person
from domain.consent import ConsentLedger
from domain.erasure import Erasure, ErasureIsAsked, ErasureIsHeld, ErasureStage, HoldReason
from domain.mentoring import Mentoring, Order
from domain.person import Person
from domain.person_ending import (
    AnnouncedTooLate,
    EndIsAnnounced,
    EndIsNotDue,
    NoEndIsAnnounced,
    PersonIsErased,
)
from domain.policies.keeping import Heard, Periods, announced_end, day_of, end_of
from domain.policies.messages import MessageKind
from domain.policies.told import messages_of
from domain.values import Compartment, Role
from tests.unit.domain.builders import CLERK, MONDAY, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory
from tests.unit.domain.watched import order

PERSON = UUID(int=71)
YEARS = Periods(relationship=730, person=365)
A_MONTH = timedelta(days=30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("active_at", "days", "ends_on"),
    [
        # Half past midnight of British summer is the day before by universal time.
        (at("2026-06-30T23:30"), 1, date(2026, 7, 2)),
        (at("2026-06-30T22:59"), 1, date(2026, 7, 1)),
        # The day of 23 hours and the day of 25 each count as one.
        (at("2026-03-28T12:00"), 2, date(2026, 3, 30)),
        (at("2026-10-24T12:00"), 2, date(2026, 10, 26)),
        (at("2026-10-25T00:30"), 1, date(2026, 10, 26)),
        # A leap day counts; whoever was last heard of on one ends in a year without.
        (at("2028-02-28T09:00"), 1, date(2028, 2, 29)),
        (at("2028-02-29T09:00"), 365, date(2029, 2, 28)),
        (at("2027-02-28T09:00"), 366, date(2028, 2, 29)),
    ],
)
def test_a_period_is_of_whole_days_on_the_wall(
    active_at: datetime, days: int, ends_on: date
) -> None:
    assert end_of(Heard(active_at), Periods(relationship=1, person=days)) == ends_on


def test_the_longer_of_both_periods_counts() -> None:
    heard = Heard(at("2026-03-02T09:00"), closed_at=at("2026-02-02T09:00"))
    assert end_of(heard, Periods(relationship=730, person=365)) == date(2028, 2, 2)
    assert end_of(heard, Periods(relationship=31, person=365)) == date(2027, 3, 2)


@pytest.mark.parametrize(
    ("now", "announced"),
    [
        ("2027-01-30T23:59", None),
        ("2027-01-31T00:00", date(2027, 3, 2)),
        ("2027-03-01T12:00", date(2027, 3, 31)),
        ("2029-01-01T12:00", date(2029, 1, 31)),
    ],
)
def test_it_is_announced_thirty_days_before_and_never_for_sooner(
    now: str, announced: date | None
) -> None:
    assert announced_end(Heard(at("2026-03-02T09:00")), YEARS, at(now)) == announced


def known() -> Mentoring:
    mentoring = mentoring_in_memory()
    contact = sealed_for(PERSON, Compartment.CONTACT, "contact")
    register_person(mentoring, order(act(PERSON)), id=PERSON, contact=contact, roles=[Role.MENTEE])
    return mentoring


def by_clerk(days: float = 0) -> Order:
    return order(act(CLERK, MONDAY + timedelta(days=days)))


def announced(days: int = 30) -> Mentoring:
    mentoring = known()
    announce_end(mentoring, by_clerk(), person=PERSON, ends_on=day_of(MONDAY) + timedelta(days))
    return mentoring


def end(mentoring: Mentoring, days: float) -> None:
    end_record(mentoring, by_clerk(days), person=PERSON, receipt=uuid4())


def test_an_end_is_announced_once_and_a_month_before() -> None:
    with pytest.raises(AnnouncedTooLate):
        announced(29)
    mentoring = announced()
    with pytest.raises(EndIsAnnounced):
        announce_end(
            mentoring, by_clerk(), person=PERSON, ends_on=day_of(MONDAY) + timedelta(days=60)
        )


def test_whoever_it_is_about_is_told_by_mail_at_once() -> None:
    subject = known().load(Person, PERSON)
    subject.announce_end(day_of(MONDAY) + A_MONTH, act(CLERK))
    (fact,) = subject.collect_events()
    (message,) = messages_of([(subject, fact)])
    assert (message.kind, message.to) == (MessageKind.RECORD_ENDS, PERSON)


def test_on_its_day_and_not_before_the_record_ends_as_by_an_erasure() -> None:
    mentoring = announced()
    with pytest.raises(EndIsNotDue):
        end(mentoring, 29)
    end(mentoring, 30)

    assert mentoring.load(Person, PERSON).is_erased
    assert mentoring.load(ConsentLedger, ConsentLedger.id_of(PERSON)).is_closed
    erasure = mentoring.load(Erasure, Erasure.id_of(PERSON, 1))
    assert (erasure.stage, erasure.person) == (ErasureStage.GRANTED, PERSON)
    with pytest.raises(PersonIsErased):
        end(mentoring, 31)


def test_whoever_puts_it_off_keeps_everything() -> None:
    mentoring = announced()
    put_off_end(mentoring, order(act(PERSON)), person=PERSON)
    with pytest.raises(EndIsNotDue):
        end(mentoring, 400)
    with pytest.raises(NoEndIsAnnounced):
        put_off_end(mentoring, order(act(PERSON)), person=PERSON)


def test_nobody_ends_whose_wish_to_be_erased_is_held_or_undecided() -> None:
    mentoring, erasure = announced(), Erasure.id_of(PERSON, 1)
    request_erasure(mentoring, order(act(PERSON)), person=PERSON, receipt=uuid4())
    with pytest.raises(ErasureIsAsked):
        end(mentoring, 30)
    review_on = day_of(MONDAY) + timedelta(days=50)
    hold_erasure(
        mentoring, by_clerk(), erasure=erasure, reason=HoldReason.LEGAL_DUTY, review_on=review_on
    )
    with pytest.raises(ErasureIsHeld):
        end(mentoring, 30)
    lift_hold(mentoring, by_clerk(), erasure=erasure)
    take_back_erasure(mentoring, order(act(PERSON)), erasure=erasure)
    end(mentoring, 30)
    assert mentoring.load(Person, PERSON).is_erased

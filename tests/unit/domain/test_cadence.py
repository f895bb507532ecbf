"""Rule 6: hours and zone as agreed, weekly or monthly as agreed, one session for a pair in a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from domain.availability import Availability, DaysAway, Window
from domain.cadence import DayIsTaken, MonthIsTaken, WeekIsTaken
from domain.errors import DomainError
from domain.meeting import (
    Bounds,
    MeetingTerms,
    NotATimeForBoth,
    OutsideWorkingHours,
    Plan,
)
from domain.relationship_events import Cadence, Mode
from domain.session import (
    CancellationNotice,
    CancellationReason,
    CorrectionReason,
    Outcome,
    TooLateToReschedule,
)
from domain.values import TimeSpan
from domain.working_time import WorkingHours
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act, hour, plan

NO_REASON = CancellationReason.NO_REASON_GIVEN
SOME_MONDAY = datetime(2026, 3, 9, 10, tzinfo=UTC)
AUCKLAND = "Pacific/Auckland"


@pytest.fixture
def weekly() -> Pair:
    pair = Pair().active()
    pair.relationship.change_cadence(Cadence.WEEKLY, act(pair.mentee))
    return pair


@pytest.fixture
def monthly() -> Pair:
    return Pair().active()


def days_later(days: int, *, hours: int = 0) -> datetime:
    return SOME_MONDAY + timedelta(days=days, hours=hours)


@pytest.mark.parametrize("days", [1, 4])
def test_rule_6_a_weekly_pair_meets_once_from_monday_to_sunday(weekly: Pair, days: int) -> None:
    weekly.with_session(SOME_MONDAY)
    with pytest.raises(WeekIsTaken):
        weekly.with_session(days_later(days))
    weekly.with_session(days_later(7))


def test_rule_6_days_about_new_year_are_one_week(weekly: Pair) -> None:
    weekly.with_session(datetime(2026, 12, 31, 10, tzinfo=UTC))
    with pytest.raises(WeekIsTaken):
        weekly.with_session(datetime(2027, 1, 1, 10, tzinfo=UTC))
    weekly.with_session(datetime(2027, 1, 4, 10, tzinfo=UTC))


def test_rule_6_a_monthly_pair_meets_once_in_a_calendar_month(monthly: Pair) -> None:
    monthly.with_session(SOME_MONDAY)
    with pytest.raises(MonthIsTaken):
        monthly.with_session(days_later(22))
    monthly.with_session(days_later(23))


def test_rule_6_the_day_is_named_where_it_is_the_day_that_is_taken(monthly: Pair) -> None:
    monthly.with_session(SOME_MONDAY)
    with pytest.raises(DayIsTaken):
        monthly.with_session(days_later(0, hours=3))


@pytest.mark.parametrize(
    ("outcome", "frees"),
    [
        (Outcome.HELD, False),
        (Outcome.MENTEE_ABSENT, False),
        (Outcome.MENTOR_ABSENT, True),
        (Outcome.CANCELLED, True),
        (Outcome.CANCELLED_LATE_BY_MENTEE, True),
    ],
)
def test_rule_6_a_cancelled_session_and_one_the_mentor_missed_free_their_week(
    weekly: Pair, outcome: Outcome, *, frees: bool
) -> None:
    session = weekly.with_session(SOME_MONDAY)
    weekly.relationship.record_absence(
        session, who=weekly.mentee, act=act(weekly.mentor, days_later(0, hours=1))
    )
    if outcome is not Outcome.MENTEE_ABSENT:
        weekly.relationship.correct_attendance(
            session,
            outcome=outcome,
            reason=CorrectionReason.RECORDED_IN_ERROR,
            act=act(COORDINATOR, days_later(0, hours=1)),
        )
    weekly.at = days_later(0, hours=1)
    if frees:
        weekly.with_session(days_later(2))
    else:
        with pytest.raises(WeekIsTaken):
            weekly.with_session(days_later(2))


def test_rule_6_a_session_moves_within_its_own_week_and_into_a_free_one(weekly: Pair) -> None:
    session, other = weekly.with_session(SOME_MONDAY), weekly.with_session(days_later(7))
    weekly.relationship.reschedule_session(session, plan(days_later(3)), act(weekly.mentor))
    with pytest.raises(WeekIsTaken):
        weekly.relationship.reschedule_session(other, plan(days_later(1)), act(weekly.mentor))


def test_rule_6_a_pair_that_agrees_to_meet_weekly_may_do_so_at_once(monthly: Pair) -> None:
    monthly.with_session(SOME_MONDAY)
    monthly.relationship.change_cadence(Cadence.WEEKLY, act(monthly.mentor))
    monthly.with_session(days_later(7))


def within(terms: MeetingTerms, starts_at: datetime) -> Plan:
    return Plan(hour(starts_at), bounds=Bounds(terms))


def test_rule_6_days_and_weeks_are_those_of_the_agreed_zone(weekly: Pair) -> None:
    """Sunday evening in London is Monday morning in Auckland, where the pair's week begins."""
    terms = MeetingTerms(WorkingHours(days=frozenset(range(7))), AUCKLAND)
    sunday_evening = datetime(2026, 3, 8, 21, tzinfo=UTC)
    for starts_at in (sunday_evening, sunday_evening - timedelta(days=1)):
        weekly.relationship.schedule_session(
            uuid4(), within(terms, starts_at), act(weekly.mentee, MONDAY)
        )
    with pytest.raises(WeekIsTaken):
        weekly.relationship.schedule_session(
            uuid4(), within(terms, sunday_evening + timedelta(days=4)), act(weekly.mentee)
        )


def test_rule_6_hours_are_those_of_the_agreed_zone_whatever_zone_a_session_is_told_in(
    monthly: Pair,
) -> None:
    terms = MeetingTerms(time_zone=AUCKLAND)
    told = TimeSpan(SOME_MONDAY, SOME_MONDAY + timedelta(hours=1), AUCKLAND)
    for refused in (within(terms, SOME_MONDAY), Plan(told, bounds=Bounds(terms))):
        with pytest.raises(OutsideWorkingHours):
            monthly.relationship.schedule_session(uuid4(), refused, act(monthly.mentee))
    monthly.relationship.schedule_session(uuid4(), Plan(told), act(monthly.mentee))


def test_rule_6_a_session_lies_where_both_can_meet(monthly: Pair) -> None:
    mornings = Availability("Europe/London", (Window(0, time(9), time(12)),))
    away = Availability("Europe/London", (), (DaysAway(date(2026, 3, 9), date(2026, 3, 9)),))
    for said in ((mornings, away), (away, mornings)):
        refused = replace(plan(SOME_MONDAY), bounds=Bounds(said=said))
        with pytest.raises(NotATimeForBoth):
            monthly.relationship.schedule_session(uuid4(), refused, act(monthly.mentee))
    suits = replace(plan(days_later(7)), bounds=Bounds(said=(mornings, away)))
    monthly.relationship.schedule_session(uuid4(), suits, act(monthly.mentee))


def test_rule_6_listed_hours_are_those_that_can_be_planned(weekly: Pair) -> None:
    mornings = Availability("Europe/London", (Window(1, time(9), time(11)),))
    weekly.with_session(SOME_MONDAY)
    three_weeks = TimeSpan(MONDAY, MONDAY + timedelta(days=21), "Europe/London")

    listed = list(bookable(weekly, three_weeks, Bounds(said=(mornings,))))

    assert [f"{each.local_start:%d %H:%M}" for each in listed] == [
        f"{day} {clock}" for day in ("03", "17") for clock in ("09:00", "09:30", "10:00")
    ]


@pytest.mark.parametrize("cadence", Cadence)
def test_rule_6_an_hour_is_listed_exactly_where_planning_it_is_not_refused(
    cadence: Cadence,
) -> None:
    pair = Pair().active()
    if cadence is Cadence.WEEKLY:
        pair.relationship.change_cadence(cadence, act(pair.mentee))
    pair.with_session(SOME_MONDAY)
    six_weeks = TimeSpan(MONDAY, MONDAY + timedelta(days=42), "Europe/London")

    listed = {each.starts_at for each in bookable(pair, six_weeks, Bounds())}

    starts = (MONDAY + timedelta(hours=each) for each in range(42 * 24))
    assert {each for each in starts if can_plan(pair, each)} == {
        each for each in listed if each.minute == 0
    }


def bookable(pair: Pair, between: TimeSpan, bounds: Bounds) -> Iterator[TimeSpan]:
    return pair.relationship.bookable_hours(between, bounds, act(pair.mentee, MONDAY))


def can_plan(pair: Pair, starts_at: datetime) -> bool:
    try:
        session = pair.with_session(starts_at)
    except DomainError:
        return False
    pair.relationship.cancel_session(session, NO_REASON, act(pair.mentor))
    return True


@pytest.mark.parametrize("hours", [0, 48, 168])
def test_rule_5_what_is_late_is_what_the_agreement_says(monthly: Pair, hours: int) -> None:
    terms = MeetingTerms(late_notice=timedelta(hours=hours))
    session = monthly.with_session(days_later(14))
    almost = days_later(14) - timedelta(hours=hours, seconds=-1)
    there = Plan(hour(days_later(21)), bounds=Bounds(terms))
    if hours:
        with pytest.raises(TooLateToReschedule):
            monthly.relationship.reschedule_session(session, there, act(monthly.mentee, almost))
    in_time = act(monthly.mentee, days_later(14) - timedelta(hours=hours or 1))
    monthly.relationship.cancel_session(session, NO_REASON, in_time, terms)
    assert notice_of(monthly) is CancellationNotice.IN_TIME


def notice_of(pair: Pair) -> CancellationNotice:
    notice: CancellationNotice = pair.relationship.pending_events[-1].notice  # type: ignore[attr-defined]  # - a cancellation has one
    return notice


def test_a_request_says_how_the_pair_meets() -> None:
    assert Pair().relationship.mode is Mode.VIRTUAL

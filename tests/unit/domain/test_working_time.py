from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotATimeSpan
from domain.proposal import HOME_ZONE, latest_expiry, nudge_due_at
from domain.values import TimeSpan
from domain.working_time import USUAL_HOURS, WorkingHours, after_working_days

LONDON = ZoneInfo("Europe/London")


def london(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


def span(day: str, starts: str, ends: str) -> TimeSpan:
    return TimeSpan(london(day, starts), london(day, ends), "Europe/London")


@pytest.mark.parametrize(
    ("day", "starts", "ends", "inside"),
    [
        pytest.param("2026-03-02", "08:00", "09:00", True, id="as the day opens"),
        pytest.param("2026-03-02", "07:59", "08:59", False, id="a minute early"),
        pytest.param("2026-03-02", "19:00", "20:00", True, id="as the day closes"),
        pytest.param("2026-03-02", "19:01", "20:01", False, id="a minute late"),
        pytest.param("2026-03-07", "10:00", "11:00", False, id="on a Saturday"),
        pytest.param("2026-07-06", "08:00", "09:00", True, id="at eight in summer, seven in UTC"),
        pytest.param("2026-07-06", "19:30", "20:30", False, id="too late in summer"),
    ],
)
def test_working_hours_follow_the_wall_clock(
    day: str, starts: str, ends: str, *, inside: bool
) -> None:
    assert USUAL_HOURS.contain(span(day, starts, ends)) is inside


def test_a_span_over_midnight_lies_in_no_working_day() -> None:
    whole_day = WorkingHours(opens=time(0), closes=time(23, 59))
    midnight = TimeSpan(london("2026-03-02", "23:30"), london("2026-03-03", "00:30"), HOME_ZONE)
    assert not whole_day.contain(midnight)


def test_a_span_across_a_clock_change_is_as_long_as_it_lasts() -> None:
    assert span("2026-03-29", "00:30", "02:30").length == timedelta(hours=1)
    assert span("2026-10-25", "00:30", "02:30").length == timedelta(hours=3)


def test_a_span_at_the_end_of_time_is_refused_in_words() -> None:
    west = timezone(timedelta(hours=-5))
    starts_at = datetime(9999, 12, 31, 22, tzinfo=west)
    with pytest.raises(NotATimeSpan):
        TimeSpan(starts_at, starts_at + timedelta(hours=1), HOME_ZONE)


def test_a_proposal_made_on_monday_expires_on_wednesday_of_the_next_week() -> None:
    assert latest_expiry(london("2026-03-02", "09:00")) == london("2026-03-11", "09:00")


def test_a_proposal_made_on_monday_is_nudged_on_thursday() -> None:
    assert nudge_due_at(london("2026-03-02", "09:00")) == london("2026-03-05", "09:00")


def test_working_days_keep_the_wall_clock_across_a_clock_change() -> None:
    before, after = london("2026-03-27", "09:00"), london("2026-03-30", "09:00")
    assert after_working_days(before, 1, time_zone=HOME_ZONE) == after
    assert after - before.astimezone(UTC) == timedelta(hours=71)


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    days=st.integers(1, 30),
)
def test_so_many_working_days_later_is_always_a_working_day(start: datetime, days: int) -> None:
    later = after_working_days(start, days, time_zone=HOME_ZONE)
    assert later.astimezone(LONDON).weekday() < 5
    assert timedelta(days=days, hours=-1) <= later - start <= timedelta(days=days * 7 / 5 + 3)

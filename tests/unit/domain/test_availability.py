from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.availability import (
    Availability,
    DaysAway,
    NotAnAvailability,
    NotAWindow,
    NotDaysAway,
    TooManyDaysAway,
    TooManyWindows,
    Window,
    free_hours,
)
from domain.errors import UnknownTimeZone
from domain.values import TimeSpan
from domain.working_time import USUAL_HOURS, WorkingHours

LONDON = "Europe/London"
EVERY_DAY = frozenset(range(7))
ALL_DAY = WorkingHours(time(0), time(23, 59), EVERY_DAY)
STORED = (
    '{"version":1,"time_zone":"Europe/London","windows":[[0,"09:00","12:30"],[3,"14:00","17:00"]],'
    '"away":[["2026-08-03","2026-08-14"]]}'
)
MONDAY_MORNING = Window(0, time(9), time(12, 30))
SAID = Availability(
    LONDON,
    (MONDAY_MORNING, Window(3, time(14), time(17))),
    (DaysAway(date(2026, 8, 3), date(2026, 8, 14)),),
)


def hour_from(moment: str, zone: str = LONDON) -> TimeSpan:
    starts_at = datetime.fromisoformat(moment)
    return TimeSpan(starts_at, starts_at + timedelta(hours=1), zone)


def at_night(weekday: int = 6) -> Availability:
    return Availability(LONDON, (Window(weekday, time(0, 30), time(3)),))


@pytest.mark.parametrize(
    ("starts_at", "suits"),
    [
        pytest.param("2026-03-02T09:00+00:00", True, id="as the hours begin"),
        pytest.param("2026-03-02T08:59+00:00", False, id="a minute early"),
        pytest.param("2026-03-02T11:30+00:00", True, id="until the hours end"),
        pytest.param("2026-03-02T11:31+00:00", False, id="a minute late"),
        pytest.param("2026-03-03T09:00+00:00", False, id="on another day of the week"),
        pytest.param("2026-06-01T08:00+00:00", True, id="at nine in summer, eight in UTC"),
        pytest.param("2026-06-01T11:30+00:00", False, id="past half twelve in summer"),
        pytest.param("2026-06-01T13:30+05:30", True, id="told in the clock of another zone"),
        pytest.param("2026-08-03T09:00+01:00", False, id="on the first day away"),
        pytest.param("2026-08-13T14:00+01:00", False, id="within the days away"),
        pytest.param("2026-08-17T09:00+01:00", True, id="after the days away"),
    ],
)
def test_hours_are_meant_by_the_wall_clock(starts_at: str, *, suits: bool) -> None:
    assert SAID.contains(hour_from(starts_at)) is suits
    assert SAID.contains(hour_from(starts_at, "Asia/Tokyo")) is suits


@pytest.mark.parametrize(
    ("starts_at", "suits"),
    [
        pytest.param("2026-03-29T00:00+00:00", False, id="before the hours begin"),
        pytest.param("2026-03-29T00:30+00:00", True, id="over the hour that does not exist"),
        pytest.param("2026-03-29T01:00+00:00", True, id="from two to three by the wall clock"),
        pytest.param("2026-03-29T01:01+00:00", False, id="past three by the wall clock"),
    ],
)
def test_an_hour_that_does_not_exist_is_in_no_window(starts_at: str, *, suits: bool) -> None:
    assert at_night().contains(hour_from(starts_at)) is suits


def test_an_hour_that_happens_twice_is_in_the_window_twice() -> None:
    window = Availability(LONDON, (Window(6, time(1), time(2)),))
    for first_or_second in ("2026-10-25T00:00+00:00", "2026-10-25T01:00+00:00"):
        assert window.contains(hour_from(first_or_second))
    assert window.contains(hour_from("2026-10-25T00:30+00:00"))


def test_a_window_that_the_clock_is_put_back_out_of_does_not_hold_the_hour() -> None:
    """From 01:45 the clock reaches 02:00, is put back to 01:00, and only then comes to 01:45 again."""
    window = Availability(LONDON, (Window(6, time(1, 30), time(3)),))
    assert not window.contains(hour_from("2026-10-25T00:45+00:00"))
    assert window.contains(hour_from("2026-10-25T01:30+00:00"))


def test_working_hours_too_hold_what_the_wall_clock_shows_all_through() -> None:
    night = WorkingHours(time(1, 30), time(3), EVERY_DAY)
    assert not night.contain(hour_from("2026-10-25T00:45+00:00"))
    assert night.contain(hour_from("2026-10-25T01:30+00:00"))


def test_who_names_no_hours_can_meet_at_any_but_on_days_away() -> None:
    anytime = replace(SAID, windows=())
    assert anytime.contains(hour_from("2026-03-01T23:30+00:00"))
    assert not anytime.contains(hour_from("2026-08-02T23:30+01:00"))
    assert anytime.contains(hour_from("2026-08-02T23:00+01:00"))
    assert anytime.contains(hour_from("2026-08-15T00:00+01:00"))


def test_hours_that_overlap_or_touch_are_one_stretch() -> None:
    pieces = (Window(0, time(11), time(12)), Window(0, time(9), time(10, 30)))
    joined = Availability(LONDON, (*pieces, Window(0, time(10), time(11)), Window(1, *MORNING)))
    assert joined.windows == (Window(0, time(9), time(12)), Window(1, *MORNING))
    assert joined.contains(hour_from("2026-03-02T10:30+00:00"))


MORNING = (time(9), time(12))


@pytest.mark.parametrize(
    ("weekday", "opens", "closes"),
    [
        (7, time(9), time(10)),
        (-1, time(9), time(10)),
        (0, time(10), time(10)),
        (0, time(22), time(2)),
        (0, time(9, 0, 1), time(10)),
        (0, time(9, tzinfo=UTC), time(10, tzinfo=UTC)),
    ],
)
def test_hours_that_are_none_are_refused(weekday: int, opens: time, closes: time) -> None:
    with pytest.raises(NotAWindow):
        Window(weekday, opens, closes)


@pytest.mark.parametrize("last", [date(2026, 8, 2), date(2027, 8, 4), date.max])
def test_days_away_that_are_none_are_refused(last: date) -> None:
    with pytest.raises(NotDaysAway):
        DaysAway(date(2026, 8, 3), last)


def test_more_than_anybody_says_is_refused() -> None:
    away = DaysAway(date(2026, 8, 3), date(2026, 8, 3))
    with pytest.raises(TooManyWindows):
        Availability(LONDON, (MONDAY_MORNING,) * 51)
    with pytest.raises(TooManyDaysAway):
        Availability(LONDON, (), (away,) * 51)


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownTimeZone):
        Availability("Europe/Atlantis")


def test_the_stored_form_never_changes() -> None:
    assert SAID.encode() == STORED
    assert Availability.decode(STORED) == SAID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        STORED.replace('"version":1', '"version":2'),
        STORED.replace("Europe/London", "Europe/Atlantis"),
        STORED.replace('"09:00"', '"09"'),
        STORED.replace('"09:00"', "9"),
        STORED.replace('"09:00"', '"19:00"'),
        STORED.replace('[0,"09', '[8,"09'),
        STORED.replace('[0,"09', '["0","09'),
        STORED.replace("2026-08-14", "2026-08-32"),
        STORED.replace("2026-08-14", "2026-08-02"),
        STORED.replace(',"away"', ', "away"'),
        STORED.replace('"version":1,', '"version":1,"more":1,'),
    ],
)
def test_what_is_no_availability_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotAnAvailability) as refused:
        Availability.decode(text)
    assert (refused.value.args, refused.value.__cause__) == ((), None)


def between(first: str, last: str, zone: str = LONDON) -> TimeSpan:
    return TimeSpan(datetime.fromisoformat(first), datetime.fromisoformat(last), zone)


def starts(*said: Availability, of: TimeSpan, hours: WorkingHours = USUAL_HOURS) -> list[str]:
    return [f"{each.local_start:%a %H:%M}" for each in free_hours(of, hours, said)]


def test_free_hours_suit_the_working_hours_and_everybody() -> None:
    week = between("2026-03-02T00:00+00:00", "2026-03-09T00:00+00:00")
    other = Availability(LONDON, (Window(0, time(10), time(11, 30)), Window(3, time(8), time(15))))
    assert starts(SAID, other, of=week) == ["Mon 10:00", "Mon 10:30", "Thu 14:00"]


def test_free_hours_of_two_zones_are_told_in_the_zone_that_was_asked_for() -> None:
    day = between("2026-03-02T00:00+00:00", "2026-03-03T00:00+00:00")
    india = Availability("Asia/Kolkata", (Window(0, time(14), time(16)),))
    nepal = Availability("Asia/Kathmandu", (Window(0, time(14), time(16)),))
    assert starts(india, of=day) == ["Mon 08:30", "Mon 09:00", "Mon 09:30"]
    assert starts(nepal, of=day) == ["Mon 08:30", "Mon 09:00"]


def test_free_hours_over_a_clock_change_skip_no_hour_and_repeat_the_one_that_happens_twice() -> (
    None
):
    spring = between("2026-03-29T00:00+00:00", "2026-03-29T02:00+00:00")
    autumn = between("2026-10-25T00:00+01:00", "2026-10-25T03:00+00:00")
    assert starts(of=spring, hours=ALL_DAY) == ["Sun 00:00", "Sun 00:30", "Sun 02:00"]
    assert starts(of=autumn, hours=ALL_DAY) == [
        "Sun 00:00",
        "Sun 00:30",
        "Sun 01:00",
        "Sun 01:30",
        "Sun 01:00",
        "Sun 01:30",
        "Sun 02:00",
    ]


def test_free_hours_begin_on_the_half_hour_after_the_moment_that_was_asked_for() -> None:
    odd = between("2026-03-02T09:00:00.000001+00:00", "2026-03-02T11:00+00:00")
    assert starts(of=odd) == ["Mon 09:30", "Mon 10:00"]


def test_where_nobody_said_anything_the_working_hours_are_free() -> None:
    weekend = between("2026-03-06T18:00+00:00", "2026-03-09T09:00+00:00")
    assert starts(of=weekend) == ["Fri 18:00", "Fri 18:30", "Fri 19:00", "Mon 08:00"]

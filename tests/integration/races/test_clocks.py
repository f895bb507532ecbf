"""Hours that happen twice or not at all, and a clock of the service that is put back: what was recorded keeps its order."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.match import done
from tests.meeting import LONDON, MeetingPair, MeetingScheme, hour_body, on_monday, refusal
from tests.scheme import Somebody

A_MINUTE = timedelta(minutes=1)
DAY_IS_TAKEN = "There is already a session on this day; choose another day, or move that session."
HAS_NOT_ENDED = "Attendance is recorded once the session has ended."
IN_THE_PAST = "The time must lie in the future."


@pytest.fixture
def pair(here: MeetingScheme) -> Iterator[MeetingPair]:
    here.clock.ahead = timedelta()
    made = here.meeting_at_any_hour()
    yield made
    made.require_balance()


def last_sunday(now: datetime, month: int) -> datetime:
    """Midnight by UTC of the next last Sunday of a month that is a week or more ahead."""
    for year in (now.year, now.year + 1):
        day = datetime(year, month, 31, tzinfo=UTC)
        day -= timedelta(days=(day.weekday() + 1) % 7)
        if day > now + timedelta(days=7):
            return day
    raise AssertionError


def schedule(pair: MeetingPair, by: Somebody, starts_at: datetime) -> Any:
    return by.post(f"{pair.path}/sessions", hour_body(starts_at))


def times_on(pair: MeetingPair, day: datetime, **more: str) -> list[str]:
    asked = {"from": str(day.date()), "to": str(day.date())} | more
    listed = done(pair.mentee.get(f"{pair.path}/sessions/times", params=asked))["hours"]
    return [each["starts_at"] for each in listed]


def test_an_hour_that_happens_twice_is_two_hours_of_one_day(pair: MeetingPair) -> None:
    night = last_sunday(pair.here.clock(), 10)
    pair.here.clock.set_to(night - timedelta(days=6))
    first, second = night + timedelta(minutes=30), night + timedelta(minutes=90)
    assert first.astimezone(LONDON).time() == second.astimezone(LONDON).time()
    offered = [each for each in times_on(pair, night) if "T01:30" in each]
    assert [datetime.fromisoformat(each) for each in offered] == [first, second]

    session = pair.plan(pair.mentee, first)
    assert refusal(schedule(pair, pair.mentor, second)) == (409, "day-is-taken", DAY_IS_TAKEN)
    done(pair.mentor.post(f"{pair.of(session)}/reschedule", hour_body(second)))

    pair.here.clock.set_to(first + timedelta(hours=1, minutes=1))
    early = pair.mentor.post(f"{pair.of(session)}/attendance", {"minutes": 60})
    assert refusal(early) == (409, "session-has-not-ended", HAS_NOT_ENDED)
    pair.over(session)
    done(pair.mentor.post(f"{pair.of(session)}/attendance", {"minutes": 60}))
    assert pair.session(session).span.starts_at == second


def test_an_hour_that_does_not_exist_is_not_offered(pair: MeetingPair) -> None:
    night = last_sunday(pair.here.clock(), 3)
    pair.here.clock.set_to(night - timedelta(days=6))

    offered = [each[11:16] for each in times_on(pair, night)]

    assert offered[:5] == ["00:00", "00:30", "02:00", "02:30", "03:00"]


def test_usual_hours_follow_the_wall_clock_over_the_change(here: MeetingScheme) -> None:
    here.clock.ahead = timedelta()
    pair = here.pair()
    pair.amend()
    for month in (3, 10):
        change = last_sunday(here.clock(), month)
        friday, monday = change - timedelta(days=2), change + timedelta(days=1)
        for day in (friday, monday):
            here.clock.set_to(change - timedelta(days=6))
            shown = times_on(pair, day)
            opens = datetime(day.year, day.month, day.day, 8, tzinfo=LONDON)
            assert (datetime.fromisoformat(shown[0]), shown[-1][11:16]) == (opens, "19:00")
        here.clock.ahead = timedelta()


def test_where_nobody_changes_clocks_the_agreed_zone_still_does(pair: MeetingPair) -> None:
    """A mentor in India says half hours of their own; the pair's hours move against them."""
    pair.amend(working_hours={"opens": "08:00", "closes": "20:00", "days": [0, 1, 2, 3, 4]})
    india = {"weekday": 0, "opens": "13:30", "closes": "15:00"}
    done(pair.mentor.put("/me/availability", {"time_zone": "Asia/Kolkata", "windows": [india]}))
    change = last_sunday(pair.here.clock(), 10)
    pair.here.clock.set_to(change - timedelta(days=10))

    summer, winter = (times_on(pair, change + timedelta(days=days)) for days in (-6, 1))

    assert [each[11:16] for each in summer] == ["09:00", "09:30"]
    assert [each[11:16] for each in winter] == ["08:00", "08:30"]
    for each in (*summer, *winter):
        shown = datetime.fromisoformat(each).astimezone(ZoneInfo("Asia/Kolkata"))
        assert f"{shown:%H:%M}" in {"13:30", "14:00"}


def test_a_clock_that_is_put_back_leaves_what_is_recorded_in_its_order(pair: MeetingPair) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    done(
        pair.mentor.post(
            f"{pair.of(session)}/reschedule", hour_body(on_monday(pair.here.clock(), 3))
        )
    )
    pair.here.clock.ahead -= 10 * A_MINUTE

    done(pair.mentee.post(f"{pair.of(session)}/cancellation", {}))

    history = done(pair.mentor.get(pair.of(session)))["history"]
    assert [each["what"] for each in history] == ["scheduled", "moved", "cancelled"]
    assert history[2]["recorded_at"] < history[0]["recorded_at"]
    assert pair.session(session).outcome == "cancelled"


def test_a_clock_that_is_put_back_settles_no_session_twice(pair: MeetingPair) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    pair.over(session)
    done(pair.mentor.post(f"{pair.of(session)}/attendance", {"minutes": 60}))
    pair.here.clock.ahead -= 30 * A_MINUTE

    again = pair.mentee.post(f"{pair.of(session)}/absence", {"who": "mentor"})
    late = pair.mentee.post(f"{pair.of(session)}/cancellation", {})

    settled = "This session is already recorded as held, missed or cancelled; look at it again."
    for answer in (again, late):
        assert refusal(answer) == (409, "session-is-settled", settled)
    done(pair.mentee.post(f"{pair.of(session)}/confirmation"))
    assert pair.session(session).is_confirmed


def test_what_is_not_over_by_the_clock_of_the_service_is_not_recorded(
    pair: MeetingPair,
) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    pair.here.clock.set_to(pair.session(session).span.ends_at - A_MINUTE)

    early = pair.mentor.post(f"{pair.of(session)}/attendance", {"minutes": 60})

    assert refusal(early) == (409, "session-has-not-ended", HAS_NOT_ENDED)
    past = schedule(pair, pair.mentee, pair.here.clock() - A_MINUTE)
    assert refusal(past) == (409, "in-the-past", IN_THE_PAST)


def test_a_consent_given_by_a_clock_that_was_ahead_does_not_count_before_its_time(
    here: MeetingScheme,
) -> None:
    """Nobody is planned for on a consent that, by the clock as it is now, is not given yet."""
    here.clock.ahead = timedelta()
    pair = here.pair()
    day = on_monday(here.clock(), 2)
    here.clock.ahead = -timedelta(hours=1)

    refused = schedule(pair, pair.mentee, day)

    sentence = "There is no live consent to this purpose."
    assert refusal(refused) == (409, "consent-is-not-live", sentence)
    here.clock.ahead = timedelta()
    done(schedule(pair, pair.mentee, day))
    pair.require_balance()

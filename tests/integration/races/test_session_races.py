"""Two people who do something about their sessions at once: the record stays whole, and each is told what holds."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.races.conftest import Crossroads
from tests.match import done
from tests.meeting import MeetingPair, MeetingScheme, hour_body, on_monday, refusal
from tests.scheme import Somebody

DAY_IS_TAKEN = "There is already a session on this day; choose another day, or move that session."
WEEK_IS_TAKEN = (
    "There is already a session in this week, and you meet weekly; choose another week, "
    "or move that session."
)
NOT_FOR_BOTH = "This is not a time that both have said they can meet; choose another."
SETTLED = "This session is already recorded as held, missed or cancelled; look at it again."
DISPUTED = "This attendance is already disputed; a coordinator will look at it."
CONFIRMED = (
    "Both of you have said that this record is right; if it is not, ask your coordinator to "
    "correct it."
)
NONE_LEFT = (
    "All sessions of this place are used or reserved; your coordinator can say whether there can be "
    "more."
)
OUTSIDE_HOURS = (
    "A session lies within the agreed working hours of one day; choose a time within them."
)

Call = Callable[[], Any]


@pytest.fixture
def pair(here: MeetingScheme) -> Iterator[MeetingPair]:
    here.clock.ahead = timedelta()
    made = here.pair()
    yield made
    made.require_balance()


def schedule(pair: MeetingPair, by: Somebody, starts_at: datetime, key: str | None = None) -> Call:
    headers = {"Idempotency-Key": key} if key else {}
    caller = pair.here.scheme.as_before(by)
    return partial(caller.post, f"{pair.path}/sessions", hour_body(starts_at), headers=headers)


def post(pair: MeetingPair, by: Somebody, session: UUID, what: str, body: Any = None) -> Call:
    caller = pair.here.scheme.as_before(by)
    return partial(caller.post, f"{pair.of(session)}/{what}", body)


def held_session(pair: MeetingPair) -> UUID:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 1))
    pair.over(session)
    done(pair.mentor.post(f"{pair.of(session)}/attendance", {"minutes": 60}))
    return session


def one_of(answers: list[Any]) -> tuple[Any, tuple[int, str, str]]:
    """What the one that was carried out answered, and how the other was refused."""
    (won,), (lost,) = (
        [each for each in answers if each.is_success],
        [each for each in answers if not each.is_success],
    )
    return won.json(), refusal(lost)


def sessions_of(pair: MeetingPair) -> list[UUID]:
    return list(pair.relationship().sessions)


def test_a_double_click_plans_one_session(pair: MeetingPair, crossroads: Crossroads) -> None:
    day, key = on_monday(pair.here.clock(), 1), uuid4().hex
    click = partial(schedule, pair, pair.mentee, day, key)

    first, second = crossroads.let_meet(click(), click())

    assert (first.status_code, first.text) == (201, second.text)
    assert sessions_of(pair) == [UUID(first.json()["made"])]
    assert pair.place().free == 2


def test_a_double_click_under_two_keys_plans_one_session_and_says_that_the_day_is_taken(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    day = on_monday(pair.here.clock(), 1)

    clicks = (schedule(pair, pair.mentee, day, uuid4().hex) for _ in range(2))

    won, lost = one_of(crossroads.let_meet(*clicks))

    assert lost == (409, "day-is-taken", DAY_IS_TAKEN)
    assert sessions_of(pair) == [UUID(won["made"])]


@pytest.mark.parametrize(
    ("days", "kind", "sentence"),
    [(0, "day-is-taken", DAY_IS_TAKEN), (2, "week-is-taken", WEEK_IS_TAKEN)],
)
def test_two_who_plan_in_one_week_at_once_get_one_session_and_a_reason(
    pair: MeetingPair, crossroads: Crossroads, days: int, kind: str, sentence: str
) -> None:
    now = pair.here.clock()
    other = on_monday(now, 1, hour=15, days=days)

    won, lost = one_of(
        crossroads.let_meet(
            schedule(pair, pair.mentee, on_monday(now, 1)), schedule(pair, pair.mentor, other)
        )
    )

    assert lost == (409, kind, sentence)
    assert sessions_of(pair) == [UUID(won["made"])]


def test_the_last_session_of_a_place_is_planned_once_from_both_sides(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    now = pair.here.clock()
    for weeks in (1, 2):
        pair.plan(pair.mentee, on_monday(now, weeks))

    won, lost = one_of(
        crossroads.let_meet(
            schedule(pair, pair.mentee, on_monday(now, 3)),
            schedule(pair, pair.mentor, on_monday(now, 4)),
        )
    )

    assert lost == (409, "no-sessions-left", NONE_LEFT)
    assert UUID(won["made"]) in sessions_of(pair)
    assert (pair.place().free, len(pair.place().reserved)) == (0, 3)


def test_who_confirms_while_the_other_disputes_is_told_which_of_both_holds(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    session = held_session(pair)

    _, lost = one_of(
        crossroads.let_meet(
            post(pair, pair.mentee, session, "confirmation"),
            post(pair, pair.mentor, session, "dispute", {}),
        )
    )

    known = pair.session(session)
    assert known.disputed is not known.is_confirmed
    assert lost == (
        (409, "already-disputed", DISPUTED)
        if known.disputed
        else (409, "already-confirmed", CONFIRMED)
    )
    assert pair.place().used == {session}


def test_who_records_what_the_other_records_differently_is_asked_to_look_again(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 1))
    pair.over(session)

    _, lost = one_of(
        crossroads.let_meet(
            post(pair, pair.mentor, session, "attendance", {"minutes": 60}),
            post(pair, pair.mentee, session, "absence", {"who": "mentor"}),
        )
    )

    assert lost == (409, "session-is-settled", SETTLED)
    done(pair.mentee.post(f"{pair.of(session)}/dispute", {}))


def test_who_moves_a_session_while_the_other_cancels_it_finds_it_cancelled(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    there = hour_body(on_monday(pair.here.clock(), 3))

    cancelled, moved = crossroads.let_meet(
        post(pair, pair.mentee, session, "cancellation", {}),
        post(pair, pair.mentor, session, "reschedule", there),
    )

    done(cancelled)
    if not moved.is_success:
        assert refusal(moved) == (409, "session-is-settled", SETTLED)
    assert pair.session(session).outcome == "cancelled"
    assert pair.place().free == 3


def test_two_who_move_a_session_at_once_move_it_one_after_the_other(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    session = pair.plan(pair.mentee, on_monday(pair.here.clock(), 2))
    first, second = (hour_body(on_monday(pair.here.clock(), weeks)) for weeks in (3, 4))

    for answer in crossroads.let_meet(
        post(pair, pair.mentee, session, "reschedule", first),
        post(pair, pair.mentor, session, "reschedule", second),
    ):
        done(answer)

    history = done(pair.mentee.get(pair.of(session)))["history"]
    assert [each["what"] for each in history] == ["scheduled", "moved", "moved"]
    assert pair.session(session).sequence == 2
    ends_where = history[-1]["starts_at"]
    assert pair.session(session).span.starts_at == datetime.fromisoformat(ends_where)


def test_days_away_that_are_said_meanwhile_undo_the_plan(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    day = on_monday(pair.here.clock(), 2)
    away = {"first": str(day.date()), "last": str(day.date())}
    body = {"time_zone": "Europe/London", "away": [away]}

    refused = crossroads.let_come_between(
        lambda: done(pair.mentor.put("/me/availability", body)),
        schedule(pair, pair.mentee, day),
    )

    assert refusal(refused) == (409, "not-a-time-for-both", NOT_FOR_BOTH)
    assert sessions_of(pair) == []


def test_terms_that_are_changed_meanwhile_undo_the_plan(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    afternoons = {"opens": "12:00", "closes": "20:00", "days": [0, 1, 2, 3, 4]}

    refused = crossroads.let_come_between(
        lambda: pair.amend(working_hours=afternoons),
        schedule(pair, pair.mentee, on_monday(pair.here.clock(), 2)),
    )

    assert refusal(refused) == (409, "outside-working-hours", OUTSIDE_HOURS)
    assert sessions_of(pair) == []


def test_two_mentees_who_plan_the_same_hour_with_one_mentor_at_once_get_one_session(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    other = pair.here.pair(mentor=pair.mentor)
    now = pair.here.clock()
    half_past = on_monday(now, 2) + timedelta(minutes=30)

    _, lost = one_of(
        crossroads.let_meet(
            schedule(pair, pair.mentee, on_monday(now, 2)),
            schedule(other, other.mentee, half_past),
        )
    )

    assert lost == (409, "not-a-time-for-both", NOT_FOR_BOTH)
    assert len(sessions_of(pair)) + len(sessions_of(other)) == 1
    for each in (pair, other):
        done(schedule(each, each.mentee, on_monday(now, 3, hour=9 if each is pair else 10))())
    other.require_balance()


def test_a_relationship_that_is_closed_meanwhile_takes_no_plan(
    pair: MeetingPair, crossroads: Crossroads
) -> None:
    refused = crossroads.let_come_between(
        lambda: done(pair.mentee.post(f"{pair.path}/closing", {"reason": "no_fault"})),
        schedule(pair, pair.mentor, on_monday(pair.here.clock(), 2)),
    )

    assert refusal(refused) == (409, "already-closed", "This relationship is closed.")
    assert sessions_of(pair) == []

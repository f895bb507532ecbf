"""Both of a pair and their coordinator at once, whatever comes to their minds: nothing is counted twice, and nobody waits for ever."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from tests.meeting import MeetingPair, MeetingScheme, hour_body, on_monday
from tests.scheme import Somebody

STEPS = 12
REFUSALS_SAY_WHY = 20
"""Characters: a refusal is a sentence, not a code."""


def test_whatever_three_do_at_once_each_session_is_counted_once(here: MeetingScheme) -> None:
    here.clock.ahead = timedelta()
    pair = here.pair()
    over = pair.plan(pair.mentee, on_monday(here.clock(), 1))
    pair.over(over)

    with ThreadPoolExecutor(3) as threads:
        people = (pair.mentee, pair.mentor, pair.coordinator)
        lives = [threads.submit(life, pair, who, seed) for seed, who in enumerate(people)]
        answers = [answer for each in lives for answer in each.result()]

    assert {each.status_code for each in answers} <= {200, 201, 403, 409}
    assert sum(each.is_success for each in answers) >= 3
    for each in answers:
        assert each.is_success or len(each.json()["detail"]) > REFUSALS_SAY_WHY
    pair.require_balance()
    turns = [each.span.starts_at for each in sessions(pair) if each.outcome is None]
    assert len({each.isocalendar()[:2] for each in turns}) == len(turns)


def sessions(pair: MeetingPair) -> list[Any]:
    return list(pair.relationship().sessions.values())


def life(pair: MeetingPair, who: Somebody, seed: int) -> list[Any]:
    """What one of them tries, one thing after the other."""
    caller, chance = pair.here.scheme.as_before(who), Random(seed)  # noqa: S311 - chance tells a story here, it keeps no secret
    return [chance.choice(list(tries(pair, caller, chance)))() for _ in range(STEPS)]


def tries(pair: MeetingPair, who: Somebody, chance: Random) -> Iterator[Callable[[], Any]]:
    session = chance.choice(sessions(pair)).id
    correction = {
        "outcome": chance.choice(["held", "mentor_absent", "mentee_absent"]),
        "reason": "recorded_in_error",
    }
    if who.id == pair.coordinator.id:
        yield lambda: who.post(f"{pair.of(session)}/correction", correction)
        return
    now = pair.here.clock()
    there = hour_body(on_monday(now, chance.randrange(1, 5), days=chance.randrange(5)))
    yield lambda: who.post(f"{pair.path}/sessions", there, headers={"Idempotency-Key": uuid4().hex})
    for what, body in (
        ("reschedule", there),
        ("cancellation", {}),
        ("attendance", {"minutes": 60}),
        ("absence", {"who": chance.choice(["mentee", "mentor"])}),
        ("confirmation", None),
        ("dispute", {}),
    ):
        yield lambda what=what, body=body: who.post(f"{pair.of(session)}/{what}", body)  # type: ignore[misc]  # - each of these binds its own

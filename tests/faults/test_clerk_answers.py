"""Rule 20 for answers that lead to nobody: the clerk destroys them with their keys, once their time is over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.clerk import Clerk
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, world
from tests.feedback import ended_pair, publish_words_for_feedback, say, slip_of
from tests.match import Match, done

PATIENCE_SECONDS = 60.0
LOT = 5
KEYS = """SELECT state, count(*) FROM keys.data_key
           WHERE compartment = 'personal' AND purpose = 'response' GROUP BY state"""


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        publish_words_for_feedback(made.now)
        yield made


def five_answers(of: World) -> Match:
    first = ended_pair(of.now)
    for made in (first, *(ended_pair(of.now, first.mentor) for _ in range(LOT - 1))):
        done(say(of.now, slip_of(made.mentee, made), heard="agree"))
    return first


def see_to(of: World, clerk: Clerk, days: float) -> int:
    """Let the clerk do what is due that many days from now; answer how many were forgotten by then."""
    clerk.reader.wait_for("evaluation", of.newest(), PATIENCE_SECONDS)
    clock = clerk.parts.clock
    later = replace(clerk.parts, clock=lambda: clock() + timedelta(days=days))
    for _ in range(2):
        replace(clerk, parts=later).see_to_duties()
    return len(of.times("feedback.forgotten"))


def test_answers_are_destroyed_after_their_period_and_their_keys_with_them(of: World) -> None:
    five_answers(of)
    with read_models_of(of), of.clerk() as (clerk, _):
        assert see_to(of, clerk, 1094.9) == 0
        assert of.rows(KEYS) == [("live", LOT)]
        assert see_to(of, clerk, 1095.1) == LOT
    assert of.rows(KEYS) == [("destroyed", LOT)]

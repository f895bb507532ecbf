"""The clerk passes an event only when nothing is left to do for it, and damage holds back no other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.clerk import Clerk
from crypto.errors import HeadMoved
from domain.mentoring import Mentoring, Order, Recorded
from domain.relationship_events import RelationshipEvents as Happened
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, withdraw, world

FLIP = """
    UPDATE record.event SET state = set_byte(state, 40, get_byte(state, 40) # 1)
     WHERE originator_id = %s AND topic = %s
"""
HIDE = "UPDATE keys.data_key SET purpose = 'hidden' WHERE owner = %s AND purpose = 'stream'"
SHOW = "UPDATE keys.data_key SET purpose = 'stream' WHERE owner = %s AND purpose = 'hidden'"
STOP = """
    UPDATE read.position SET stopped_at = now(), stopped_position = position + 1,
           stopped_reason = 'unreadable'
     WHERE name = 'participation'
"""
PATIENCE_SECONDS = 30.0


class Crowded(Mentoring):
    """The application while somebody else is always first."""

    def commit(self, _order: Order, *_changed: Any, **_read: Any) -> Recorded:
        raise HeadMoved


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


def closed(of: World) -> set[Any]:
    return set(of.times(Happened.Closed.TOPIC))


def test_a_withdrawal_that_others_get_in_the_way_of_is_held_and_done_later(of: World) -> None:
    first, second = of.meeting(), of.meeting()
    with read_models_of(of), of.clerk() as (clerk, session):
        position = withdraw(first.mentee)
        crowded = Crowded(clerk.parts.mapper, clerk.parts.recorder)
        replace(clerk, parts=replace(clerk.parts, mentoring=crowded)).catch_up(session)
        assert of.seen() == position - 1
        withdraw(second.mentee)
        clerk.catch_up(session)
        assert closed(of) == {first.relationship, second.relationship}
        assert of.seen() >= position


def test_a_key_that_is_not_there_holds_its_event_and_no_other(of: World) -> None:
    first, second = of.meeting(), of.meeting()
    with read_models_of(of), of.clerk() as (clerk, session):
        position = withdraw(first.mentee)
        withdraw(second.mentee)
        clerk.reader.wait_for("participation", of.newest(), PATIENCE_SECONDS)
        of.rows(HIDE, [first.relationship])
        clerk.catch_up(session)
        assert closed(of) == {second.relationship}
        assert of.seen() == position - 1
        of.rows(SHOW, [first.relationship])
        clerk.catch_up(session)
        assert closed(of) == {first.relationship, second.relationship}
        assert of.seen() > position


def test_a_relationship_whose_record_is_damaged_is_alarmed_about_and_passed(
    of: World, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = of.meeting(), of.meeting()
    with read_models_of(of), of.clerk() as (clerk, session):
        withdraw(first.mentee)
        withdraw(second.mentee)
        clerk.reader.wait_for("participation", of.newest(), PATIENCE_SECONDS)
        of.rows(FLIP, [first.relationship, Happened.Matched.TOPIC])
        clerk.catch_up(session)
        clerk.catch_up(session)
    assert closed(of) == {second.relationship}
    assert of.seen() >= of.newest() - 5
    alarms = [line for line in capsys.readouterr().out.splitlines() if "damaged" in line]
    assert len(alarms) == 1
    assert str(first.relationship) in alarms[0]


def test_a_read_model_that_stands_still_keeps_no_withdrawal_from_taking_effect(of: World) -> None:
    with read_models_of(of), of.clerk() as (clerk, session):
        first = of.meeting()
        clerk.reader.wait_for("participation", of.newest(), PATIENCE_SECONDS)
        of.rows(STOP)
        second = of.meeting()
        for leaver in (first.mentor, second.mentor):
            withdraw(leaver)
        clerk.catch_up(session)
    assert closed(of) == {first.relationship, second.relationship}


def test_two_clerks_that_act_at_the_same_moment_act_once(of: World) -> None:
    overdue, match = of.overdue(), of.meeting()
    with read_models_of(of), of.clerk() as (one, its), of.clerk() as (other, others):
        withdraw(match.mentee)
        one.reader.wait_for("deadlines", of.newest(), PATIENCE_SECONDS)
        with ThreadPoolExecutor(2) as pool:
            ends = [
                pool.submit(work, clerk, session)
                for clerk, session in ((one, its), (other, others))
            ]
        for each in ends:
            each.result()
    assert of.times(Happened.Closed.TOPIC) == {match.relationship: 1}
    assert of.times(Happened.SessionCancelled.TOPIC) == {match.relationship: 2}
    assert of.times(Happened.ProposalExpired.TOPIC) == {overdue.relationship: 1}


def work(clerk: Clerk, session: Any) -> None:
    clerk.catch_up(session)
    clerk.see_to_duties()

"""The reader answers ready documents in pages, and waits for a position on a notification."""

import json
from datetime import timedelta
from threading import Thread
from time import monotonic
from uuid import uuid4

import psycopg
import pytest

from api.event_log import EventLog
from domain.policies.quiet import Due
from domain.proposal import nudge_due_at
from domain.relationship_state import Stage as RelationshipStage
from projections.participation import ListedPart
from projections.reader import Cursor, NotBuiltYet, NotYet, Reader
from tests.integration.projections.history import BEGINNING, WORDS, History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage


def show(stage: Stage, history: History, log: EventLog, reader: Reader) -> None:
    with stage.running(log):
        for name in ("pipeline", "my_mentoring", "participation", "deadlines"):
            reader.wait_for(name, history.position, PATIENCE_SECONDS)


def ids(documents: tuple[str, ...]) -> list[str]:
    return [json.loads(document)["id"] for document in documents]


def test_pages_hold_every_relationship_once_in_the_order_of_requests(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    requested = [str(history.request().id) for _ in range(7)]
    show(stage, history, log, reader)
    cursor, seen = Cursor(), []
    while cursor is not None:
        page = reader.pipeline(after=cursor, most=3)
        seen.append(ids(page.documents))
        cursor = page.next
    assert seen == [requested[:3], requested[3:6], requested[6:]]
    assert reader.pipeline(most=7).next is None


def test_a_page_can_be_of_one_stage(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, first, second, third = history.mentor(), *(history.request() for _ in range(3))
    for told in (first, third):
        history.propose(told, mentor)
    show(stage, history, log, reader)
    page = reader.pipeline(stage=RelationshipStage.PROPOSED, most=1)
    assert ids(page.documents) == [str(first.id)]
    page = reader.pipeline(stage=RelationshipStage.PROPOSED, most=1, after=page.next)
    assert ids(page.documents) == [str(third.id)]
    assert page.next is None
    assert ids(reader.pipeline(stage=RelationshipStage.REQUESTED).documents) == [str(second.id)]
    counts = reader.pipeline_counts()
    assert (counts[RelationshipStage.PROPOSED], counts[RelationshipStage.CLOSED]) == (2, 0)


def test_a_mentee_sees_their_own_and_an_outsider_nothing(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    told, other = history.request(), history.request()
    show(stage, history, log, reader)
    assert [own.relationship for own in reader.my_mentoring(told.mentee)] == [told.id]
    assert [own.relationship for own in reader.my_mentoring(other.mentee)] == [other.id]
    assert reader.my_mentoring(uuid4()) == ()
    assert reader.pipeline_row(uuid4()) is None


def test_participation_lists_a_proposed_mentor_only_while_the_proposal_is_open(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    first, second, told = history.mentor(), history.mentor(), history.request()
    history.propose(told, first)
    history.propose(told, second)
    with stage.running(log):
        reader.wait_for("participation", history.position, PATIENCE_SECONDS)
        assert reader.open_relationships(first) == []
        assert reader.open_relationships(second) == [told.id]
        history.accept(told, told.mentee)
        history.accept(told, second)
        reader.wait_for("participation", history.position, PATIENCE_SECONDS)
    assert {(each.person, each.part) for each in reader.participation_in(told.id)} == {
        (told.mentee, ListedPart.MENTEE),
        (second, ListedPart.MENTOR),
    }


def test_a_deadline_is_due_at_its_moment_and_gone_once_it_is_moot(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), history.request()
    history.propose(told, mentor)
    proposal = history.load(told).open_proposal
    with stage.running(log):
        reader.wait_for("deadlines", history.position, PATIENCE_SECONDS)
        nudge_at = nudge_due_at(proposal.proposed_at)
        assert reader.due_deadlines(nudge_at - timedelta(microseconds=1)) == []
        [due] = reader.due_deadlines(nudge_at)
        assert (due.proposal, due.version, due.what) == (
            proposal.id,
            proposal.version,
            Due.PROPOSAL_NUDGED,
        )
        history.accept(told, told.mentee)
        history.accept(told, mentor)
        reader.wait_for("deadlines", history.position, PATIENCE_SECONDS)
    [silence] = reader.due_deadlines(BEGINNING + timedelta(days=999))
    assert (silence.proposal, silence.what) == (None, Due.SILENCE_NUDGED)


def test_the_pipeline_holds_nothing_sealed_and_no_words(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.tell(40)
    show(stage, history, log, reader)
    contents = stage.contents()
    for table in ("pipeline", "pipeline_place", "participation", "deadlines"):
        assert "ciphertext" not in str(contents[table])
    assert "ciphertext" in str(contents["my_mentoring"])
    assert WORDS.split()[0] not in str(contents)


def test_waiting_ends_when_the_position_comes_and_asks_nothing_meanwhile(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.mentor()
    with stage.running(log):
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)
        awaited, asked = history.position + 1, last_question(stage)
        reached: list[int] = []

        def wait() -> None:
            reader.wait_for("pipeline", awaited, PATIENCE_SECONDS)
            reached.append(awaited)

        waiting = Thread(target=wait)
        waiting.start()
        history.mentor()
        waiting.join(PATIENCE_SECONDS)
    assert reached == [awaited]
    assert last_question(stage) == asked


def last_question(stage: Stage) -> object:
    find = """SELECT query_start FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'vouchsafe freshness'"""
    [(asked_at,)] = stage.as_superuser(find)
    return asked_at


def test_waiting_for_what_does_not_come_ends_in_time(reader: Reader) -> None:
    started = monotonic()
    with pytest.raises(NotYet):
        reader.wait_for("pipeline", 10**9, 0.05)
    assert monotonic() - started < PATIENCE_SECONDS


def test_a_reader_hears_again_after_its_connection_was_cut(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log):
        history.mentor()
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)
        assert stage.end_sessions_of("vouchsafe freshness") == 1
        assert stage.end_sessions_of("vouchsafe reader") >= 1
        assert reader.pipeline().documents == ()
        history.mentor()
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)


def test_what_is_no_position_moves_nothing(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log):
        with psycopg.connect(stage.database.api_url, autocommit=True) as connection:
            for payload in ("", "pipeline", "pipeline x", "pipeline -1", "pipeline 1 2"):
                connection.execute("SELECT pg_notify('read_position', %s)", [payload])
        history.mentor()
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)


def test_before_any_worker_has_started_there_is_nothing_to_read(reader: Reader) -> None:
    with pytest.raises(NotBuiltYet):
        reader.pipeline()

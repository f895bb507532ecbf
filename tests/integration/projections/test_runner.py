"""The runner applies every event exactly once, whoever leads and whatever is lost."""

import json

import psycopg
import pytest

from api.event_log import EventLog
from domain.session import Outcome
from domain.values import TimeSpan
from projections.applying import Applier
from projections.catalogue import READ_MODELS
from projections.pipeline import PIPELINE
from projections.positions import TakenOver
from projections.reader import Reader
from projections.rebuild import prepare
from tests.integration.projections.history import History, Told, notebook_of
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage, WholeLog


def wait_for_all(reader: Reader, position: int) -> None:
    for model in READ_MODELS:
        reader.wait_for(model.name, position, PATIENCE_SECONDS)


def test_read_models_tell_what_the_aggregates_tell(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log):
        history.tell(80)
        wait_for_all(reader, history.position)
        for told in history.told:
            assert_shown_as_it_is(history, told, reader)


def assert_shown_as_it_is(history: History, told: Told, reader: Reader) -> None:
    aggregate, place = history.load(told), history.place(told)
    row = json.loads(reader.pipeline_row(told.id) or "null")
    assert row["stage"] == aggregate.stage
    assert row["version"] == aggregate.version
    assert row["mentor"] == (str(aggregate.mentor) if aggregate.mentor else None)
    assert (row["proposal"] is None) == (aggregate.proposal is None)
    assert row["closed_for"] == aggregate.closed_for
    held = [each for each in aggregate.sessions.values() if each.outcome is Outcome.HELD]
    assert row["sessions"]["held"] == len(held)
    assert row["sessions"]["reserved"] == len(place.reserved)
    assert row["sessions"]["used"] == len(place.used)
    [own] = reader.my_mentoring(told.mentee)
    document = json.loads(own.document)
    assert document["place"] == {
        "granted": 3,
        "reserved": len(place.reserved),
        "used": len(place.used),
    }
    assert {each["id"]: each["status"] for each in document["sessions"]} == {
        str(each.id): each.outcome or "scheduled" for each in aggregate.sessions.values()
    }
    assert document["agreement"]["is_agreed"] == aggregate.is_agreed
    assert (own.reasons is not None) == bool(aggregate.proposal or aggregate.mentor)
    listed = {each.person for each in reader.participation_in(told.id)}
    proposed = {aggregate.proposal.mentor} if aggregate.proposal else set()
    assert listed == aggregate.people | proposed


def test_a_whole_story_is_shown_to_its_mentee(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    mentor, told = history.mentor(), history.request()
    history.activate(told, mentor)
    session = history.schedule(told)
    history.begin_notebook(told)
    span: TimeSpan = history.load(told).session(session).span
    with stage.running(log):
        wait_for_all(reader, history.position)
        [own] = reader.my_mentoring(told.mentee)
    document = json.loads(own.document)
    assert document["stage"] == "active"
    assert document["mentor"] == str(mentor)
    assert document["notebook"] == str(notebook_of(told))
    assert document["position"] == history.position - 2
    assert document["sessions"] == [
        {
            "id": str(session),
            "starts_at": span.starts_at.isoformat().replace("+00:00", "Z"),
            "ends_at": span.ends_at.isoformat().replace("+00:00", "Z"),
            "time_zone": "Europe/London",
            "sequence": 0,
            "status": "scheduled",
            "is_disputed": False,
            "is_confirmed": False,
            "recorded_by_you": None,
            "disputable_until": None,
        }
    ]
    assert own.reasons is not None
    assert own.reasons.owner == told.mentee


def test_read_models_that_stand_together_are_fed_from_one_reading(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    history.tell(20)
    counted = WholeLog(log)
    with stage.running(counted):
        wait_for_all(reader, history.position)
    assert counted.reads == [0]


def test_read_models_that_nothing_concerns_move_on_together_in_one_statement(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log):
        history.tell(5)
        wait_for_all(reader, before := history.position)
        history.mentor()
        wait_for_all(reader, history.position)
    topics = {entry.topic for entry in log.read(before, 100)}
    others = [model.name for model in READ_MODELS if not topics & model.topics]
    moved_in = dict(stage.as_superuser("SELECT name, xmin::text FROM read.position"))
    assert len(others) > 1
    assert len({moved_in[name] for name in others}) == 1


def test_a_zombie_writes_nothing(stage: Stage, history: History, log: EventLog) -> None:
    history.tell(40)
    entries = log.read(0, 1000)
    with stage.worker_session() as leader, stage.worker_session() as zombie:
        prepare(leader, log, [PIPELINE])
        Applier(leader, PIPELINE).apply(entries[:50], old=0)
        before = stage.contents([PIPELINE])
        with pytest.raises(TakenOver):
            Applier(zombie, PIPELINE).apply(entries[:60], old=0)
        assert stage.contents([PIPELINE]) == before


def test_another_runner_takes_over_where_the_leader_was_cut_off(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log), stage.running(log):
        history.tell(20)
        wait_for_all(reader, history.position)
        assert stage.end_sessions_of("vouchsafe worker") == 2
        history.tell(20)
        wait_for_all(reader, history.position)
    running = stage.contents()
    for model in READ_MODELS:
        stage.rebuild(log, model)
    assert stage.contents() == running


def test_two_runners_never_write_at_the_same_time(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log), stage.running(log):
        history.tell(5)
        wait_for_all(reader, history.position)
        holders = """SELECT count(*) FROM pg_locks
                      WHERE locktype = 'advisory' AND objid = 7012026 AND granted
                        AND database = (SELECT oid FROM pg_database
                                         WHERE datname = current_database())"""
        assert stage.as_superuser(holders) == [(1,)]


def test_a_commit_is_shown_within_milliseconds_and_woken_not_polled(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log):
        history.tell(1)
        wait_for_all(reader, history.position)
        # Shorter than the fallback by far: only a notification is so quick, many times in a row.
        for _ in range(5):
            history.mentor()
            wait_started = stage.as_superuser("SELECT clock_timestamp()")[0][0]
            reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)
            ended = stage.as_superuser("SELECT clock_timestamp()")[0][0]
            assert (ended - wait_started).total_seconds() < 2.0


def test_the_worker_can_read_no_personal_key_and_write_no_event(stage: Stage) -> None:
    forbidden = [
        *(
            f"SELECT wrapped_key FROM keys.{kind}_{compartment}"  # noqa: S608 - names from the lists below
            for kind in ("data_key", "branch_key")
            for compartment in ("contact", "personal", "special", "safeguarding")
        ),
        "SELECT wrapped_key FROM keys.data_key",
        "SELECT person FROM access.token",
        "DELETE FROM record.event",
        "UPDATE record.event SET topic = topic",
        """INSERT INTO record.event VALUES (1, gen_random_uuid(), 1, 'place.granted', '', now(),
                                            gen_random_uuid(), sha256(''))""",
        "INSERT INTO record.policy_position VALUES ('withdrawal', 1)",
    ]
    with stage.worker_session() as connection:
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        connection.execute("SELECT wrapped_key FROM keys.data_key_operational")

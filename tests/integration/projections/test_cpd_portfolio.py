"""Which hours were held, as the worker shows them for portfolios and as a rebuild makes them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from api.bootstrap import Parts
from api.event_log import EventLog
from domain.relationship_events import RelationshipEvents as Happened
from domain.session import CorrectionReason, Outcome
from domain.values import TimeSpan
from projections.cpd_portfolio import CPD_PORTFOLIO, Batch, Ending, change
from projections.cpd_questions import held_sessions
from projections.participation import PARTICIPATION
from projections.reader import Reader
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

MODELS = [CPD_PORTFOLIO, PARTICIPATION]
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_whoever_was_there_finds_their_hours_and_nobody_elses(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader
) -> None:
    history = History(parts)
    with stage.running(log, MODELS):
        history.tell(150)
        for model in MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)

    rows = stage.contents([CPD_PORTFOLIO])["held_session"]
    held = [row for row in rows if row[5]]
    assert held
    for told in history.told:
        found = held_sessions(reader, told.mentee, **EVER)
        own = [row for row in held if row[1] == told.id]
        own = [row for row in own if row[7] is None or told.mentee in row[7]]
        assert len(found) == len({row[2] for row in own})
        assert all(each.minutes > 0 for each in found)
    assert held_sessions(reader, uuid4(), **EVER) == []
    stage.rebuild(log, CPD_PORTFOLIO)
    assert stage.contents([CPD_PORTFOLIO])["held_session"] == rows


EVER: dict[str, Any] = {"after": AT - timedelta(days=9999), "before": AT + timedelta(days=9999)}


def facts(**told: Any) -> dict[str, Any]:
    head = {"originator_id": uuid4(), "originator_version": 2, "timestamp": AT, "actor": uuid4()}
    return head | {"happened_at": None, "session": uuid4()} | told


def test_a_correction_has_the_last_word() -> None:
    batch, session = Batch(), uuid4()
    span = TimeSpan(AT, AT + timedelta(minutes=45), "Europe/London")
    planned = facts(session=session, span=span, sequence=1, video_link=None)
    change(Happened.SessionScheduled(**planned), batch)
    change(
        Happened.SessionHeld(
            **facts(session=session, minutes=50, attended_by=(uuid4(),), confirmed_by=uuid4())
        ),
        batch,
    )
    assert batch.endings[session].minutes == 50
    reason = CorrectionReason.DISPUTE_UPHELD
    for outcome in (Outcome.CANCELLED, Outcome.HELD):
        corrected = facts(session=session, outcome=outcome, reason=reason)
        change(Happened.AttendanceCorrected(**corrected), batch)
        assert batch.endings[session] == Ending(is_held=outcome is Outcome.HELD)

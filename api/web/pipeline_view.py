"""The pipeline in words and shapes: stages with their counts, rows with how long they wait."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from api.web.pair_view import CADENCES
from api.web.sessions_used import Used
from api.web.times import how_long
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.relationship_state import Stage
from domain.sealed_words import SaidOf
from domain.session import CorrectionReason, Outcome, Session
from projections.pipeline import PipelineRow
from projections.reader import Cursor

CURSOR = re.compile(r"([0-9]{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
DECODER = msgspec.json.Decoder(PipelineRow)

SAID_OF = {
    SaidOf.DECLINE: "About a suggestion that was declined",
    SaidOf.CONFLICT: "About somebody who is to be kept apart",
    SaidOf.DISPUTE: "About the record of a session",
    SaidOf.REMATCH: "About another mentoring partner",
    SaidOf.CLOSING: "About the ending",
}

STAGE_WORDS = {
    Stage.REQUESTED: "Waiting for a proposal",
    Stage.PROPOSED: "Proposed",
    Stage.MATCHED: "Matched",
    Stage.ACTIVE: "Under way",
    Stage.PAUSED: "Paused",
    Stage.CLOSED: "Ended",
}


OUTCOMES = {
    Outcome.HELD: "They met",
    Outcome.MENTEE_ABSENT: "The mentee was not there",
    Outcome.MENTOR_ABSENT: "The mentor was not there",
    Outcome.CANCELLED_LATE_BY_MENTEE: "The mentee cancelled at short notice",
    Outcome.CANCELLED: "Cancelled; the session is kept",
}
SETTLEMENTS = {
    Outcome.CANCELLED: "Nobody knows; it is not counted and costs nobody anything",
    Outcome.HELD: "They met",
    Outcome.MENTEE_ABSENT: "The mentee was not there",
    Outcome.MENTOR_ABSENT: "The mentor was not there",
}
"""What a coordinator can say of a session of which the two said nothing."""
CORRECTIONS = {
    CorrectionReason.DISPUTE_UPHELD: "The dispute is right",
    CorrectionReason.DISPUTE_NOT_UPHELD: "The dispute is not right; the record stands",
    CorrectionReason.RECORDED_IN_ERROR: "It was recorded by mistake",
}
CLOSING_REASONS = {
    ClosingReason.NO_FAULT: "No fault",
    ClosingReason.COMPLETED: "Completed",
    ClosingReason.GOALS_MET: "Goals are met",
    ClosingReason.MENTOR_UNAVAILABLE: "The mentor cannot go on",
    ClosingReason.MENTEE_LEFT: "The mentee left",
    ClosingReason.AGREEMENT_ENDED: "The funding agreement ended",
    ClosingReason.SAFEGUARDING: "Safeguarding",
}
"""What a coordinator can say; a withdrawn consent ends a relationship by itself."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A session whose record can be corrected."""

    id: UUID
    starts_at: datetime
    words: str
    is_disputed: bool


def left_open(subject: Relationship, now: datetime) -> list[Session]:
    """The sessions of a closed relationship that are over, and of which nobody said what became of them."""
    if subject.closed_for is None:
        return []
    sessions = subject.sessions.values()
    return [each for each in sessions if each.outcome is None and now >= each.span.ends_at]


def settled(sessions: Iterable[Session]) -> list[Settled]:
    """Sessions with an outcome, disputed ones first."""
    found = [
        Settled(each.id, each.span.starts_at, OUTCOMES[each.outcome], each.disputed)
        for each in sessions
        if each.outcome is not None
    ]
    return sorted(found, key=lambda each: (not each.is_disputed, each.starts_at))


@dataclass(frozen=True, slots=True)
class StageShown:
    """One stage of the bar: how many are in it, and where its part begins and how wide it is."""

    stage: Stage
    words: str
    count: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class RowShown:
    """One relationship of the table."""

    row: PipelineRow
    stage: str
    waiting: str
    used: Used | None
    cadence: str
    is_late: bool


def stages_shown(counts: Mapping[Stage, int]) -> list[StageShown]:
    """Every stage in order, as parts of a bar of one hundred."""
    total = sum(counts.values()) or 1
    shown: list[StageShown] = []
    left = 0.0
    for stage, words in STAGE_WORDS.items():
        width = round(100 * counts[stage] / total, 2)
        shown.append(StageShown(stage, words, counts[stage], round(left, 2), width))
        left += width
    return shown


def row_shown(document: str, now: datetime) -> RowShown:
    """Put one stored document into words."""
    row = DECODER.decode(document)
    sessions = row.sessions
    return RowShown(
        row=row,
        stage=STAGE_WORDS[row.stage],
        waiting=how_long(row.waiting_since, now) if row.waiting_since else "",
        used=Used(sessions.granted, sessions.used or 0, sessions.reserved or 0)
        if sessions.granted is not None
        else None,
        cadence=CADENCES[row.cadence],
        is_late=sessions.next_at is not None and sessions.next_at < now,
    )


def as_text(cursor: Cursor) -> str:
    """A cursor as a part of an address."""
    return f"{cursor.position}.{cursor.relationship}"


def as_cursor(text: str | None) -> Cursor | None:
    """The cursor of an address; one that is none begins at the first page."""
    found = CURSOR.fullmatch(text or "")
    return Cursor(int(found[1]), UUID(found[2])) if found else None


def address(stage: Stage | None, cursor: Cursor | None = None) -> str:
    """The address of one page of one stage."""
    parts = {"stage": stage and stage.value, "cursor": cursor and as_text(cursor)}
    query = urlencode({name: part for name, part in parts.items() if part})
    return f"/pipeline?{query}" if query else "/pipeline"

"""What a mentee sees of their own mentoring; the reasons for their match stay sealed as they came."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiosql
import msgspec

from domain.notebook import Notebook
from domain.relationship_events import Cadence, EndingTold, Kind, Mode, ending_told
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_state import Stage
from domain.values import Sealed
from projections.log import Entry
from projections.read_model import ReadModel, Tables
from projections.relationship_book import TOPICS, Book
from projections.relationship_memory import (
    RememberedLedger,
    RememberedProposal,
    RememberedRelationship,
    RememberedSession,
)
from projections.shelf import as_json

SCHEDULED = "scheduled"
"""The status of a session without an outcome; any other status is its outcome."""


class OwnMemory(RememberedRelationship):
    """A relationship with the reasons that the mentee was given for it, and who ended it."""

    reasons: Sealed | None = None
    closed_by: UUID | None = None


class OwnProposal(msgspec.Struct):
    """The open proposal; its reasons are opened for the mentee apart from this."""

    id: UUID
    version: int
    expires_at: datetime
    mentor: UUID
    accepted_by_you: bool
    accepted_by_mentor: bool


class OwnAgreement(msgspec.Struct):
    """Which version of the agreement each party accepted last; both must have accepted one."""

    accepted_by_you: int | None
    accepted_by_mentor: int | None
    is_agreed: bool


class OwnSession(msgspec.Struct):
    """One session; times are in UTC, the zone is the one it was planned in."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    sequence: int
    status: str
    is_disputed: bool


class OwnRelationship(msgspec.Struct):
    """One relationship as its mentee sees it.

    `place` is null if the place is unknown, `notebook` until a first note was prepared. `version`
    is what an order on the relationship names as read, `position` that of the last change.
    """

    id: UUID
    version: int
    position: int
    stage: Stage
    since: datetime
    kind: Kind
    mode: Mode
    cadence: Cadence
    requested_at: datetime
    mentor: UUID | None
    proposal: OwnProposal | None
    agreement: OwnAgreement
    sessions: list[OwnSession]
    place: RememberedLedger | None
    notebook: UUID | None
    closed_for: EndingTold | None


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Fold a batch into the rows."""
    book = Book(OwnMemory, tables)
    book.fetch(entries)
    for entry in entries:
        known = book.note(entry)
        if known is not None:
            _remember_reasons(known, entry.event)
            _remember_who_closed(known, entry.event)
    book.write_places()
    changed = book.changed()
    if changed:
        tables.run(
            "keep_relationships",
            ids=[known.id for known in changed],
            positions=[known.position for known in changed],
            changed=[known.changed_position for known in changed],
            places=[known.place for known in changed],
            notebooks=[Notebook.id_of(known.id) for known in changed],
            mentees=[known.mentee for known in changed],
            memories=[as_json(known) for known in changed],
            documents=[as_json(own_view(known)) for known in changed],
            reasons=[known.reasons and as_json(known.reasons) for known in changed],
        )


def own_view(known: OwnMemory) -> OwnRelationship:
    """The document of one relationship."""
    return OwnRelationship(
        id=known.id,
        version=known.version,
        position=known.changed_position,
        stage=known.stage,
        since=known.since,
        kind=known.kind,
        mode=known.mode,
        cadence=known.cadence,
        requested_at=known.requested_at,
        mentor=known.mentor,
        proposal=_proposal(known.mentee, known.proposal) if known.proposal else None,
        agreement=_agreement(known),
        sessions=_sessions(known),
        place=known.ledger,
        notebook=known.notebook,
        closed_for=_ending(known),
    )


def _remember_reasons(known: OwnMemory, event: object) -> None:
    """Reasons stay with a match that came of them, and go with a proposal that ended."""
    if isinstance(event, Happened.MentorProposed):
        known.reasons = event.reasons_for_mentee
    elif known.proposal is None and known.mentor is None:
        known.reasons = None


def _remember_who_closed(known: OwnMemory, event: object) -> None:
    if isinstance(event, Happened.Closed):
        known.closed_by = event.actor


def _ending(known: OwnMemory) -> EndingTold | None:
    """Why it ended, as far as that is the mentee's to know."""
    if known.closed_for is None:
        return None
    return ending_told(known.closed_for, is_own=known.closed_by == known.mentee)


def _proposal(mentee: UUID, proposal: RememberedProposal) -> OwnProposal:
    return OwnProposal(
        id=proposal.id,
        version=proposal.version,
        expires_at=proposal.expires_at,
        mentor=proposal.mentor,
        accepted_by_you=mentee in proposal.accepted_by,
        accepted_by_mentor=proposal.mentor in proposal.accepted_by,
    )


def _agreement(known: RememberedRelationship) -> OwnAgreement:
    return OwnAgreement(
        accepted_by_you=known.agreements.get(known.mentee),
        accepted_by_mentor=known.agreements.get(known.mentor) if known.mentor else None,
        is_agreed=known.is_agreed,
    )


def _sessions(known: RememberedRelationship) -> list[OwnSession]:
    """In the order of their times; those of one moment, one cancelled and one not, by id."""
    in_order = sorted(known.sessions.values(), key=lambda each: (each.span.starts_at, each.id))
    return [_session(session) for session in in_order]


def _session(session: RememberedSession) -> OwnSession:
    return OwnSession(
        id=session.id,
        starts_at=session.span.starts_at,
        ends_at=session.span.ends_at,
        time_zone=session.span.time_zone,
        sequence=session.sequence,
        status=session.outcome or SCHEDULED,
        is_disputed=session.disputed,
    )


MY_MENTORING = ReadModel(
    name="my_mentoring",
    version=4,
    tables=("my_mentoring", "my_mentoring_place"),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=TOPICS,
    apply=apply,
)

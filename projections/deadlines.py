"""What falls due next in each relationship: a proposal's nudge and its end, and what breaks a silence.

A row holds what is remembered and the one thing that is due next; nothing is due where nothing waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql
import msgspec

from domain.aggregate import Aggregate
from domain.policies.quiet import Due, Next, next_for_proposal, next_for_silence
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of
from projections.relationship_memory import REMINDERS
from projections.shelf import Shelf, as_json


@dataclass(frozen=True, slots=True)
class Deadline:
    """What falls due in a relationship; a proposal and its version where it is about one."""

    relationship: UUID
    proposal: UUID | None
    version: int | None
    what: Due
    due_at: datetime


class OpenProposal(msgspec.Struct):
    """The proposal that waits, and whether those it waits for were reminded."""

    id: UUID
    version: int
    proposed_at: datetime
    expires_at: datetime
    is_nudged: bool = False


class Rhythm(msgspec.Struct):
    """What is remembered of one relationship: whether it runs, and when something was heard of it."""

    heard_at: datetime
    proposal: OpenProposal | None = None
    is_matched: bool = False
    is_paused: bool = False
    nudges: int = 0
    is_offered: bool = False
    sessions: dict[UUID, datetime] = {}

    def hear(self, at: datetime) -> None:
        """Whatever happens breaks a silence, unless it is a reminder."""
        self.heard_at, self.nudges, self.is_offered = at, 0, False

    def next(self) -> Next | None:
        """What falls due next, if anything does."""
        if self.proposal is not None:
            waiting = self.proposal
            return next_for_proposal(
                waiting.proposed_at, waiting.expires_at, is_nudged=waiting.is_nudged
            )
        if not self.is_matched or self.is_paused or self.is_offered:
            return None
        return next_for_silence(max([self.heard_at, *self.sessions.values()]), self.nudges)


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Fold a batch into the rows of the relationships that it is about."""
    shelf = Shelf(Rhythm, lambda ids: tables.run("remembered", ids=ids))
    shelf.fetch(entry.stream for entry in entries)
    for entry in entries:
        _note(shelf, entry)
    if shelf.changed:
        _keep(tables, shelf)


def _note(shelf: Shelf[Rhythm], entry: Entry) -> None:
    event = entry.event
    if not isinstance(event, Aggregate.Event):
        return
    known = shelf.get(entry.stream) or Rhythm(heard_at=event.timestamp)
    if not isinstance(event, REMINDERS):
        known.hear(event.timestamp)
    change(event, known)
    shelf.put(entry.stream, known)


def _keep(tables: Tables, shelf: Shelf[Rhythm]) -> None:
    rows = [(id, known, known.next()) for id, known in shelf.changed.items()]
    tables.run(
        "keep",
        ids=[id for id, _, _ in rows],
        proposals=[known.proposal and known.proposal.id for _, known, _ in rows],
        versions=[known.proposal and known.proposal.version for _, known, _ in rows],
        whats=[due and due.what.value for _, _, due in rows],
        due_at=[due and due.at for _, _, due in rows],
        memories=[as_json(known) for _, known, _ in rows],
    )


@singledispatch
def change(_event: object, _known: Rhythm) -> None:
    """Note what one event changes; most only break a silence."""


@change.register
def _(event: Happened.MentorProposed, known: Rhythm) -> None:
    known.proposal = OpenProposal(event.proposal, event.version, event.timestamp, event.expires_at)


@change.register
def _(_event: Happened.ProposalNudged, known: Rhythm) -> None:
    if known.proposal is not None:
        known.proposal.is_nudged = True


@change.register(Happened.ProposalDeclined)
@change.register(Happened.ProposalExpired)
@change.register(Happened.ProposalSuperseded)
def _(_event: object, known: Rhythm) -> None:
    known.proposal = None


@change.register(Happened.Matched)
@change.register(Happened.PartnerJoined)
def _(_event: object, known: Rhythm) -> None:
    known.proposal, known.is_matched = None, True


@change.register
def _(event: Happened.SilenceNudged, known: Rhythm) -> None:
    known.nudges = event.number


@change.register
def _(_event: Happened.EndingOffered, known: Rhythm) -> None:
    known.is_offered = True


@change.register(Happened.Paused)
def _(_event: object, known: Rhythm) -> None:
    known.is_paused = True


@change.register(Happened.Resumed)
def _(_event: object, known: Rhythm) -> None:
    known.is_paused = False


@change.register(Happened.SessionScheduled)
@change.register(Happened.SessionRescheduled)
def _(event: Happened.SessionScheduled, known: Rhythm) -> None:
    known.sessions[event.session] = event.span.ends_at


@change.register(Happened.SessionCancelled)
@change.register(Happened.SessionHeld)
@change.register(Happened.AbsenceRecorded)
@change.register(Happened.AttendanceSettled)
def _(event: Happened.SessionHeld, known: Rhythm) -> None:
    known.sessions.pop(event.session, None)


@change.register
def _(_event: Happened.Closed, known: Rhythm) -> None:
    known.proposal, known.is_matched = None, False


@change.register(Relationship.Created)
@change.register(Happened.PartnerInvited)
@change.register(Happened.LinkWithdrawn)
@change.register(Happened.PartnerCame)
@change.register(Happened.PartnerDeclined)
@change.register(Happened.AgreementAccepted)
@change.register(Happened.ProposalAccepted)
@change.register(Happened.SeatOffered)
@change.register(Happened.SessionLinkSet)
@change.register(Happened.AttendanceConfirmed)
@change.register(Happened.AttendanceDisputed)
@change.register(Happened.AttendanceCorrected)
@change.register(Happened.CadenceChanged)
@change.register(Happened.RematchRequested)
@change.register(Happened.ConflictDeclared)
def _(_event: object, _known: Rhythm) -> None:
    """Something was heard, and that is all."""


DEADLINES = ReadModel(
    name="deadlines",
    version=4,
    tables=("deadlines",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change) | {Relationship.Created.TOPIC},
    apply=apply,
)

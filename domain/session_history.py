"""What became of one session, step by step, as both parties and their coordinator may read it: never any words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.relationship_events import RelationshipEvents as Happened
from domain.session import CancellationNotice, CancellationReason, CorrectionReason, Outcome
from domain.values import TimeSpan


class Happening(StrEnum):
    """What can happen to a session."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    LINK_SET = "link_set"
    CANCELLED = "cancelled"
    HELD = "held"
    ABSENCE_RECORDED = "absence_recorded"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    SETTLED = "settled"


HAPPENINGS: dict[type, Happening] = {
    Happened.SessionScheduled: Happening.SCHEDULED,
    Happened.SessionRescheduled: Happening.MOVED,
    Happened.SessionLinkSet: Happening.LINK_SET,
    Happened.SessionCancelled: Happening.CANCELLED,
    Happened.SessionHeld: Happening.HELD,
    Happened.AbsenceRecorded: Happening.ABSENCE_RECORDED,
    Happened.AttendanceConfirmed: Happening.CONFIRMED,
    Happened.AttendanceDisputed: Happening.DISPUTED,
    Happened.AttendanceCorrected: Happening.CORRECTED,
    Happened.AttendanceSettled: Happening.SETTLED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a session; `by` is nobody where the end of the relationship did it."""

    what: Happening
    recorded_at: datetime
    by: UUID | None
    span: TimeSpan | None = None
    outcome: Outcome | None = None
    minutes: int | None = None
    notice: CancellationNotice | None = None
    reason: CancellationReason | CorrectionReason | None = None


def session_history(events: Iterable[Any], session: UUID) -> Iterator[Step]:
    """The steps of one session among the events of its relationship, in the order in which they were recorded."""
    for event in events:
        what = next((each for kind, each in HAPPENINGS.items() if isinstance(event, kind)), None)
        if what is not None and event.session == session:
            yield _step(what, event)


def _step(what: Happening, event: Any) -> Step:
    # Who closed a relationship is not told by its sessions.
    by_nobody = isinstance(event, Happened.SessionCancelled) and event.by is None
    held = Outcome.HELD if what is Happening.HELD else None
    return Step(
        what,
        event.timestamp,
        None if by_nobody else event.actor,
        span=getattr(event, "span", None),
        outcome=getattr(event, "outcome", held),
        minutes=getattr(event, "minutes", None),
        notice=getattr(event, "notice", None),
        reason=getattr(event, "reason", None),
    )

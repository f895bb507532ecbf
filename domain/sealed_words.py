"""Where the sealed words of a relationship stand: in its events alone, never in its state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.mentoring import Mentoring, NotFound
from domain.relationship import RelationshipRequested
from domain.relationship_events import RelationshipEvents
from domain.values import Sealed

AnEvent = TypeVar("AnEvent", bound=Aggregate.Event)


def words_requested(mentoring: Mentoring, relationship: UUID) -> RelationshipRequested:
    """The request, with what the mentee said of themes and preferences."""
    for event in mentoring.events.get(relationship, lte=1):
        if isinstance(event, RelationshipRequested):
            return event
    raise NotFound


def words_proposed(
    mentoring: Mentoring, relationship: UUID, proposal: UUID
) -> RelationshipEvents.MentorProposed:
    """One proposal, with its reasons for each party."""
    for event in _newest(mentoring, relationship, RelationshipEvents.MentorProposed):
        if event.proposal == proposal:
            return event
    raise NotFound


def words_to_partner(mentoring: Mentoring, relationship: UUID) -> Sealed | None:
    """What the mentee said to whoever comes by their newest link, if anything."""
    newest = _newest(mentoring, relationship, RelationshipEvents.PartnerInvited)
    return newest[0].words if newest else None


class SaidOf(StrEnum):
    """What words were said of, for whoever looks after the pair to read."""

    DECLINE = "decline"
    CONFLICT = "conflict"
    DISPUTE = "dispute"
    REMATCH = "rematch"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody said, and when; a coordinator's own are sealed as the mentee's."""

    of: SaidOf
    by: UUID
    at: datetime
    words: Sealed
    with_person: UUID | None = None
    """From whom the mentee is to be kept apart, where that is what they were said of."""


SAYING = {
    RelationshipEvents.ProposalDeclined.TOPIC: SaidOf.DECLINE,
    RelationshipEvents.ConflictDeclared.TOPIC: SaidOf.CONFLICT,
    RelationshipEvents.AttendanceDisputed.TOPIC: SaidOf.DISPUTE,
    RelationshipEvents.RematchRequested.TOPIC: SaidOf.REMATCH,
    RelationshipEvents.Closed.TOPIC: SaidOf.CLOSING,
}
"""What people are told, beside the field, that a coordinator reads."""


def words_said(mentoring: Mentoring, relationship: UUID) -> list[Said]:
    """What was said of what did not come about, went wrong or came to an end, the newest first."""
    saying = (
        RelationshipEvents.ProposalDeclined
        | RelationshipEvents.ConflictDeclared
        | RelationshipEvents.AttendanceDisputed
        | RelationshipEvents.RematchRequested
        | RelationshipEvents.Closed
    )
    return [
        Said(
            SAYING[event.TOPIC],
            event.actor,
            event.timestamp,
            event.words,
            getattr(event, "with_person", None),
        )
        for event in mentoring.events.get(relationship, desc=True)
        if isinstance(event, saying) and event.words is not None
    ]


def video_link_of(mentoring: Mentoring, relationship: UUID, session: UUID) -> Sealed:
    """Where to click for a session, as it was said last; raises NotFound when nobody said.

    Moving a session without naming another link keeps the one it had.
    """
    for event in mentoring.events.get(relationship, desc=True):
        link = _link_said(event, session)
        if link is not None:
            return link
        if isinstance(event, RelationshipEvents.SessionLinkSet) and event.session == session:
            break
    raise NotFound


def _link_said(event: object, session: UUID) -> Sealed | None:
    says = (
        RelationshipEvents.SessionScheduled,
        RelationshipEvents.SessionRescheduled,
        RelationshipEvents.SessionLinkSet,
    )
    return event.video_link if isinstance(event, says) and event.session == session else None


def _newest(mentoring: Mentoring, relationship: UUID, kind: type[AnEvent]) -> list[AnEvent]:
    events = mentoring.events.get(relationship, desc=True)
    return [event for event in events if isinstance(event, kind)]

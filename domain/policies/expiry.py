"""Rule 8: a proposal that nobody answers is nudged at three working days and expires at its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.policies.intent import command_id_of
from domain.proposal import nudge_due_at
from domain.relationship import Relationship


@dataclass(frozen=True, slots=True)
class ExpireProposal:
    """End one version of a proposal."""

    relationship: UUID
    proposal: UUID
    version: int
    command_id: UUID


@dataclass(frozen=True, slots=True)
class NudgeParties:
    """Remind those who have not answered yet; a message, not a command on the relationship."""

    relationship: UUID
    proposal: UUID
    version: int
    command_id: UUID


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an open proposal is nudged and when it expires, and what is done then."""

    nudge_at: datetime
    expires_at: datetime
    nudge: NudgeParties
    expire: ExpireProposal


def deadline_of(fact: Relationship.MentorProposed) -> Deadline:
    """What a proposal will bring about unless it is answered or taken back before."""
    about = (fact.originator_id, fact.proposal, fact.version)
    return Deadline(
        nudge_at=nudge_due_at(fact.timestamp),
        expires_at=fact.expires_at,
        nudge=NudgeParties(*about, command_id_of(fact, "nudge_parties", fact.proposal)),
        expire=ExpireProposal(*about, command_id_of(fact, "expire_proposal", fact.proposal)),
    )


def due(deadline: Deadline, now: datetime) -> list[ExpireProposal | NudgeParties]:
    """What must happen by now: an expiry, or else a nudge, or nothing yet."""
    if now >= deadline.expires_at:
        return [deadline.expire]
    if now >= deadline.nudge_at:
        return [deadline.nudge]
    return []

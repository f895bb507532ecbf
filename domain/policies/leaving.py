"""Rule 19: what follows when a mentor leaves, once each: an ending with a reason, and nobody pays for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.mentor_profile import MentorProfile
from domain.policies.intent import command_id_of


@dataclass(frozen=True, slots=True)
class EndForLeaving:
    """End what a mentor is in, or was proposed for."""

    relationship: UUID
    mentor: UUID
    command_id: UUID


def intents_of_leaving(
    fact: MentorProfile.Left, open_relationships: Iterable[UUID]
) -> list[EndForLeaving]:
    """What follows, given where the mentor takes part or is proposed; only mentors leave, by their own order."""
    return [
        EndForLeaving(each, fact.actor, command_id_of(fact, "end_for_leaving", each))
        for each in open_relationships
    ]

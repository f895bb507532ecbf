"""Rule 2: withdrawing `take_part` ends proposals and relationships, once each and without penalty."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.consent import ConsentLedger
from domain.policies.intent import command_id_of
from domain.values import Purpose

ENDINGS = (ConsentLedger.Withdrawn, ConsentLedger.Revoked, ConsentLedger.Invalidated)
"""A consent that others ended carries the relationship no further than one the person withdrew.

An expired consent is not among them: it may be renewed, and nothing new starts until it is.
"""


@dataclass(frozen=True, slots=True)
class EndForWithdrawal:
    """End what one person has open in one relationship."""

    relationship: UUID
    person: UUID
    command_id: UUID


def ends_taking_part(fact: object) -> bool:
    """Whether this event ends a person's consent to take part."""
    return isinstance(fact, ENDINGS) and fact.purpose is Purpose.TAKE_PART


def intents_of_withdrawal(
    fact: object, open_relationships: Iterable[UUID]
) -> list[EndForWithdrawal]:
    """What follows from an event, given where the person takes part or is proposed."""
    if not isinstance(fact, ENDINGS) or not ends_taking_part(fact):
        return []
    return [
        EndForWithdrawal(each, fact.person, command_id_of(fact, "end_for_withdrawal", each))
        for each in open_relationships
    ]

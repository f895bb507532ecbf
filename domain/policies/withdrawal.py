"""Rules 2 and 3: what follows a withdrawal, once each and without penalty.

Withdrawing `take_part` ends proposals and relationships; withdrawing `identity_preference` takes an open
proposal back, so that it is made anew without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from uuid import UUID

from domain.consent import ConsentLedger
from domain.policies.intent import command_id_of
from domain.values import Purpose

ENDINGS = (ConsentLedger.Withdrawn, ConsentLedger.Revoked, ConsentLedger.Invalidated)
"""A consent that others ended carries the relationship no further than one the person withdrew.

An expired consent is not among them: it may be renewed, and nothing new starts until it is.
"""


class Follows(Enum):
    """What the end of a consent brings with it, beside the end of its keys; docs/specs/consent.md explains it."""

    ENDS_MENTORING = "mentoring ends"
    TAKES_PROPOSALS_BACK = "proposals are taken back"
    ENDS_KEYS_ALONE = "keys alone"


FOLLOWS: Mapping[Purpose, Follows] = MappingProxyType(
    dict.fromkeys(Purpose, Follows.ENDS_KEYS_ALONE)
    | {
        Purpose.TAKE_PART: Follows.ENDS_MENTORING,
        Purpose.IDENTITY_PREFERENCE: Follows.TAKES_PROPOSALS_BACK,
    }
)


@dataclass(frozen=True, slots=True)
class EndForWithdrawal:
    """End what one person has open in one relationship."""

    relationship: UUID
    person: UUID
    command_id: UUID


@dataclass(frozen=True, slots=True)
class TakeBackForPreference:
    """Take back the open proposal of a mentee, if it is older than their withdrawal."""

    relationship: UUID
    mentee: UUID
    ended_at: datetime
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


def ends_identity_preference(fact: object) -> bool:
    """Whether this event ends a person's consent to the use of their identity preference."""
    return isinstance(fact, ENDINGS) and fact.purpose is Purpose.IDENTITY_PREFERENCE


def intents_of_preference(
    fact: object, open_relationships: Iterable[UUID]
) -> list[TakeBackForPreference]:
    """What follows from an event for the proposals made to the person, wherever they take part."""
    if not isinstance(fact, ENDINGS) or not ends_identity_preference(fact):
        return []
    what = "take_back_for_preference"
    return [
        TakeBackForPreference(each, fact.person, fact.timestamp, command_id_of(fact, what, each))
        for each in open_relationships
    ]


def preference_ended_since(facts: Iterable[object], since: datetime) -> bool:
    """Whether one of these events of a person's consents ended that consent after a moment."""
    return any(
        isinstance(fact, ENDINGS) and ends_identity_preference(fact) and fact.timestamp >= since
        for fact in facts
    )

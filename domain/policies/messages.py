"""What a message is, and when one follows from an event.

A message names a person, a kind and what it is about. It holds no word, no name and no address: those are put
together when it is sent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from domain.policies.intent import command_id_of
from domain.values import Purpose


class MessageKind(StrEnum):
    """What a person is told; the outbox keeps these names."""

    PROPOSAL_TO_ANSWER = "proposal_to_answer"
    MATCHED = "matched"
    SESSION_SCHEDULED = "session_scheduled"
    SESSION_MOVED = "session_moved"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_REMINDER = "session_reminder"
    ATTENDANCE_RECORDED = "attendance_recorded"
    ATTENDANCE_DISPUTED = "attendance_disputed"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    PROPOSAL_REMINDER = "proposal_reminder"
    PROPOSAL_ENDED = "proposal_ended"
    SILENCE_REMINDER = "silence_reminder"
    ENDING_OFFERED = "ending_offered"
    RELATIONSHIP_CHANGED = "relationship_changed"
    RELATIONSHIP_ENDED = "relationship_ended"
    NEXT_OFFERED = "next_offered"
    CONSENT_ASKED = "consent_asked"
    CONSENT_TO_RENEW = "consent_to_renew"
    CONSENT_EXPIRED = "consent_expired"
    CONSENT_ENDS_SOON = "consent_ends_soon"
    CONSENT_ENDS_NOW = "consent_ends_now"
    ENQUIRY_ANSWERED = "enquiry_answered"
    OFFER_DECIDED = "offer_decided"
    ADDRESS_TO_CONFIRM = "address_to_confirm"
    WORK_WAITS = "work_waits"
    WORK_IS_DUE = "work_is_due"
    SHORTLIST_TO_RANK = "shortlist_to_rank"
    RECORD_ENDS = "record_ends"


NEEDED: Mapping[MessageKind, Purpose] = MappingProxyType(
    dict.fromkeys(
        (MessageKind.SESSION_REMINDER, MessageKind.PROPOSAL_REMINDER, MessageKind.SILENCE_REMINDER),
        Purpose.REMINDERS,
    )
)
"""What may go under a live consent alone; all else is a service message."""


TO_ENQUIRERS = frozenset({MessageKind.ENQUIRY_ANSWERED})
"""What goes to who has no account here: the enquiry itself stands for whoever asked."""


TO_WHO_HANDLES_IT = frozenset({MessageKind.WORK_WAITS, MessageKind.WORK_IS_DUE})
"""What goes to people for a duty of theirs, and to nobody who has none any more."""


class Which(NamedTuple):
    """What of its subject a message is about, such as a session, and in which edition of it."""

    item: UUID | None = None
    edition: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person, not to be sent before a moment; its id is the same for good."""

    id: UUID
    to: UUID
    kind: MessageKind
    about: UUID
    which: Which
    not_before: datetime


def _whole(_subject: Any, _fact: Any) -> Which:
    return Which()


def _at_once(fact: Any) -> datetime:
    at: datetime = fact.timestamp
    return at


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from one kind of event: who is told, of which item, and from when on."""

    kind: MessageKind
    to: Callable[[Any, Any], Iterable[UUID]]
    which: Callable[[Any, Any], Which] = _whole
    not_before: Callable[[Any], datetime | None] = _at_once

    def messages(self, subject: Any, fact: Any) -> Iterable[Message]:
        """The messages of one event; those that have no moment, or whose has passed, are not made."""
        not_before = self.not_before(fact)
        if not_before is None or not_before < fact.timestamp:
            return
        which = self.which(subject, fact)
        for person in sorted(self.to(subject, fact)):
            id = command_id_of(fact, self.kind, person)
            yield Message(id, person, self.kind, fact.originator_id, which, not_before)


def named_end(ledger: UUID, purpose: Purpose, ends_at: datetime | None) -> UUID | None:
    """One end of one consent: another end of it is another matter."""
    if ends_at is None:
        return None
    return uuid5(ledger, f"end:{purpose.value}:{ends_at.timestamp()}")

"""Whether a message is still wanted when it is to go: what it says is looked at again, where it can have changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from domain.aggregate import Aggregate
from domain.consent import ConsentLedger
from domain.enquiry import Enquiry
from domain.group import Group
from domain.person import Person
from domain.policies.messages import Message, MessageKind, Which, named_end
from domain.relationship import Relationship
from domain.session import Session
from domain.shortlist import Shortlist


def _is_open(subject: Relationship, message: Message, at: datetime) -> bool:
    """Whether the proposal still waits for this person."""
    proposal = subject.proposal
    return (
        proposal is not None
        and Which(proposal.id, proposal.version) == message.which
        and not proposal.is_expired(at)
        and message.to not in proposal.accepted_by
    )


def _is_planned(subject: Relationship | Group, message: Message, at: datetime) -> bool:
    """Whether the session still lies ahead as this edition says."""
    session = _session_of(subject, message)
    return (
        session is not None
        and session.sequence == message.which.edition
        and session.is_still_to_come(at)
    )


def _would_have_been(subject: Relationship | Group, message: Message, at: datetime) -> bool:
    """Whether anybody could still wait for the cancelled session."""
    session = _session_of(subject, message)
    return session is not None and at < session.span.ends_at


def _ends_then(subject: ConsentLedger, message: Message, at: datetime) -> bool:
    """Whether the consent is live, and still ends when the message says."""
    ends = (
        named_end(subject.id, purpose, consents[-1].expires_at)
        for purpose, consents in subject.changes.items()
        if subject.is_live(purpose, at)
    )
    return message.which.item in ends


def _is_kept(subject: Enquiry, _message: Message, _at: datetime) -> bool:
    return not subject.is_forgotten


def _waits_for_it(subject: Person, message: Message, at: datetime) -> bool:
    """Whether this is the last code, and still can be used."""
    waiting = subject.address
    return (
        waiting is not None and waiting.version == message.which.edition and at < waiting.expires_at
    )


def _ends_that_day(subject: Person, message: Message, _at: datetime) -> bool:
    """Whether the record still ends on the day that was announced."""
    ends_on = subject.ends_on
    return ends_on is not None and ends_on.toordinal() == message.which.edition


def _waits_to_be_ranked(subject: Shortlist, message: Message, _at: datetime) -> bool:
    """Whether this is the last one, and nobody has put it into an order."""
    return subject.offered_in == message.which.edition and not subject.ranking


STILL_WANTED: Mapping[MessageKind, Callable[[Any, Message, datetime], bool]] = MappingProxyType(
    {
        MessageKind.PROPOSAL_TO_ANSWER: _is_open,
        MessageKind.PROPOSAL_REMINDER: _is_open,
        MessageKind.SESSION_SCHEDULED: _is_planned,
        MessageKind.SESSION_MOVED: _is_planned,
        MessageKind.SESSION_REMINDER: _is_planned,
        MessageKind.SESSION_CANCELLED: _would_have_been,
        MessageKind.CONSENT_ENDS_SOON: _ends_then,
        MessageKind.CONSENT_ENDS_NOW: _ends_then,
        MessageKind.ENQUIRY_ANSWERED: _is_kept,
        MessageKind.ADDRESS_TO_CONFIRM: _waits_for_it,
        MessageKind.SHORTLIST_TO_RANK: _waits_to_be_ranked,
        MessageKind.RECORD_ENDS: _ends_that_day,
    }
)
"""What is looked at again before it goes; all else stays true."""

SUBJECTS: Mapping[MessageKind, type[Aggregate]] = MappingProxyType(
    {
        # An hour is a pair's, or a whole group's.
        MessageKind.SESSION_SCHEDULED: Aggregate,
        MessageKind.SESSION_MOVED: Aggregate,
        MessageKind.SESSION_REMINDER: Aggregate,
        MessageKind.SESSION_CANCELLED: Aggregate,
        MessageKind.CONSENT_ENDS_SOON: ConsentLedger,
        MessageKind.CONSENT_ENDS_NOW: ConsentLedger,
        MessageKind.ENQUIRY_ANSWERED: Enquiry,
        MessageKind.ADDRESS_TO_CONFIRM: Person,
        MessageKind.SHORTLIST_TO_RANK: Shortlist,
        MessageKind.RECORD_ENDS: Person,
    }
)
"""What is looked at for it, where that is no relationship."""


def subject_of(kind: MessageKind) -> type[Aggregate]:
    """What kind of record a message is about, if it is looked at again."""
    return SUBJECTS.get(kind, Relationship)


def is_still_wanted(message: Message, subject: Aggregate, at: datetime) -> bool:
    """Whether a message still says what is so, now that it is to go."""
    check = STILL_WANTED.get(message.kind)
    return check is None or check(subject, message, at)


def _session_of(subject: Relationship | Group, message: Message) -> Session | None:
    return subject.sessions.get(message.which.item) if message.which.item else None

"""Whether a message is still to go, and what it is put together from: read from the record when it goes, never before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.messages.invitation import Entry, Method
from domain.access import PARTIES
from domain.aggregate import Aggregate
from domain.commands.loading import find_ledger
from domain.consent import ConsentLedger
from domain.enquiry import Enquiry
from domain.group import Group
from domain.mentoring import Mentoring
from domain.person import Person
from domain.policies.messages import (
    NEEDED,
    TO_ENQUIRERS,
    TO_WHO_HANDLES_IT,
    Message,
    MessageKind,
)
from domain.policies.still_wanted import STILL_WANTED, is_still_wanted, subject_of
from domain.relationship import Relationship
from domain.session import Session
from domain.values import Purpose, Sealed

IN_CALENDARS = {
    MessageKind.SESSION_SCHEDULED: Method.REQUEST,
    MessageKind.SESSION_MOVED: Method.REQUEST,
    MessageKind.SESSION_CANCELLED: Method.CANCEL,
}


class NotWanted(Exception):
    """What the message says is no longer so, or the person does not want to be told it."""


class NotYetTheirs(Exception):
    """Nobody has confirmed that this address is the person's, so nothing but the code goes there."""


@dataclass(frozen=True)
class Ready:
    """A message that is to go: where to, in which language, and the consents that carry it.

    `sealed_words` are those that somebody wrote to be sent.
    """

    message: Message
    sealed_contact: Sealed
    language: str | None = None
    session: Session | None = None
    entry: Entry | None = None
    consents: Sequence[Purpose] = ()
    sealed_words: Sealed | None = None


def ready(mentoring: Mentoring, message: Message, now: datetime) -> Ready:
    """Raises NotWanted and NotYetTheirs; NotFound, Erased or PersonIsErased where nobody is left to be told."""
    subject = _subject(mentoring, message, now)
    if message.kind in TO_ENQUIRERS:
        return _to_enquirer(message, subject)
    person = mentoring.load(Person, message.to)
    person.require_not_erased()
    if message.kind is MessageKind.ADDRESS_TO_CONFIRM:
        code = person.address.code if person.address else None
        return Ready(message, person.contact, sealed_words=code)
    if message.kind in TO_WHO_HANDLES_IT and person.roles <= PARTIES:
        raise NotWanted
    if person.address is not None:
        raise NotYetTheirs
    ledger = find_ledger(mentoring, message.to)
    session = _session(message, subject)
    needed = NEEDED.get(message.kind)
    if needed is not None and not _is_live(ledger, needed, now):
        raise NotWanted
    entry = _entry(message, session) if _is_live(ledger, Purpose.CALENDAR, now) else None
    consents = [each for each in (needed, Purpose.CALENDAR if entry else None) if each]
    return Ready(message, person.contact, _language(ledger, now), session, entry, consents)


def _subject(mentoring: Mentoring, message: Message, now: datetime) -> Aggregate | None:
    """What it is about, where that is looked at again."""
    if message.kind not in STILL_WANTED:
        return None
    subject = mentoring.load(subject_of(message.kind), message.about)
    if not is_still_wanted(message, subject, now):
        raise NotWanted
    return subject


def _to_enquirer(message: Message, subject: Aggregate | None) -> Ready:
    if not isinstance(subject, Enquiry):
        raise NotWanted
    return Ready(message, subject.contact, sealed_words=subject.reply_words)


def _session(message: Message, subject: Aggregate | None) -> Session | None:
    """The session it is about, if it is about one."""
    if message.which.item is None or not isinstance(subject, Relationship | Group):
        return None
    return subject.sessions.get(message.which.item)


def _entry(message: Message, session: Session | None) -> Entry | None:
    method = IN_CALENDARS.get(message.kind)
    if method is None or session is None:
        return None
    return Entry(method, session.id, message.to, message.which.edition, session.span)


def _is_live(ledger: ConsentLedger | None, purpose: Purpose, now: datetime) -> bool:
    return ledger is not None and ledger.is_live(purpose, now)


def _language(ledger: ConsentLedger | None, now: datetime) -> str | None:
    """The one in which the person said that they take part."""
    consent = ledger and ledger.standing(Purpose.TAKE_PART, now)
    return consent.words.language if consent else None

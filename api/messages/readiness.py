"""Whether a message is still to go, and what it is put together from: read from the record when it goes, never before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.messages.invitation import Entry, Method
from domain.commands.loading import find_ledger
from domain.consent import ConsentLedger
from domain.mentoring import Mentoring
from domain.person import Person
from domain.policies.messages import NEEDED, STILL_WANTED, Message, MessageKind, is_still_wanted
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


@dataclass(frozen=True)
class Ready:
    """A message that is to go: where to, in which language, and the consents that carry it."""

    message: Message
    sealed_contact: Sealed
    language: str | None
    session: Session | None
    entry: Entry | None
    consents: Sequence[Purpose]


def ready(mentoring: Mentoring, message: Message, now: datetime) -> Ready:
    """Raises NotWanted; NotFound, Erased or PersonIsErased where nobody is left to be told."""
    person = mentoring.load(Person, message.to)
    person.require_not_erased()
    ledger = find_ledger(mentoring, message.to)
    session = _session(mentoring, message, now)
    needed = NEEDED.get(message.kind)
    if needed is not None and not _is_live(ledger, needed, now):
        raise NotWanted
    entry = _entry(message, session) if _is_live(ledger, Purpose.CALENDAR, now) else None
    consents = [each for each in (needed, Purpose.CALENDAR if entry else None) if each]
    return Ready(message, person.contact, _language(ledger, now), session, entry, consents)


def _session(mentoring: Mentoring, message: Message, now: datetime) -> Session | None:
    """The session it is about, if it is about one."""
    if message.kind not in STILL_WANTED:
        return None
    subject = mentoring.load(Relationship, message.about)
    if not is_still_wanted(message, subject, now):
        raise NotWanted
    return subject.sessions.get(message.which.item) if message.which.item else None


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

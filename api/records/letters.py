"""Concerns and requests about one's own record: sealed under their person's key, each under one of its own.

Whoever handles them by duty opens them with the look recorded; nobody handles their own, nor their partner's.
"""

from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from api.records.handling import Handling
from api.records.openings import Openings, Whose, Why
from api.records.relations import Apart
from api.records.words import WordsAnswer, open_words
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.concern import Concern
from domain.errors import NotAllowed
from domain.mentoring import Mentoring, NotFound
from domain.rights_request import RightsRequest
from domain.values import Compartment, Sealed

Letter = Concern | RightsRequest
AnyLetter = TypeVar("AnyLetter", Concern, RightsRequest)


class NotYourOwnToHandle(NotAllowed):
    """Nobody handles what they said themselves; somebody else does."""


class LetterWords(BaseModel):
    """What somebody wrote, and what they were answered."""

    words: WordsAnswer
    answer: WordsAnswer


def seal_letter(openings: Openings, owner: UUID, purpose: str, field: str, text: str) -> Sealed:
    """Seal words under the key of this one letter."""
    return openings.seal(Whose(Compartment.PERSONAL, owner, purpose, field), text)


def as_handler(handling: Handling, caller: Caller, kind: type[AnyLetter], id: UUID) -> AnyLetter:
    """A concern or a request for whoever handles such by duty, never their own nor their partner's.

    Of what is at another desk, or another lead's, they see the kind alone.
    """
    subject = handling.mentoring.load(kind, id)
    require_of_others(handling.apart, caller.person, whose(subject))
    return subject


def as_writer(mentoring: Mentoring, caller: Caller, kind: type[AnyLetter], id: UUID) -> AnyLetter:
    """One for whoever wrote it; to everybody else it is absent."""
    subject = mentoring.load(kind, id)
    if whose(subject) != caller.person:
        raise NotFound
    return subject


def whose(subject: Letter) -> UUID:
    """Who wrote it."""
    return subject.raised_by if isinstance(subject, Concern) else subject.person


def open_letter(handling: Handling, caller: Caller, subject: Letter) -> LetterWords:
    """What was written and answered; each look is recorded, and its person reads of it."""
    subject.require_kept()
    why = _why(caller, subject)
    words, answer = (
        open_words(handling.openings, caller, value, why, now=handling.at)
        for value in (subject.words, subject.answer)
    )
    return LetterWords(words=words, answer=answer)


def require_of_others(apart: Apart, handler: UUID, person: UUID) -> None:
    """Refuse a handler whose own it is, or who is or was in a relationship with whose it is."""
    if handler == person:
        raise NotYourOwnToHandle
    apart.require_of(handler, person)


def _why(caller: Caller, subject: Letter) -> Why:
    is_concern = isinstance(subject, Concern)
    kind = RecordKind.CONCERN if is_concern else RecordKind.RIGHTS_REQUEST
    if caller.person == whose(subject):
        return Why(kind, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
    purpose = AccessPurpose.ANSWERING if is_concern else AccessPurpose.RIGHTS_REQUEST
    return Why(kind, purpose, Authority.ASSIGNED_DUTY)

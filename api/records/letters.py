"""Concerns and requests about one's own record: sealed under their person's key, each under one of its own.

Whoever handles them by duty opens them with the look recorded; nobody handles their own, nor their partner's.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

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


class NotYourOwnToHandle(NotAllowed):
    """Nobody handles what they said themselves; somebody else does."""


class LetterWords(BaseModel):
    """What somebody wrote, and what they were answered."""

    words: WordsAnswer
    answer: WordsAnswer


def seal_letter(openings: Openings, owner: UUID, purpose: str, field: str, text: str) -> Sealed:
    """Seal words under the key of this one letter."""
    return openings.seal(Whose(Compartment.PERSONAL, owner, purpose, field), text)


def as_concern_handler(mentoring: Mentoring, apart: Apart, caller: Caller, id: UUID) -> Concern:
    """A concern for whoever handles such by duty; of what is elsewhere they see the kind alone."""
    subject = mentoring.load(Concern, id)
    _require_of_others(apart, caller, subject.raised_by)
    return subject


def as_request_handler(
    mentoring: Mentoring, apart: Apart, caller: Caller, id: UUID
) -> RightsRequest:
    """A request for the data protection lead, never their own nor their partner's."""
    subject = mentoring.load(RightsRequest, id)
    _require_of_others(apart, caller, subject.person)
    return subject


def own_concern(mentoring: Mentoring, caller: Caller, id: UUID) -> Concern:
    """A concern for whoever raised it; to everybody else it is absent."""
    subject = mentoring.load(Concern, id)
    if subject.raised_by != caller.person:
        raise NotFound
    return subject


def own_request(mentoring: Mentoring, caller: Caller, id: UUID) -> RightsRequest:
    """A request for whoever made it; to everybody else it is absent."""
    subject = mentoring.load(RightsRequest, id)
    if subject.person != caller.person:
        raise NotFound
    return subject


def open_letter(
    openings: Openings, caller: Caller, subject: Letter, *, now: datetime
) -> LetterWords:
    """What was written and answered; each look is recorded, and its person reads of it."""
    subject.require_kept()
    why = _why(caller, subject)
    words, answer = (
        open_words(openings, caller, value, why, now=now)
        for value in (subject.words, subject.answer)
    )
    return LetterWords(words=words, answer=answer)


def _require_of_others(apart: Apart, caller: Caller, person: UUID) -> None:
    if caller.person == person:
        raise NotYourOwnToHandle
    apart.require(caller, person)


def _why(caller: Caller, subject: Letter) -> Why:
    is_concern = isinstance(subject, Concern)
    person = subject.raised_by if isinstance(subject, Concern) else subject.person
    kind = RecordKind.CONCERN if is_concern else RecordKind.RIGHTS_REQUEST
    if caller.person == person:
        return Why(kind, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
    purpose = AccessPurpose.ANSWERING if is_concern else AccessPurpose.RIGHTS_REQUEST
    return Why(kind, purpose, Authority.ASSIGNED_DUTY)

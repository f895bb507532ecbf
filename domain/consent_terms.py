"""The words of consent: its states, methods and reasons, what each change says, and its refusals."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.notice import Words
from domain.values import Purpose, Sealed


class ConsentIsNotLive(DomainError):
    """There is no live consent to this purpose."""


class ConsentIsLive(DomainError):
    """There is a live consent to this purpose already; renew it or withdraw it."""


class NothingIsAsked(DomainError):
    """Nothing is asked of this person for this purpose, and nothing is consented to."""


class WordsAreCurrent(DomainError):
    """This consent rests on these words, or its renewal under them was asked for already."""


class ConsentHasNotExpired(DomainError):
    """This consent has not reached its end."""


class ConsentWouldRewriteThePast(DomainError):
    """A consent cannot take effect before the last change to the same purpose."""


class LedgerIsClosed(DomainError):
    """This person was erased, or is being erased; nothing can be consented to any more."""


class NotYet(DomainError):
    """What is recorded must have happened already."""


class ExpiresTooEarly(DomainError):
    """A consent must end after it takes effect."""


class NotYourConsent(NotAllowed):
    """Only the person can say this in their own hand."""


class NotForThePerson(NotAllowed):
    """You end your own consent by withdrawing it."""


class ConsentMethod(StrEnum):
    """How a person made their wish known; by their own hand in the service, or told to another."""

    OWN_HAND = "own_hand"
    IN_WRITING = "in_writing"
    SPOKEN = "spoken"


class ConsentState(StrEnum):
    """Where a consent stands: the ten states of ISO/IEC TS 27560 as the W3C's DPV names them."""

    UNKNOWN = "unknown"
    REQUESTED = "requested"
    REQUEST_DEFERRED = "request_deferred"
    GIVEN = "given"
    RENEWED = "renewed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


VALID = frozenset({ConsentState.GIVEN, ConsentState.RENEWED})
STANDING = VALID | {ConsentState.EXPIRED}
"""States that leave something to end: an expired consent's keys still exist."""


class RevocationReason(StrEnum):
    """Why somebody other than the person ended a consent."""

    PURPOSE_ENDED = "purpose_ended"
    RECORDED_IN_ERROR = "recorded_in_error"
    PERSON_CANNOT_CONSENT = "person_cannot_consent"
    ERASURE = "erasure"


class InvalidationReason(StrEnum):
    """Which authority found that a consent never held."""

    SUPERVISORY_AUTHORITY = "supervisory_authority"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Consent:
    """One change to one purpose; it holds from `effective_at` until a later one takes effect.

    `renew_under` is the version of newer words under which it was asked to be renewed, if it was.
    """

    state: ConsentState
    words: Words
    effective_at: datetime
    expires_at: datetime | None
    renew_under: int | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether processing may rest on it at this moment."""
        return self.state in VALID and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Whether its time has run out, whoever has noticed that yet."""
        return self.expires_at is not None and at >= self.expires_at

    def state_at(self, at: datetime) -> ConsentState:
        """Where it stands; a yes whose time has run out is expired before that is recorded."""
        return ConsentState.EXPIRED if self.state in VALID and self.is_over(at) else self.state


@dataclass(frozen=True, slots=True)
class Answer:
    """How a person's wish reached the service, and the evidence of it where another wrote it."""

    method: ConsentMethod = ConsentMethod.OWN_HAND
    evidence: Sealed | None = None


BY_OWN_HAND = Answer()


class ConsentChange(Aggregate.Event):
    """What every change to a consent says; all are applied alike, each leads to its own state."""

    STATE = ConsentState.REQUESTED

    person: UUID
    purpose: Purpose
    notice_version: int
    language: str
    digest: bytes
    effective_at: datetime
    expires_at: datetime | None

    @property
    def consent(self) -> Consent:
        """The change as the ledger remembers it."""
        words = Words(self.purpose, self.notice_version, self.language, self.digest)
        return Consent(self.STATE, words, self.effective_at, self.expires_at)

    def apply(self, aggregate: Any) -> None:
        """Add this change behind the earlier ones to the same purpose."""
        earlier = aggregate.changes.get(self.purpose, ())
        aggregate.changes[self.purpose] = (*earlier, self.consent)


class ConsentAnswer(ConsentChange):
    """A change that the person asked for, and how they asked."""

    method: ConsentMethod
    evidence: Sealed | None


class ConsentRenewalAsked(Aggregate.Event):
    """The words of a yes were replaced: it stands, and ends at `expires_at` unless it is renewed."""

    person: UUID
    purpose: Purpose
    notice_version: int
    language: str
    digest: bytes
    expires_at: datetime

    def apply(self, aggregate: Any) -> None:
        """Put an end to the yes that stands; when and under which words it was given stays."""
        *earlier, last = aggregate.changes[self.purpose]
        ending = replace(last, expires_at=self.expires_at, renew_under=self.notice_version)
        aggregate.changes[self.purpose] = (*earlier, ending)

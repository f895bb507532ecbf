"""A question about the scheme from somebody outside it: what was asked, that it was answered, and its forgetting.

Whoever asks is no person of the scheme. Their words and how to reach them are sealed under a key of the enquiry
alone, which forgetting destroys.
"""

from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

ENQUIRY_PURPOSE = "enquiry"
"""What both fields are sealed for: the answer, which whoever asks wants, needs no consent besides."""


class EnquiryIsAnswered(DomainError):
    """This enquiry was answered already."""


class EnquiryIsForgotten(DomainError):
    """This enquiry was forgotten; nobody can read it any more."""


class EnquiryKind(StrEnum):
    """Who asks."""

    ORGANISATION = "organisation"
    PRACTITIONER = "practitioner"


class AnswerMeans(StrEnum):
    """How it was answered; the answer itself is not kept here."""

    MAIL = "mail"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class ForgettingReason(StrEnum):
    """Why it was forgotten."""

    ASKED = "asked"
    RETENTION = "retention"


class Enquiry(Aggregate):
    """Made, answered once, and forgotten when it has served."""

    TOPIC = "enquiry"

    class Created(Aggregate.Created):
        TOPIC = "enquiry.made"
        kind: EnquiryKind
        contact: Sealed
        words: Sealed

    class Answered(Aggregate.Event):
        TOPIC = "enquiry.answered"
        means: AnswerMeans

    class Forgotten(Aggregate.Event):
        TOPIC = "enquiry.forgotten"
        reason: ForgettingReason

    @classmethod
    def make(cls, id: UUID, kind: EnquiryKind, *, contact: Sealed, words: Sealed, act: Act) -> Self:
        """Ask; anybody does, and both fields are sealed under the enquiry's own key."""
        require_sealed_for(id, Compartment.CONTACT, contact, words)
        if {contact.purpose, words.purpose} != {ENQUIRY_PURPOSE}:
            raise SealedForAnotherPurpose
        return cls.begin(id, act, kind=kind, contact=contact, words=words)

    @event(Created)
    def __init__(self, kind: EnquiryKind, contact: Sealed, words: Sealed) -> None:
        self.kind = kind
        self.contact = contact
        self.words = words
        self.is_answered = False
        self.is_forgotten = False

    def answer(self, means: AnswerMeans, act: Act) -> None:
        """Note that it was answered."""
        self.require_kept()
        if self.is_answered:
            raise EnquiryIsAnswered
        self.record(self.Answered, act, means=means)

    @event(Answered)
    def _answered(self) -> None:
        self.is_answered = True

    def forget(self, reason: ForgettingReason, act: Act) -> None:
        """End the key of what was asked; that something was asked stays."""
        self.require_kept()
        self.record(self.Forgotten, act, reason=reason)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.is_forgotten = True

    def require_kept(self) -> None:
        """Refuse whatever needs what was asked."""
        if self.is_forgotten:
            raise EnquiryIsForgotten


EnquiryMade = Enquiry.Created

"""A question about the scheme from somebody outside it: what was asked, that it was answered, and its forgetting.

Whoever asks is no person of the scheme. Their words and how to reach them are sealed under a key of the enquiry
alone, which forgetting destroys.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
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


class EnquiryIsKept(DomainError):
    """This enquiry has not been kept long enough to be forgotten."""


class EnquiryKind(StrEnum):
    """Who asks."""

    ORGANISATION = "organisation"
    PRACTITIONER = "practitioner"


class AnswerMeans(StrEnum):
    """How it was answered; of these answers nothing is kept here."""

    MAIL = "mail"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class ForgettingReason(StrEnum):
    """Why it was forgotten."""

    ASKED = "asked"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long an enquiry is kept: after its answer, and while nobody answers."""

    answered: timedelta = timedelta(days=180)
    unanswered: timedelta = timedelta(days=365)

    def ends_at(self, made_at: datetime, answered_at: datetime | None) -> datetime:
        """When it has been kept long enough."""
        return made_at + self.unanswered if answered_at is None else answered_at + self.answered


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

    class Replied(Aggregate.Event):
        """An answer by mail, written here; the words are sealed under the enquiry's own key."""

        TOPIC = "enquiry.replied"
        words: Sealed

    class Forgotten(Aggregate.Event):
        TOPIC = "enquiry.forgotten"
        reason: ForgettingReason

    @classmethod
    def make(cls, id: UUID, kind: EnquiryKind, *, contact: Sealed, words: Sealed, act: Act) -> Self:
        """Ask; anybody does, and both fields are sealed under the enquiry's own key."""
        _require_sealed(id, contact, words)
        return cls.begin(id, act, kind=kind, contact=contact, words=words)

    @event(Created)
    def __init__(
        self, kind: EnquiryKind, contact: Sealed, words: Sealed, timestamp: datetime
    ) -> None:
        self.kind = kind
        self.contact = contact
        self.words = words
        self.made_at = timestamp
        self.answered_at: datetime | None = None
        self.reply_words: Sealed | None = None
        self.is_forgotten = False

    @property
    def is_answered(self) -> bool:
        """Whether whoever asked has an answer."""
        return self.answered_at is not None

    def answer(self, means: AnswerMeans, act: Act) -> None:
        """Note that it was answered elsewhere."""
        self._require_unanswered()
        self.record(self.Answered, act, means=means)

    @event(Answered)
    def _answered(self, timestamp: datetime) -> None:
        self.answered_at = timestamp

    def reply(self, words: Sealed, act: Act) -> None:
        """Answer by mail; whoever asked is sent the words."""
        self._require_unanswered()
        _require_sealed(self.id, words)
        self.record(self.Replied, act, words=words)

    @event(Replied)
    def _replied(self, words: Sealed, timestamp: datetime) -> None:
        self.reply_words = words
        self.answered_at = timestamp

    def forget(self, reason: ForgettingReason, act: Act) -> None:
        """End the key of what was asked; that something was asked stays."""
        self.require_kept()
        self.record(self.Forgotten, act, reason=reason)

    def forget_when_due(self, retention: Retention, act: Act) -> None:
        """Forget what has been kept long enough; the clerk's order."""
        if act.at < retention.ends_at(self.made_at, self.answered_at):
            raise EnquiryIsKept
        self.forget(ForgettingReason.RETENTION, act)

    @event(Forgotten)
    def _forgotten(self) -> None:
        self.is_forgotten = True

    def require_kept(self) -> None:
        """Refuse whatever needs what was asked."""
        if self.is_forgotten:
            raise EnquiryIsForgotten

    def _require_unanswered(self) -> None:
        self.require_kept()
        if self.is_answered:
            raise EnquiryIsAnswered


def _require_sealed(enquiry: UUID, *values: Sealed) -> None:
    """Refuse what was sealed under another key than the enquiry's own."""
    require_sealed_for(enquiry, Compartment.CONTACT, *values)
    if {each.purpose for each in values} != {ENQUIRY_PURPOSE}:
        raise SealedForAnotherPurpose


EnquiryMade = Enquiry.Created

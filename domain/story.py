"""A story of success that a mentee chooses to tell: offered, looked at by a coordinator, shown to everybody, taken back.

It rests on a consent of its own. Its words lie under that consent's key, so that taking back either destroys them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, SealedForAnotherPurpose
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Purpose, Sealed


class StoryIsOut(DomainError):
    """Your story is with us or published; take it back before you offer another."""


class NothingToPublish(DomainError):
    """There is no story here that waits to be looked at."""


class NothingToTakeBack(DomainError):
    """There is no story here that could be taken back."""


class StoryStage(StrEnum):
    """Where it stands."""

    OFFERED = "offered"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class SendingBack(StrEnum):
    """Why a coordinator sends it back."""

    NAMES_SOMEBODY = "names_somebody"
    CONFIDENTIAL = "confidential"
    NOT_CLEAR = "not_clear"


OUT = frozenset({StoryStage.OFFERED, StoryStage.PUBLISHED})
HELD = OUT | {StoryStage.SENT_BACK}


class Story(Aggregate):
    """One a person at a time."""

    TOPIC = "story"

    class Created(Aggregate.Created):
        TOPIC = "story.offered"
        words: Sealed

    class OfferedAnew(Aggregate.Event):
        TOPIC = "story.offered_anew"
        words: Sealed

    class SentBack(Aggregate.Event):
        TOPIC = "story.sent_back"
        reason: SendingBack

    class Published(Aggregate.Event):
        TOPIC = "story.published"

    class Withdrawn(Aggregate.Event):
        """`person` is whose key goes."""

        TOPIC = "story.withdrawn"
        person: UUID

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of the one story of a person."""
        return uuid5(person, "story")

    @classmethod
    def offer(cls, words: Sealed, act: Act) -> Self:
        """Offer one's own; nothing is shown to anybody yet but a coordinator."""
        _require_sealed(act.actor, words)
        return cls.begin(cls.id_of(act.actor), act, words=words)

    @event(Created)
    def __init__(self, words: Sealed, actor: UUID, timestamp: datetime) -> None:
        self.person = actor
        self._stand(StoryStage.OFFERED, timestamp)
        self.words = words
        self.sent_back_for: SendingBack | None = None

    def offer_anew(self, words: Sealed, act: Act) -> None:
        """Offer another, or the same in other words."""
        _require_sealed(self.person, words)
        if self.stage in OUT:
            raise StoryIsOut
        self.record(self.OfferedAnew, act, words=words)

    @event(OfferedAnew)
    def _offered_anew(self, words: Sealed, timestamp: datetime) -> None:
        self.words = words
        self.sent_back_for = None
        self._stand(StoryStage.OFFERED, timestamp)

    def send_back(self, reason: SendingBack, act: Act) -> None:
        """Say what is to be changed; a coordinator's order."""
        self._require_offered()
        self.record(self.SentBack, act, reason=reason)

    @event(SentBack)
    def _sent_back(self, reason: SendingBack, timestamp: datetime) -> None:
        self.sent_back_for = reason
        self._stand(StoryStage.SENT_BACK, timestamp)

    def publish(self, act: Act) -> None:
        """Show it to everybody, as it was offered; a coordinator's order."""
        self._require_offered()
        self.record(self.Published, act)

    @event(Published)
    def _published(self, timestamp: datetime) -> None:
        self._stand(StoryStage.PUBLISHED, timestamp)

    def withdraw(self, act: Act) -> None:
        """Take it back at any time; its key is destroyed with the record of it."""
        if self.stage not in HELD:
            raise NothingToTakeBack
        self.record(self.Withdrawn, act, person=self.person)

    @event(Withdrawn)
    def _withdrawn(self, timestamp: datetime) -> None:
        self._stand(StoryStage.WITHDRAWN, timestamp)

    def _stand(self, stage: StoryStage, since: datetime) -> None:
        self.stage, self.since = stage, since

    def _require_offered(self) -> None:
        if self.stage is not StoryStage.OFFERED:
            raise NothingToPublish


def _require_sealed(person: UUID, words: Sealed) -> None:
    require_sealed_for(person, Compartment.PERSONAL, words)
    if words.purpose != Purpose.PUBLISH_STORY:
        raise SealedForAnotherPurpose

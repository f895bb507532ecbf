"""What the matching found for one request: three mentors to choose among, or why there is nobody yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed


class NotYourShortlist(NotAllowed):
    """Only the mentee whose request it is ranks a shortlist."""


class NoShortlist(DomainError):
    """There is no shortlist to choose from now; a coordinator can draw up another."""


class NotOnShortlist(DomainError):
    """This mentor is not on the shortlist."""


class RankEachOnce(DomainError):
    """Give each mentor of the shortlist one rank: first, second, third."""


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """One mentor on a shortlist, and why, for each of the two."""

    mentor: UUID
    reasons_for_mentee: Sealed
    reasons_for_mentor: Sealed


@dataclass(frozen=True, slots=True)
class Origin:
    """From what it was worked out: enough to do so again and get the same."""

    engine: str
    weights_version: int
    seed: Sealed
    input_digest: bytes


class Shortlist(Aggregate):
    """One for each request; the newest finding stands for all before it."""

    TOPIC = "shortlist"

    class Created(Aggregate.Created):
        TOPIC = "shortlist.begun"
        relationship: UUID
        mentee: UUID

    class Offered(Aggregate.Event):
        TOPIC = "shortlist.offered"
        mentors: tuple[UUID, ...]
        reasons_for_mentee: tuple[Sealed, ...]
        reasons_for_mentor: tuple[Sealed, ...]
        engine: str
        weights_version: int
        seed: Sealed
        input_digest: bytes

    class Ranked(Aggregate.Event):
        TOPIC = "shortlist.ranked"
        mentors: tuple[UUID, ...]

    class NobodyFound(Aggregate.Event):
        """`matching_round` is none where one request was looked at by itself."""

        TOPIC = "shortlist.nobody_found"
        matching_round: UUID | None
        words: Sealed

    @staticmethod
    def id_of(relationship: UUID) -> UUID:
        """The id of a request's shortlist."""
        return uuid5(relationship, "shortlist")

    @classmethod
    def begin_for(cls, relationship: UUID, mentee: UUID, act: Act) -> Self:
        """Begin, once."""
        return cls.begin(cls.id_of(relationship), act, relationship=relationship, mentee=mentee)

    @event(Created)
    def __init__(self, relationship: UUID, mentee: UUID) -> None:
        self.relationship = relationship
        self.mentee = mentee
        self.offered: tuple[Shortlisted, ...] = ()
        self.found_at: datetime | None = None
        self.ranking: tuple[UUID, ...] = ()
        self.nobody: Sealed | None = None
        self.offered_in = 0

    def offer(self, found: Sequence[Shortlisted], origin: Origin, act: Act) -> None:
        """Offer mentors, the best first; what was offered and ranked before counts no more."""
        for each in found:
            require_sealed_for(self.mentee, Compartment.PERSONAL, each.reasons_for_mentee)
            require_sealed_for(each.mentor, Compartment.PERSONAL, each.reasons_for_mentor)
        self.record(
            self.Offered,
            act,
            mentors=tuple(each.mentor for each in found),
            reasons_for_mentee=tuple(each.reasons_for_mentee for each in found),
            reasons_for_mentor=tuple(each.reasons_for_mentor for each in found),
            engine=origin.engine,
            weights_version=origin.weights_version,
            seed=origin.seed,
            input_digest=origin.input_digest,
        )

    @event(Offered)
    def _offered(
        self,
        mentors: tuple[UUID, ...],
        reasons_for_mentee: tuple[Sealed, ...],
        reasons_for_mentor: tuple[Sealed, ...],
        timestamp: datetime,
    ) -> None:
        found = zip(mentors, reasons_for_mentee, reasons_for_mentor, strict=True)
        self.offered = tuple(Shortlisted(*each) for each in found)
        self.found_at, self.ranking, self.nobody = timestamp, (), None
        # While an event is applied, the version is still that of the one before it.
        self.offered_in = self.version + 1

    def rank(self, mentors: tuple[UUID, ...], act: Act) -> None:
        """Say whom one would rather have; the mentee's own order."""
        if act.actor != self.mentee:
            raise NotYourShortlist
        if not self.offered:
            raise NoShortlist
        if sorted(mentors) != sorted(each.mentor for each in self.offered):
            raise RankEachOnce
        self.record(self.Ranked, act, mentors=mentors)

    @event(Ranked)
    def _ranked(self, mentors: tuple[UUID, ...]) -> None:
        self.ranking = mentors

    def say_why_nobody(self, matching_round: UUID | None, words: Sealed, act: Act) -> None:
        """Tell the mentee why nobody was found, and what would change it."""
        require_sealed_for(self.mentee, Compartment.PERSONAL, words)
        self.record(self.NobodyFound, act, matching_round=matching_round, words=words)

    @event(NobodyFound)
    def _nobody_found(self, words: Sealed, timestamp: datetime) -> None:
        self.offered, self.ranking, self.offered_in = (), (), 0
        self.nobody, self.found_at = words, timestamp

    def of(self, mentor: UUID) -> Shortlisted:
        """What was said of one mentor; raises NotOnShortlist."""
        for each in self.offered:
            if each.mentor == mentor:
                return each
        raise NotOnShortlist

    @property
    def in_order(self) -> tuple[UUID, ...]:
        """The mentors as the mentee ranked them, or else as they were offered."""
        return self.ranking or tuple(each.mentor for each in self.offered)


ShortlistBegun = Shortlist.Created

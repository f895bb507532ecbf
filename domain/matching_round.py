"""One run of the matching over everybody who waits in a programme: what it rested on, and whom it suggests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.matching.measures import Measures
from domain.sealed import require_sealed_for
from domain.shortlist import Origin, Shortlisted
from domain.values import Act, Compartment, Sealed


class RoundIsOpen(DomainError):
    """A round of this programme is open: propose what it found, or close it, before you run another."""


class RoundIsUnderWay(DomainError):
    """A round of this programme is being worked out already; look at the programme again in a minute."""


class RoundIsClosed(DomainError):
    """This round is closed; run another."""


class NobodyWaits(DomainError):
    """Nobody waits for a proposal in this programme who can be matched now, so there is nothing to run."""


class NotFoundInRound(DomainError):
    """This round found nobody for this request."""


class ProposedAlready(DomainError):
    """What this round found for this request was proposed already."""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """How many were looked at, who was left over, and how good the answer is."""

    requests: int
    mentors: int
    left_over: tuple[UUID, ...]
    measures: Measures


class MatchingRound(Aggregate):
    """It proposes and people decide: a pair becomes a proposal when a coordinator says so."""

    TOPIC = "matching_round"

    class Created(Aggregate.Created):
        TOPIC = "matching_round.run"
        programme: UUID
        number: int
        engine: str
        weights_version: int
        seed: Sealed
        input_digest: bytes
        facts: RoundFacts

    class PairFound(Aggregate.Event):
        TOPIC = "matching_round.pair_found"
        relationship: UUID
        mentor: UUID
        reasons_for_mentee: Sealed
        reasons_for_mentor: Sealed

    class PairProposed(Aggregate.Event):
        TOPIC = "matching_round.pair_proposed"
        relationship: UUID
        proposal: UUID

    class Closed(Aggregate.Event):
        TOPIC = "matching_round.closed"

    @staticmethod
    def id_of(programme: UUID, number: int) -> UUID:
        """The id of a programme's first, second or later round: two that begin at once are one."""
        return uuid5(programme, f"matching-round:{number}")

    @classmethod
    def run(cls, programme: UUID, number: int, origin: Origin, facts: RoundFacts, act: Act) -> Self:
        """Record what was worked out; a coordinator's order."""
        return cls.begin(
            cls.id_of(programme, number),
            act,
            programme=programme,
            number=number,
            engine=origin.engine,
            weights_version=origin.weights_version,
            seed=origin.seed,
            input_digest=origin.input_digest,
            facts=facts,
        )

    @event(Created)
    def __init__(
        self,
        programme: UUID,
        number: int,
        weights_version: int,
        facts: RoundFacts,
        timestamp: datetime,
    ) -> None:
        self.programme = programme
        self.number = number
        self.weights_version = weights_version
        self.facts = facts
        self.ran_at = timestamp
        self.pairs: dict[UUID, Shortlisted] = {}
        self.proposed: dict[UUID, UUID] = {}
        self.is_closed = False

    def add_pair(self, relationship: UUID, mentee: UUID, found: Shortlisted, act: Act) -> None:
        """Note one mentor who was found for one request."""
        require_sealed_for(mentee, Compartment.PERSONAL, found.reasons_for_mentee)
        require_sealed_for(found.mentor, Compartment.PERSONAL, found.reasons_for_mentor)
        self.record(
            self.PairFound,
            act,
            relationship=relationship,
            mentor=found.mentor,
            reasons_for_mentee=found.reasons_for_mentee,
            reasons_for_mentor=found.reasons_for_mentor,
        )

    @event(PairFound)
    def _pair_found(
        self,
        relationship: UUID,
        mentor: UUID,
        reasons_for_mentee: Sealed,
        reasons_for_mentor: Sealed,
    ) -> None:
        self.pairs[relationship] = Shortlisted(mentor, reasons_for_mentee, reasons_for_mentor)

    def pair(self, relationship: UUID) -> Shortlisted:
        """Whom it found for a request; raises NotFoundInRound."""
        if relationship not in self.pairs:
            raise NotFoundInRound
        return self.pairs[relationship]

    def require_open_for(self, relationship: UUID) -> Shortlisted:
        """The pair that can still be proposed."""
        if self.is_closed:
            raise RoundIsClosed
        found = self.pair(relationship)
        if relationship in self.proposed:
            raise ProposedAlready
        return found

    def note_proposed(self, relationship: UUID, proposal: UUID, act: Act) -> None:
        """Note that a pair was proposed."""
        self.require_open_for(relationship)
        self.record(self.PairProposed, act, relationship=relationship, proposal=proposal)

    @event(PairProposed)
    def _pair_proposed(self, relationship: UUID, proposal: UUID) -> None:
        self.proposed[relationship] = proposal

    def close(self, act: Act) -> None:
        """Let the rest of it go; who was not proposed waits on, and is in the next round."""
        if self.is_closed:
            raise RoundIsClosed
        self.record(self.Closed, act)

    @event(Closed)
    def _closed(self) -> None:
        self.is_closed = True


MatchingRoundRun = MatchingRound.Created

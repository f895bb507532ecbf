"""Small helpers that put words of the domain on a line: people, acts, sealed values, stages."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from domain.meeting import (
    Plan,
)
from domain.proposal import Offer
from domain.relationship import Relationship, RequestFacts
from domain.values import Act, Compartment, Purpose, Sealed, TimeSpan

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning in winter time, when the stories of these tests begin."""

COORDINATOR = UUID(int=1)
CLERK = UUID(int=2)


def act(actor: UUID, at: datetime = MONDAY) -> Act:
    return Act(actor, at)


def sealed_for(
    person: UUID,
    compartment: Compartment = Compartment.PERSONAL,
    purpose: str = Purpose.TAKE_PART,
) -> Sealed:
    return Sealed(compartment, person, purpose, "field", uuid4(), b"\x01ciphertext")


def hour(at: datetime) -> TimeSpan:
    return TimeSpan(at, at + timedelta(hours=1), "Europe/London")


def plan(at: datetime) -> Plan:
    return Plan(hour(at))


def facts_of(mentee: UUID, place: UUID | None = None) -> RequestFacts:
    return RequestFacts(
        mentee,
        place or uuid4(),
        themes=sealed_for(mentee),
        identity_preference=sealed_for(mentee, Compartment.SPECIAL, Purpose.IDENTITY_PREFERENCE),
    )


def offer_of(mentee: UUID, mentor: UUID, expires_at: datetime | None = None) -> Offer:
    return Offer(uuid4(), mentor, 1, sealed_for(mentee), sealed_for(mentor), expires_at)


@dataclass
class Pair:
    """A mentee, a mentor and their relationship, brought as far as a test needs it."""

    mentee: UUID = field(default_factory=uuid4)
    mentor: UUID = field(default_factory=uuid4)
    at: datetime = MONDAY

    def __post_init__(self) -> None:
        self.relationship = Relationship.request(
            uuid4(), facts_of(self.mentee), act(self.mentee, self.at)
        )

    def proposed(self) -> "Pair":
        self.relationship.propose_mentor(
            offer_of(self.mentee, self.mentor), act(COORDINATOR, self.at)
        )
        return self

    def accepted_by(self, *people: UUID) -> "Pair":
        proposal = self.relationship.open_proposal
        for person in people:
            self.relationship.accept_proposal(proposal.id, proposal.version, act(person, self.at))
        return self

    def matched(self) -> "Pair":
        self.proposed().accepted_by(self.mentee, self.mentor)
        self.relationship.match(act(self.mentor, self.at))
        return self

    def active(self) -> "Pair":
        self.matched()
        for person in (self.mentee, self.mentor):
            self.relationship.accept_agreement(1, act(person, self.at))
        return self

    def with_session(self, starts_at: datetime) -> UUID:
        session = uuid4()
        self.relationship.schedule_session(session, plan(starts_at), act(self.mentor, self.at))
        return session

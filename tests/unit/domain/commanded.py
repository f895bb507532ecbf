"""A scheme in which everything happens by commands: one mentor, and mentees who come to them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.commands import proposals, relationships, sessions
from domain.commands.places import grant_place
from domain.commands.programmes import open_programme
from domain.commands.proposals import Answer
from domain.commands.sessions import Which
from domain.consent import ConsentLedger
from domain.mentor_profile import MentorProfile
from domain.mentoring import Order
from domain.notice import Words
from domain.place import Place
from domain.programme import Settings
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason, Kind
from domain.values import Act, Purpose
from tests.funding import signed_by_commands
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, facts_of, offer_of, plan
from tests.unit.domain.memory import mentoring_in_memory

NEXT_MONDAY = MONDAY + timedelta(days=7)


def order(actor: UUID, at: datetime = MONDAY, expected_version: int | None = None) -> Order:
    return Order(Act(actor, at), uuid4(), expected_version=expected_version)


class Scheme:
    """One mentor with one unit of capacity, and mentees who come to it."""

    def __init__(self) -> None:
        self.mentoring = mentoring_in_memory()
        self.mentor = self.somebody_who_takes_part()
        profile = MentorProfile.apply_to_mentor(self.mentor, None, act(self.mentor))
        profile.approve(act(COORDINATOR))
        profile.set_capacity(1, act(self.mentor))
        self.mentoring.commit(order(self.mentor), profile)

    def somebody_who_takes_part(self) -> UUID:
        person = uuid4()
        ledger = ConsentLedger.open_for(person, act(person))
        for purpose in (Purpose.TAKE_PART, Purpose.IDENTITY_PREFERENCE):
            ledger.give(Words(purpose, 1, "en", b"digest"), act(person))
        self.mentoring.commit(order(person), ledger)
        return person

    def programme(self, **settings: Any) -> UUID:
        """A programme in which nobody has to pay."""
        free = Settings("Ours", needs_place=False, **settings)
        return open_programme(self.mentoring, order(COORDINATOR), id=uuid4(), settings=free).subject

    def place(self, granted: int = 2, under: UUID | None = None) -> UUID:
        agreement = under or signed_by_commands(self.mentoring, act(COORDINATOR))
        return grant_place(
            self.mentoring, order(COORDINATOR), id=uuid4(), agreement=agreement, sessions=granted
        ).subject

    def request(self, mentee: UUID, place: UUID | None = None, kind: Kind = Kind.FORMAL) -> UUID:
        return relationships.request_relationship(
            self.mentoring,
            order(mentee),
            facts=replace(facts_of(mentee, place or self.place()), kind=kind),
        ).subject

    def propose(self, relationship: UUID) -> Answer:
        subject = self.relationship(relationship)
        offer = offer_of(subject.mentee, self.mentor)
        proposals.propose_mentor(
            self.mentoring, order(COORDINATOR), relationship=relationship, offer=offer
        )
        return Answer(relationship, offer.id, subject.proposals_made + 1)

    def accept(self, answer: Answer, *people: UUID) -> None:
        for person in people:
            proposals.accept_proposal(self.mentoring, order(person), answer=answer)

    def declare_conflict(self, relationship: UUID, by: UUID) -> None:
        relationships.declare_conflict(
            self.mentoring, order(by), relationship=relationship, with_person=self.mentor
        )

    def close(self, relationship: UUID, by: UUID) -> None:
        relationships.close_relationship(
            self.mentoring, order(by), relationship=relationship, reason=ClosingReason.NO_FAULT
        )

    def withdraw(self, person: UUID) -> None:
        ledger = self.mentoring.load(ConsentLedger, ConsentLedger.id_of(person))
        ledger.withdraw(Purpose.TAKE_PART, act(person))
        self.mentoring.commit(order(person), ledger)

    def active(self, mentee: UUID) -> UUID:
        asked = self.request(mentee)
        self.accept(self.propose(asked), mentee, self.mentor)
        for person in (mentee, self.mentor):
            relationships.accept_agreement(
                self.mentoring, order(person), relationship=asked, version=1
            )
        return asked

    def schedule(self, relationship: UUID, starts_at: datetime = NEXT_MONDAY) -> Which:
        which = Which(relationship, uuid4())
        sessions.schedule_session(
            self.mentoring, order(self.mentor), which=which, plan=plan(starts_at)
        )
        return which

    def relationship(self, id: UUID) -> Relationship:
        return self.mentoring.load(Relationship, id)

    def place_of(self, id: UUID) -> Place:
        return self.mentoring.load(Place, self.relationship(id).place)

    def profile(self) -> MentorProfile:
        return self.mentoring.load(MentorProfile, MentorProfile.id_of(self.mentor))

    def last_event_of(self, id: UUID) -> object:
        return list(self.mentoring.events.get(id))[-1]

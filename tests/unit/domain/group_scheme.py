"""A programme of groups in memory: a facilitator, members who come to it, and the hours that they plan."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain.commands import groups, proposals, relationships
from domain.commands.funding import sign_agreement
from domain.commands.groups import Hour
from domain.commands.organisations import register_organisation
from domain.commands.places import grant_place
from domain.commands.programmes import open_programme, set_group_size
from domain.commands.proposals import Answer
from domain.consent import ConsentLedger
from domain.group import Group
from domain.mentor_profile import MentorProfile
from domain.mentoring import Order
from domain.notice import Words
from domain.place import Place
from domain.programme import Settings
from domain.proposal import Offer
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import Cadence, Kind
from domain.session import Session
from domain.values import Act, Purpose
from tests.funding import terms_of
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, plan, sealed_for
from tests.unit.domain.watched import watched_mentoring

NEXT_MONDAY = MONDAY + timedelta(days=7)
AFTER_IT = NEXT_MONDAY + timedelta(hours=2)


def order(actor: UUID, at: datetime = MONDAY) -> Order:
    return Order(Act(actor, at), uuid4())


class GroupScheme:
    """One facilitator with one unit of capacity; members are named by their relationships."""

    def __init__(self, most: int | None = None) -> None:
        self.mentoring, recorder = watched_mentoring()
        self.commands = recorder.commands
        self.programme = self.programme_of(Kind.GROUP, Kind.FORMAL)
        if most is not None:
            set_group_size(self.mentoring, order(COORDINATOR), programme=self.programme, most=most)
        self.mentor = self.somebody_who_mentors()

    def programme_of(self, *kinds: Kind) -> UUID:
        settings = Settings("Any", kinds=kinds)
        return open_programme(
            self.mentoring, order(COORDINATOR), id=uuid4(), settings=settings
        ).subject

    def somebody_who_mentors(self, capacity: int = 1) -> UUID:
        person = self.somebody_who_takes_part()
        profile = MentorProfile.apply_to_mentor(person, None, act(person))
        profile.approve(act(COORDINATOR))
        profile.set_capacity(capacity, act(person))
        self.mentoring.commit(order(person), profile)
        return person

    def somebody_who_takes_part(self) -> UUID:
        person = uuid4()
        ledger = ConsentLedger.open_for(person, act(person))
        ledger.give(Words(Purpose.TAKE_PART, 1, "en", b"digest"), act(person))
        self.mentoring.commit(order(person), ledger)
        return person

    def place(self, granted: int = 2, programme: UUID | None = None) -> UUID:
        buyer = register_organisation(
            self.mentoring, order(COORDINATOR), id=uuid4(), name="Fernley"
        ).subject
        terms = terms_of(programme or self.programme, around=MONDAY.date())
        agreement = sign_agreement(
            self.mentoring, order(COORDINATOR), id=uuid4(), organisation=buyer, terms=terms
        ).subject
        return grant_place(
            self.mentoring, order(COORDINATOR), id=uuid4(), agreement=agreement, sessions=granted
        ).subject

    def request(
        self,
        *,
        granted: int = 2,
        programme: UUID | None = None,
        kind: Kind = Kind.GROUP,
        cadence: Cadence = Cadence.WEEKLY,
    ) -> UUID:
        mentee = self.somebody_who_takes_part()
        place = self.place(granted, programme)
        facts = RequestFacts(mentee, place, kind=kind, cadence=cadence)
        return relationships.request_relationship(
            self.mentoring, order(mentee), facts=facts
        ).subject

    def offer(self, request: UUID, group: UUID | None = None, mentor: UUID | None = None) -> Answer:
        mentee, mentor = self.mentee(request), mentor or self.mentor
        reasons = (sealed_for(mentee), sealed_for(mentor))
        offer = Offer(uuid4(), mentor, 1, *reasons, group=group)
        version = self.relationship(request).proposals_made + 1
        proposals.propose_mentor(
            self.mentoring, order(COORDINATOR), relationship=request, offer=offer
        )
        return Answer(request, offer.id, version)

    def accept(self, answer: Answer, *people: UUID) -> None:
        for person in people or (self.mentee(answer.relationship), self.mentor):
            proposals.accept_proposal(self.mentoring, order(person), answer=answer)

    def member(self, group: UUID | None = None, *, granted: int = 2, agrees: bool = True) -> UUID:
        """A member's relationship, in a new group or in the one that is named."""
        asked = self.request(granted=granted)
        self.accept(self.offer(asked, group))
        if agrees:
            self.agree(asked)
        return asked

    def agree(self, relationship: UUID) -> None:
        for person in (self.mentee(relationship), self.mentor):
            relationships.accept_agreement(
                self.mentoring, order(person), relationship=relationship, version=1
            )

    def group_of_three(self) -> tuple[UUID, list[UUID]]:
        first = self.member()
        group = self.group_of(first)
        return group, [first, self.member(group), self.member(group)]

    def group_of(self, relationship: UUID) -> UUID:
        found = self.relationship(relationship).group
        assert found is not None
        return found

    def plan(self, group: UUID, starts_at: datetime = NEXT_MONDAY, at: datetime = MONDAY) -> Hour:
        which = Hour(group, uuid4())
        groups.plan_hour(
            self.mentoring, order(self.mentor, at), which=which, plan=plan(starts_at), stated={}
        )
        return which

    def record(self, which: Hour, present: Iterable[UUID], at: datetime = AFTER_IT) -> None:
        groups.record_hour(
            self.mentoring,
            order(self.mentor, at),
            which=which,
            present=frozenset(present),
            minutes=60,
        )

    def withdraw(self, person: UUID, at: datetime = MONDAY) -> None:
        ledger = self.mentoring.load(ConsentLedger, ConsentLedger.id_of(person))
        ledger.withdraw(Purpose.TAKE_PART, act(person, at))
        self.mentoring.commit(order(person, at), ledger)

    def group(self, id: UUID) -> Group:
        return self.mentoring.load(Group, id)

    def relationship(self, id: UUID) -> Relationship:
        return self.mentoring.load(Relationship, id)

    def mentee(self, relationship: UUID) -> UUID:
        return self.relationship(relationship).mentee

    def session(self, which: Hour, relationship: UUID) -> Session:
        session = which.session_of(relationship).session
        return self.relationship(relationship).session(session)

    def place_of(self, relationship: UUID) -> Place:
        return self.mentoring.load(Place, self.relationship(relationship).place)

    def ledger(self, relationship: UUID) -> tuple[int, int, int]:
        """Free, reserved and used."""
        place = self.place_of(relationship)
        return place.free, len(place.reserved), len(place.used)

    def profile(self) -> MentorProfile:
        return self.mentoring.load(MentorProfile, MentorProfile.id_of(self.mentor))

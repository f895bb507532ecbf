"""A small scheme in memory to which anybody may give any command: what is refused must change nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.aggregate import Aggregate
from domain.commands import (
    consents,
    mentor_profiles,
    notices,
    organisations,
    people,
    places,
    relationships,
)
from domain.commands.consents import Shown
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Order, Recorded
from domain.notice import Notice
from domain.policies.withdrawal import intents_of_preference, intents_of_withdrawal
from domain.values import Act, Compartment, Purpose, Role
from tests.funding import signed_by_commands
from tests.properties.scheme_everything import Everything
from tests.unit.domain.builders import CLERK, MONDAY, sealed_for
from tests.unit.domain.memory import mentoring_in_memory

PURPOSES = (Purpose.TAKE_PART, Purpose.IDENTITY_PREFERENCE, Purpose.PUBLISH_STORY)
MENTEES, MENTORS = 3, 2
AN_ACT = timedelta(milliseconds=1)
"""No two acts happen at the same moment."""


class SchemeInMemory:
    """Mentees, mentors of one unit of capacity and of two, those who run it, a sponsor, a passer-by, and their records."""

    def __init__(self) -> None:
        self.mentoring = mentoring_in_memory()
        self.now = MONDAY
        self.facts = Everything()
        self._read = 0
        self.coordinator, self.sponsor, self.passer_by = uuid4(), uuid4(), uuid4()
        self.leads, self.protection_lead = [uuid4(), uuid4()], uuid4()
        self.mentees = [uuid4() for _ in range(MENTEES)]
        self.mentors = [uuid4() for _ in range(MENTORS)]
        self._begin()

    @property
    def parties(self) -> list[UUID]:
        return [*self.mentees, *self.mentors]

    @property
    def anybody(self) -> list[UUID]:
        return [*self.parties, self.coordinator, self.sponsor, self.passer_by, CLERK]

    def give(self, command: Callable[..., Recorded], by: UUID, **what: Any) -> Recorded | None:
        """Give a command; a refusal is a rule's, and leaves everything as it was."""
        before = self._length()
        self.now += AN_ACT
        recorded = None
        with suppress(DomainError):
            recorded = command(self.mentoring, Order(Act(by, self.now), uuid4()), **what)
        assert (recorded is None) == (self._length() == before), "a refusal changed something"
        self.facts.read(self._news())
        return recorded

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def follow(self, since: int) -> None:
        """Let the clerk do what follows from the endings of consents after a position."""
        for fact in list(self._events(since)):
            self._follow(fact)

    def position(self) -> int:
        return self._length()

    def words_for(self, purpose: Purpose) -> Shown:
        notice = Notice.id_of(purpose, 1, "en")
        return Shown(notice, self.mentoring.load(Notice, notice).words.digest)

    def open_to(self, person: UUID) -> list[UUID]:
        pairs = self.facts.pairs.items()
        return [id for id, pair in pairs if pair.is_open and pair.concerns(person)]

    def _follow(self, fact: object) -> None:
        person = getattr(fact, "person", None)
        if person is None:
            return
        found = self.open_to(person)
        for ending in intents_of_withdrawal(fact, found):
            self.give(
                relationships.end_for_withdrawal,
                CLERK,
                relationship=ending.relationship,
                person=ending.person,
            )
        for taken in intents_of_preference(fact, found):
            self.give(
                relationships.take_back_for_preference,
                CLERK,
                relationship=taken.relationship,
                mentee=taken.mentee,
                ended_at=taken.ended_at,
            )

    def _begin(self) -> None:
        for purpose in (*PURPOSES, Purpose.FEEDBACK):
            facts = {
                "purpose": purpose,
                "version": 1,
                "language": "en",
                "text": f"About {purpose}.",
            }
            self.give(notices.publish_notice, self.coordinator, **facts)
        for person in (*self.mentees, *self.mentors, self.coordinator, self.sponsor):
            self._register(person)
        for capacity, mentor in enumerate(self.mentors, 1):
            self.give(mentor_profiles.apply_to_mentor, mentor, person=mentor)
            self.give(mentor_profiles.approve_mentor, self.coordinator, person=mentor)
            self.give(mentor_profiles.set_capacity, mentor, person=mentor, capacity=capacity)
        self.agreement = signed_by_commands(
            self.mentoring, Act(self.coordinator, self.now), places=4, sessions_per_place=2
        )
        buyer = self.mentoring.load(FundingAgreement, self.agreement).organisation
        what = {"organisation": buyer, "person": self.sponsor}
        self.give(organisations.name_sponsor_contact, self.coordinator, **what)
        for sessions in (1, 2, 2):
            self.give(
                places.grant_place,
                self.coordinator,
                id=uuid4(),
                agreement=self.agreement,
                sessions=sessions,
            )

    def _register(self, person: UUID) -> None:
        roles = [Role.MENTEE] if person in self.mentees else [Role.MENTOR]
        roles = [Role.SPONSOR_CONTACT] if person == self.sponsor else roles
        contact = sealed_for(person, Compartment.CONTACT, "contact")
        self.give(people.register_person, self.coordinator, id=person, contact=contact, roles=roles)
        if person in (*self.mentees, *self.mentors):
            for purpose in (*PURPOSES, Purpose.FEEDBACK):
                shown = self.words_for(purpose)
                self.give(consents.give_consent, person, person=person, shown=shown)

    def _length(self) -> int:
        return self.mentoring.recorder.max_notification_id() or 0

    def _news(self) -> Iterable[Aggregate.Event]:
        news = list(self._events(self._read))
        self._read = self._length()
        return news

    def _events(self, after: int) -> Iterator[Aggregate.Event]:
        stored = self.mentoring.recorder.select_notifications(after + 1, self._length() + 1)
        for each in stored:
            event = self.mentoring.mapper.to_domain_event(each)
            assert isinstance(event, Aggregate.Event)
            yield event


def next_hour(now: datetime, days: int, hour: int) -> datetime:
    """So many days on, at that hour."""
    day = now + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)

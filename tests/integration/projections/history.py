"""A scheme's history: scenes given through the real commands, and a recorded life told again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.records.notebook_locks import locked_grant
from api.records.openings import Openings, Whose
from domain.commands import (
    consents,
    mentor_profiles,
    notebooks,
    notices,
    people,
    places,
    proposals,
    relationships,
    sessions,
)
from domain.funding_terms import MOST_PLACES
from domain.meeting import (
    Plan,
)
from domain.mentor_profile import MentorProfile
from domain.mentoring import CommandRecord, Order, Recorded
from domain.notebook import Notebook
from domain.notice import Notice
from domain.place import Place
from domain.proposal import Offer
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import RelationshipEvents as Happened
from domain.strand import Audience
from domain.values import Act, Compartment, Purpose, Role, Sealed, TimeSpan
from tests.funding import signed_by_commands
from tests.recorded_life import Command, Event, Life, recorded_life
from tests.sealed_notes import epoch_of, grants_for

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = "Quillfeather thinks about the corridor"
"""What somebody sealed; to find it in a read model is a leak."""

OWN_WORDS = 1000
"""Far above the versions of the recorded life."""


@dataclass
class Told:
    """One relationship as the storyteller knows it."""

    id: UUID
    mentee: UUID
    place: UUID


class History:
    """Tells a story step by step: one of its own, and as much of a recorded one as is asked for."""

    def __init__(self, parts: Parts, seed: int = 0) -> None:
        self._mentoring = parts.mentoring
        self._mapper, self._recorder = parts.mapper, parts.recorder
        self._life = iter(recorded_life().commands)
        self._is_told = False
        self._openings = Openings(parts.mentoring, parts.keyring)
        self._words_version = OWN_WORDS + seed
        self._at = BEGINNING
        self._position = 0
        self.coordinator = uuid4()
        self.told: list[Told] = []
        self.mentors: list[UUID] = []
        self._notice: UUID | None = None

    @cached_property
    def _agreement(self) -> UUID:
        act = Act(self.coordinator, self._at)
        return signed_by_commands(self._mentoring, act, places=MOST_PLACES)

    @property
    def position(self) -> int:
        """Where the last command was recorded."""
        return self._position

    def do(self, command: Callable[..., Recorded], by: UUID, **what: Any) -> Recorded:
        """Give one command at the story's own time."""
        self._at += timedelta(minutes=1)
        recorded = command(self._mentoring, Order(Act(by, self._at), uuid4()), **what)
        self._position = recorded.position
        return recorded

    def sealed(self, owner: UUID, compartment: Compartment = Compartment.PERSONAL) -> Sealed:
        purpose = "contact" if compartment is Compartment.CONTACT else Purpose.TAKE_PART.value
        return self._openings.seal(Whose(compartment, owner, purpose, "words"), WORDS)

    def person(self, role: Role) -> UUID:
        """Somebody who takes part."""
        person = uuid4()
        contact = self.sealed(person, Compartment.CONTACT)
        self.do(people.register_person, person, id=person, contact=contact, roles=[role])
        shown = consents.Shown(
            self._words(), self._mentoring.load(Notice, self._words()).words.digest
        )
        self.do(consents.give_consent, person, person=person, shown=shown)
        return person

    def mentor(self, capacity: int = 12) -> UUID:
        mentor = self.person(Role.MENTOR)
        self.do(mentor_profiles.apply_to_mentor, mentor, person=mentor)
        self.do(mentor_profiles.approve_mentor, self.coordinator, person=mentor)
        self.do(mentor_profiles.set_capacity, mentor, person=mentor, capacity=capacity)
        self.mentors.append(mentor)
        return mentor

    def request(self) -> Told:
        mentee = self.person(Role.MENTEE)
        place = uuid4()
        told = Told(Relationship.id_of(mentee, place, 1), mentee, place)
        self.do(places.grant_place, self.coordinator, id=told.place, agreement=self._agreement)
        facts = RequestFacts(mentee, told.place, themes=self.sealed(mentee))
        self.do(relationships.request_relationship, mentee, facts=facts)
        self.told.append(told)
        return told

    def propose(self, told: Told, mentor: UUID) -> None:
        offer = Offer(uuid4(), mentor, 1, self.sealed(told.mentee), self.sealed(mentor))
        self.do(proposals.propose_mentor, self.coordinator, relationship=told.id, offer=offer)

    def accept(self, told: Told, by: UUID) -> None:
        self.do(proposals.accept_proposal, by, answer=self._answer(told))

    def match(self, told: Told, mentor: UUID) -> None:
        self.propose(told, mentor)
        self.accept(told, told.mentee)
        self.accept(told, mentor)

    def activate(self, told: Told, mentor: UUID) -> None:
        self.match(told, mentor)
        for person in (told.mentee, mentor):
            self.do(relationships.accept_agreement, person, relationship=told.id, version=1)

    def schedule(self, told: Told) -> UUID:
        session = uuid4()
        which = sessions.Which(told.id, session)
        self.do(sessions.schedule_session, told.mentee, which=which, plan=self._plan())
        return session

    def hold(self, told: Told, session: UUID) -> None:
        subject = self.load(told)
        self._at = max(self._at, subject.session(session).span.ends_at)
        self.do(
            sessions.hold_session,
            told.mentee,
            which=sessions.Which(told.id, session),
            minutes=55,
            attended_by=tuple(sorted(subject.people)),
        )

    def begin_notebook(self, told: Told) -> None:
        alone, notebook = (told.mentee,), Notebook.id_of(told.id)
        epoch = epoch_of(notebook, Audience.OWN, 1, told.mentee, alone)
        grants = tuple(
            locked_grant(self._openings, notebook, (Audience.OWN, 1), each)
            for each in grants_for(notebook, Audience.OWN, 1, alone)
        )
        self.do(notebooks.open_epoch, told.mentee, relationship=told.id, epoch=epoch, grants=grants)

    def load(self, told: Told) -> Relationship:
        return self._mentoring.load(Relationship, told.id)

    def place(self, told: Told) -> Place:
        return self._mentoring.load(Place, told.place)

    def tell(self, commands: int) -> None:
        """So many commands more of the recorded life, as they were recorded; first what came before anybody was matched."""
        if not self._is_told:
            self._is_told = True
            self._record(list(_opening(self._life)))
        for _ in range(commands):
            self._record([next(self._life)])

    def _record(self, commands: list[Command]) -> None:
        """In one append, with their fields sealed here."""
        events = [event for each in commands for event in self._sealed_here(each)]
        last = events[-1]
        command = CommandRecord(uuid4(), b"", last.originator_id, last.originator_version)
        stored = [self._mapper.to_stored_event(event) for event in events]
        self._position = self._recorder.insert_events(stored, command=command)[-1]
        self._at = max(self._at, last.timestamp)
        for event in events:
            self._remember(event)

    def _sealed_here(self, command: Command) -> Command:
        [told] = Life((command,)).again(seal=self._seal_again).commands
        return told

    def _seal_again(self, field: Sealed) -> Sealed:
        whose = Whose(field.compartment, field.owner, field.purpose, field.field)
        return self._openings.seal(whose, WORDS)

    def _remember(self, event: Event) -> None:
        if isinstance(event, Relationship.Created):
            self.told.append(Told(event.originator_id, event.mentee, event.place))
        if isinstance(event, MentorProfile.Created):
            self.mentors.append(event.person)

    def _answer(self, told: Told) -> proposals.Answer:
        proposal = self.load(told).open_proposal
        return proposals.Answer(told.id, proposal.id, proposal.version)

    def _plan(self) -> Plan:
        day = (self._at + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return Plan(TimeSpan(day, day + timedelta(hours=1), "Europe/London"))

    def _words(self) -> UUID:
        if self._notice is None:
            self._notice = self.do(
                notices.publish_notice,
                self.coordinator,
                purpose=Purpose.TAKE_PART,
                version=self._words_version,
                language="en",
                text="May we keep a record of your mentoring?",
            ).subject
        return self._notice


def _opening(life: Iterator[Command]) -> Iterator[Command]:
    """What happens until somebody is matched."""
    for command in life:
        yield command
        if any(isinstance(event, Happened.Matched) for event in command):
            return


def notebook_of(told: Told) -> UUID:
    return Notebook.id_of(told.id)

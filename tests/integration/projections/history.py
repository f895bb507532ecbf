"""Random histories of a scheme, given through the real commands: the same seed tells the same story."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
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
from domain.errors import DomainError
from domain.funding_terms import MOST_PLACES
from domain.mentoring import Order, Recorded
from domain.notebook import Notebook
from domain.notice import Notice
from domain.place import Place
from domain.proposal import DeclineReason, Offer
from domain.relationship import Relationship, RequestFacts
from domain.relationship_events import Cadence, ClosingReason, RematchReason
from domain.session import CancellationReason, CorrectionReason, Outcome, Plan
from domain.strand import Audience
from domain.values import Act, Compartment, Purpose, Role, Sealed, TimeSpan
from tests.funding import signed_by_commands
from tests.sealed_notes import epoch_of, grants_for

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = "Quillfeather thinks about the corridor"
"""What somebody sealed; to find it in a read model is a leak."""


@dataclass
class Told:
    """One relationship as the storyteller knows it."""

    id: UUID
    mentee: UUID
    place: UUID


class History:
    """Tells a story step by step; what the rules refuse does not happen."""

    def __init__(self, parts: Parts, seed: int = 0) -> None:
        self._mentoring = parts.mentoring
        self._openings = Openings(parts.mentoring, parts.keyring)
        self._words_version = seed + 1
        self._random = Random(seed)  # noqa: S311 - chance tells a story here, it keeps no secret
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

    def tell(self, steps: int) -> None:
        """So many steps that the rules allow."""
        while len(self.mentors) < 2:
            self.mentor()
        while steps:
            self._at += timedelta(hours=self._random.randrange(0, 30))
            try:
                self._random.choice(self._choices())()
            except (DomainError, KeyError):
                continue
            steps -= 1

    def _choices(self) -> list[Callable[[], object]]:
        if not self.told:
            return [self.request]
        told = self._random.choice(self.told[-6:])
        return [self.request, *self._before_a_match(told), *self._after_a_match(told)]

    def _before_a_match(self, told: Told) -> list[Callable[[], object]]:
        mentor = self._random.choice(self.mentors)
        proposed = self.load(told).proposal
        answered_by = proposed.mentor if proposed and self._random.random() < 0.5 else told.mentee
        return [
            lambda: self.propose(told, mentor),
            lambda: self.accept(told, answered_by),
            lambda: self.accept(told, answered_by),
            lambda: self.activate(told, mentor),
            lambda: self._decline(told, answered_by),
            lambda: self._expire(told),
            lambda: self._by_mentee(relationships.declare_conflict, told, with_person=mentor),
        ]

    def _after_a_match(self, told: Told) -> list[Callable[[], object]]:
        return [
            lambda: self._by_mentee(relationships.accept_agreement, told, version=2),
            lambda: self.schedule(told),
            lambda: self.schedule(told),
            lambda: self._settle(told),
            lambda: self._settle(told),
            lambda: self._correct(told),
            lambda: self.begin_notebook(told),
            lambda: self._by_mentee(relationships.change_cadence, told, cadence=Cadence.WEEKLY),
            lambda: self._by_mentee(relationships.pause_relationship, told),
            lambda: self._by_mentee(relationships.resume_relationship, told),
            lambda: self._by_mentee(
                relationships.request_rematch, told, reason=RematchReason.NO_REASON_GIVEN
            ),
            lambda: self._close(told),
        ]

    def _by_mentee(self, command: Callable[..., Recorded], told: Told, **what: Any) -> None:
        self.do(command, told.mentee, relationship=told.id, **what)

    def _answer(self, told: Told) -> proposals.Answer:
        proposal = self.load(told).open_proposal
        return proposals.Answer(told.id, proposal.id, proposal.version)

    def _decline(self, told: Told, by: UUID) -> None:
        answer, reason = self._answer(told), DeclineReason.NOT_NOW
        self.do(proposals.decline_proposal, by, answer=answer, reason=reason, words=self.sealed(by))

    def _expire(self, told: Told) -> None:
        self._at = max(self._at, self.load(told).open_proposal.expires_at)
        self.do(proposals.expire_proposal, self.coordinator, answer=self._answer(told))

    def _settle(self, told: Told) -> None:
        session = self._any_session(told)
        which, subject = sessions.Which(told.id, session), self.load(told)
        way = self._random.randrange(4)
        if way == 0:
            reason = CancellationReason.CANNOT_ATTEND
            self.do(sessions.cancel_session, told.mentee, which=which, reason=reason)
        elif way == 1:
            self.do(sessions.reschedule_session, told.mentee, which=which, plan=self._plan())
        elif way == 2:
            self._at = max(self._at, subject.session(session).span.ends_at)
            who = subject.mentor or told.mentee
            self.do(sessions.record_absence, told.mentee, which=which, who=who)
        else:
            self.hold(told, session)

    def _correct(self, told: Told) -> None:
        which = sessions.Which(told.id, self._any_session(told))
        if self._random.random() < 0.5:
            words = self.sealed(told.mentee)
            self.do(sessions.dispute_attendance, told.mentee, which=which, words=words)
        self.do(
            sessions.correct_attendance,
            self.coordinator,
            which=which,
            outcome=self._random.choice(list(Outcome)),
            reason=CorrectionReason.DISPUTE_UPHELD,
        )

    def _close(self, told: Told) -> None:
        if self._random.random() < 0.3:
            reason = self._random.choice(list(ClosingReason))
            self._by_mentee(relationships.close_relationship, told, reason=reason)

    def _any_session(self, told: Told) -> UUID:
        known = sorted(self.load(told).sessions.values(), key=lambda each: each.span.starts_at)
        if not known:
            raise KeyError
        return self._random.choice(known).id

    def _plan(self) -> Plan:
        day = (self._at + timedelta(days=self._random.randrange(1, 9))).replace(
            hour=10, minute=0, second=0, microsecond=0
        )
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


def notebook_of(told: Told) -> UUID:
    return Notebook.id_of(told.id)

"""Very many people of one programme, begun some in a commit: who waits and who mentors, with what they wish."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.enrolment import enrol
from api.records.contact import Contact
from api.records.openings import Openings, Whose
from api.records.statements import seal_stated
from domain.aggregate import Aggregate
from domain.commands import consents, mentor_profiles, notices, people, places, preferences
from domain.commands.funding import sign_agreement
from domain.commands.organisations import register_organisation
from domain.commands.programmes import open_programme
from domain.commands.relationships import request_relationship
from domain.commands.together import Together
from domain.matching.aspects import Aspect, Importance
from domain.matching.stated import Stated, Wish
from domain.mentoring import Order, Recorded
from domain.notice import Notice
from domain.programme import Settings
from domain.relationship import RequestFacts
from domain.relationship_events import Part
from domain.values import Act, Compartment, Purpose, Role
from tests.benchmarks.matching_people import PersonRow
from tests.funding import terms_of


class NewPeople(Together):
    """Several new people in one commit: what one command begins, the next one finds."""

    def commit(self, order: Order, *changed: Aggregate, read: Sequence[Aggregate] = ()) -> Recorded:
        self._loaded |= {each.id: each for each in changed}
        return super().commit(order, *changed, read=read)


@dataclass(frozen=True)
class Crowd:
    """Somebody who gives commands, and the programme they are about."""

    parts: Parts
    openings: Openings
    coordinator: UUID
    programme: UUID
    shown: consents.Shown
    agreements: Sequence[UUID]

    def do(self, command: Callable[..., Recorded], by: UUID, **what: Any) -> Recorded:
        """One command, decided anew where others came first."""
        return carry_out(lambda: command(self.parts.mentoring, order_of(by), **what))

    def wait(self, numbered: tuple[int, Sequence[PersonRow]]) -> None:
        """Some more with places, who ask."""
        number, rows = numbered
        self._together(self._waits, rows, self.agreements[number % len(self.agreements)])

    def mentor(self, rows: Sequence[PersonRow]) -> None:
        """Some more with room for one each."""
        self._together(self._mentors, rows)

    def _together(self, each: Callable[..., None], rows: Sequence[PersonRow], *more: UUID) -> None:
        def decide() -> Recorded:
            new = NewPeople(self.parts.mentoring)
            for row in rows:
                each(new, row, *more)
            return new.commit_all(order_of(self.coordinator))

        carry_out(decide)

    def _waits(self, new: NewPeople, row: PersonRow, agreement: UUID) -> None:
        id, place = self._person(new, row, Role.MENTEE), uuid4()
        places.grant_place(new, order_of(self.coordinator), id=place, agreement=agreement)
        request_relationship(new, order_of(id), facts=RequestFacts(id, place))

    def _mentors(self, new: NewPeople, row: PersonRow) -> None:
        id = self._person(new, row, Role.MENTOR)
        mentor_profiles.apply_to_mentor(new, order_of(id), person=id)
        mentor_profiles.approve_mentor(new, order_of(self.coordinator), person=id)
        mentor_profiles.set_capacity(new, order_of(id), person=id, capacity=1)

    def _person(self, new: NewPeople, row: PersonRow, role: Role) -> UUID:
        """Somebody who takes part and said what they wish."""
        id = uuid4()
        contact = self.openings.seal(Whose(Compartment.CONTACT, id, "contact", "contact"), "{}")
        people.register_person(new, order_of(id), id=id, contact=contact, roles=[role])
        consents.give_consent(new, order_of(id), person=id, shown=self.shown)
        stated = seal_stated(self.openings, id, _stated(row, role))
        part = Part.MENTOR if role is Role.MENTOR else Part.MENTEE
        preferences.state_preferences(new, order_of(id), part=part, stated=stated)
        return id


def begun(parts: Parts, *, agreements: int) -> Crowd:
    """A programme without anybody, whose places several agreements pay for."""
    mentoring, openings = parts.mentoring, Openings(parts.mentoring, parts.keyring)
    order = lambda: order_of(uuid4())  # noqa: E731 - several orders, whose does not matter
    programme = open_programme(mentoring, order(), id=uuid4(), settings=Settings("Any")).subject
    buyer = register_organisation(mentoring, order(), id=uuid4(), name="Fernley").subject
    terms = terms_of(programme, places=1_000)
    signed = [
        sign_agreement(mentoring, order(), id=uuid4(), organisation=buyer, terms=terms).subject
        for _ in range(agreements)
    ]
    shown = words_on(parts, Purpose.TAKE_PART)
    person = enrol(parts, Contact("Crowd", "crowd@example.org"), [Role.COORDINATOR])
    return Crowd(parts, openings, person, programme, shown, signed)


def words_on(parts: Parts, purpose: Purpose) -> consents.Shown:
    """New words, as somebody who answers them was shown them."""
    notice = notices.publish_notice(
        parts.mentoring,
        order_of(uuid4()),
        purpose=purpose,
        version=1 + secrets.randbelow(2**30),
        language="en",
        text=f"May we, for {purpose}?",
    ).subject
    return consents.Shown(notice, parts.mentoring.load(Notice, notice).words.digest)


def order_of(by: UUID) -> Order:
    """An order that somebody gives now."""
    return Order(Act(by, datetime.now(UTC)), uuid4())


def _stated(row: PersonRow, role: Role) -> Stated:
    """The same person as a statement; what a mentee thinks of is a wish, and an offer of a mentor."""
    about, wishes = defaultdict(set), defaultdict(set)
    for held in row["holds"]:
        aspect, _, value = held.partition(":")
        if role is Role.MENTOR or aspect == Aspect.PRACTICE.value:
            about[Aspect(aspect)].add(value)
    for wished in row["wishes"]:
        aspect, _, value = wished.partition(":")
        wishes[Aspect(aspect)].add(value)
    return Stated(
        languages=tuple(row["languages"]),
        about=tuple((aspect, tuple(values)) for aspect, values in about.items()),
        wishes=tuple(
            Wish(aspect, tuple(values), Importance.WISH) for aspect, values in wishes.items()
        ),
    )

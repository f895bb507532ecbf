"""Two who found each other: a link that works once, both consents, the programme's rules, and no proposal."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands import partners, relationships
from domain.commands.partners import PartnerLink
from domain.commands.people import grant_role
from domain.consent import ConsentIsNotLive
from domain.mentor_offer import KindIsNotTheirs
from domain.mentoring import Recorded
from domain.person import CONTACT_PURPOSE, Person
from domain.place import Place, PlaceTaken
from domain.relationship_events import ClosingReason, Kind, Part, Participant
from domain.relationship_events import RelationshipEvents as Happened
from domain.relationship_partner import (
    LINK_LASTS,
    LinkIsOver,
    NoLink,
    NotInformal,
    NotThePartner,
    PartnerCameAlready,
    link_of,
)
from domain.relationship_state import (
    AlreadyClosed,
    AlreadyMatched,
    ConflictDeclaredBefore,
    NothingToEnd,
    NotTheMentee,
    Stage,
)
from domain.values import Compartment, Role
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.commanded import Scheme, order

LINK = link_of("some token")


class Found:
    """Somebody who asked for informal mentoring, and the partner whom they found."""

    def __init__(self) -> None:
        self.scheme = Scheme()
        self.mentee = self.scheme.somebody_who_takes_part()
        self.partner = self.scheme.somebody_who_takes_part()
        programme = self.scheme.programme(kinds=(Kind.INFORMAL,))
        self.place = self.scheme.place(under=programme)
        self.id = self.scheme.request(self.mentee, self.place, Kind.INFORMAL)

    def invite(self, link: UUID = LINK, by: UUID | None = None) -> None:
        words = sealed_for(self.mentee, Compartment.PERSONAL)
        partners.invite_partner(
            self.scheme.mentoring,
            order(by or self.mentee),
            relationship=self.id,
            link=link,
            words=words,
        )

    def register(self) -> None:
        """Make the partner known, as somebody with another role."""
        contact = sealed_for(self.partner, Compartment.CONTACT, CONTACT_PURPOSE)
        person = Person.register(self.partner, contact, act(self.partner))
        self.scheme.mentoring.commit(order(self.partner), person)
        grant_role(self.scheme.mentoring, order(COORDINATOR), person=self.partner, role=Role.MENTEE)

    def come(self, at: datetime = MONDAY, by: UUID | None = None, link: UUID = LINK) -> None:
        subject = self.scheme.relationship(self.id)
        subject.let_partner_come(link, act(by or self.partner, at))
        self.scheme.mentoring.commit(order(by or self.partner), subject)

    def join(self, by: UUID | None = None) -> Recorded:
        return partners.join_as_partner(
            self.scheme.mentoring, order(by or self.partner), relationship=self.id
        )

    def withdraw_link(self) -> None:
        partners.withdraw_link(self.scheme.mentoring, order(self.mentee), relationship=self.id)

    def end_for_withdrawal(self, person: UUID) -> None:
        relationships.end_for_withdrawal(
            self.scheme.mentoring, order(CLERK), relationship=self.id, person=person
        )

    @property
    def stage(self) -> Stage:
        return self.scheme.relationship(self.id).stage


@pytest.fixture
def found() -> Found:
    return Found()


def test_two_who_found_each_other_are_a_pair_once_both_said_yes(found: Found) -> None:
    found.invite()
    found.come()
    assert found.stage is Stage.REQUESTED
    found.join()

    pair = found.scheme.relationship(found.id)
    assert pair.stage is Stage.MATCHED
    assert pair.participants == [
        Participant(found.mentee, Part.MENTEE),
        Participant(found.partner, Part.MENTOR),
    ]
    assert found.scheme.place_of(found.id).relationship == found.id
    for person in (found.mentee, found.partner):
        relationships.accept_agreement(
            found.scheme.mentoring, order(person), relationship=found.id, version=1
        )
    assert found.stage is Stage.ACTIVE
    topics = [type(each) for each in found.scheme.mentoring.events.get(found.id)]
    assert not any(issubclass(each, Happened.MentorProposed) for each in topics)


def test_who_is_known_comes_by_the_link_and_may_mentor_from_then_on(found: Found) -> None:
    found.register()
    found.invite()
    partners.come(found.scheme.mentoring, order(found.partner), to=PartnerLink(found.id, LINK))
    assert Role.MENTOR in found.scheme.mentoring.load(Person, found.partner).roles
    found.join()
    assert found.stage is Stage.MATCHED


def test_who_is_new_becomes_known_and_uses_the_link_in_one_commit(found: Found) -> None:
    newcomer = uuid4()
    come = lambda: partners.come_as_newcomer(  # noqa: E731 - tried twice
        found.scheme.mentoring,
        order(newcomer),
        to=PartnerLink(found.id, LINK),
        contact=sealed_for(newcomer, Compartment.CONTACT, CONTACT_PURPOSE),
    )
    with pytest.raises(LinkIsOver):
        come()
    assert not list(found.scheme.mentoring.events.get(newcomer))
    found.invite()
    come()
    assert found.scheme.relationship(found.id).partner == newcomer


def test_an_ending_gives_the_place_back_and_asks_for_no_capacity(found: Found) -> None:
    found.invite()
    found.come()
    found.join()
    found.scheme.close(found.id, found.partner)
    assert found.stage is Stage.CLOSED
    assert found.scheme.mentoring.load(Place, found.place).relationship is None
    again = found.scheme.request(found.mentee, found.place, Kind.INFORMAL)
    assert found.scheme.relationship(again).stage is Stage.REQUESTED


def test_a_link_works_once_for_one_and_only_for_so_long(found: Found) -> None:
    with pytest.raises(LinkIsOver):
        found.come()
    found.invite()
    for attempt in (
        {"link": link_of("another")},
        {"by": found.mentee},
        {"at": MONDAY + LINK_LASTS},
    ):
        with pytest.raises(LinkIsOver):
            found.come(**attempt)
    found.come()
    with pytest.raises(LinkIsOver):
        found.come(by=uuid4())
    with pytest.raises(PartnerCameAlready):
        found.invite(link_of("a second"))


def test_a_newer_link_takes_the_place_of_an_older_one(found: Found) -> None:
    newer = link_of("newer")
    found.invite()
    found.invite(newer)
    with pytest.raises(LinkIsOver):
        found.come()
    found.come(link=newer)


def test_a_link_that_was_taken_back_lets_nobody_come_or_join(found: Found) -> None:
    with pytest.raises(NoLink):
        found.withdraw_link()
    found.invite()
    found.withdraw_link()
    with pytest.raises(LinkIsOver):
        found.come()
    found.invite()
    found.come()
    found.withdraw_link()
    with pytest.raises(NotThePartner):
        found.join()


def test_a_no_is_nobodys_fault_and_the_mentee_can_ask_another(found: Found) -> None:
    found.invite()
    found.come()
    with pytest.raises(NotThePartner):
        partners.decline_as_partner(
            found.scheme.mentoring, order(found.mentee), relationship=found.id
        )
    partners.decline_as_partner(found.scheme.mentoring, order(found.partner), relationship=found.id)
    assert found.stage is Stage.REQUESTED
    found.invite(link_of("for another"))


def test_rule_1_nobody_joins_without_both_consents(found: Found) -> None:
    found.invite()
    found.come()
    with pytest.raises(NotThePartner):
        found.join(by=uuid4())
    for person in (found.mentee, found.partner):
        one = Found()
        one.invite()
        one.come()
        one.scheme.withdraw(one.mentee if person == found.mentee else one.partner)
        with pytest.raises(ConsentIsNotLive):
            one.join()


def test_rule_1_nobody_joins_across_a_declared_conflict(found: Found) -> None:
    found.invite()
    relationships.declare_conflict(
        found.scheme.mentoring,
        order(found.mentee),
        relationship=found.id,
        with_person=found.partner,
    )
    found.come()
    with pytest.raises(ConflictDeclaredBefore):
        found.join()


def test_rule_1_nobody_joins_on_a_place_that_is_taken(found: Found) -> None:
    found.invite()
    found.come()
    place = found.scheme.place_of(found.id)
    place.take(uuid4(), act(COORDINATOR))
    found.scheme.mentoring.commit(order(COORDINATOR), place)
    with pytest.raises(PlaceTaken):
        found.join()


def test_only_who_asked_informally_brings_a_partner(found: Found) -> None:
    scheme = found.scheme
    formal = scheme.request(scheme.somebody_who_takes_part())
    with pytest.raises(NotInformal):
        partners.invite_partner(
            scheme.mentoring,
            order(scheme.relationship(formal).mentee),
            relationship=formal,
            link=LINK,
            words=None,
        )
    with pytest.raises(NotTheMentee):
        found.invite(by=found.partner)
    with pytest.raises(KindIsNotTheirs):
        scheme.propose(found.id)


def test_rule_2_a_partner_who_withdraws_is_awaited_no_more(found: Found) -> None:
    found.invite()
    found.come()
    found.end_for_withdrawal(found.partner)
    subject = found.scheme.relationship(found.id)
    assert (subject.stage, subject.link, subject.partner) == (Stage.REQUESTED, None, None)
    with pytest.raises(NothingToEnd):
        found.end_for_withdrawal(found.partner)


def test_rule_2_a_mentee_who_withdraws_takes_the_link_back(found: Found) -> None:
    found.invite()
    found.end_for_withdrawal(found.mentee)
    subject = found.scheme.relationship(found.id)
    assert (subject.closed_for, subject.link) == (ClosingReason.CONSENT_WITHDRAWN, None)
    with pytest.raises(AlreadyClosed):
        found.come()


def test_a_pair_needs_no_further_link(found: Found) -> None:
    found.invite()
    found.come()
    found.join()
    with pytest.raises(AlreadyMatched):
        found.invite(link_of("late"))
    with pytest.raises(AlreadyMatched):
        found.come(at=MONDAY + timedelta(days=1))

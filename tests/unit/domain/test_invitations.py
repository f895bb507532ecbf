"""Rule 14: an invitation lets one practitioner in, once, and nothing of it says whom."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest

from domain.aggregate import Aggregate
from domain.commands.funding import amend_agreement, end_agreement
from domain.commands.invitations import (
    HasAPlace,
    NothingToWithdraw,
    Pool,
    WrongLastDay,
    issue_as_sponsor,
    issue_invitations,
    join_by_invitation,
    use_invitation,
    withdraw_invitations,
)
from domain.commands.organisations import end_sponsor_contact, name_sponsor_contact
from domain.commands.people import register_person
from domain.consent import ConsentLedger
from domain.errors import DomainError
from domain.funding_agreement import (
    AgreementNotInForce,
    FundingAgreement,
    NoFreeFunding,
    TooManyInvitations,
)
from domain.invitation import (
    Invitation,
    InvitationIsOver,
    InvitationIsUsed,
    InvitationIsWithdrawn,
)
from domain.mentoring import Mentoring, NotFound, Order
from domain.organisation import NotASponsorContact
from domain.person import Person, PersonIsInactive
from domain.person_events import InactiveReason
from domain.place import Place
from domain.values import Compartment, Role
from tests.funding import signed_by_commands
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.memory import mentoring_in_memory

TOKENS = count()


class Scheme:
    """An agreement for three places, whose organisation has a sponsor contact."""

    def __init__(self, places: int = 3) -> None:
        self.mentoring: Mentoring = mentoring_in_memory()
        self.agreement = signed_by_commands(self.mentoring, act(COORDINATOR), places=places)
        self.sponsor = self.person(Role.SPONSOR_CONTACT)
        name_sponsor_contact(
            self.mentoring,
            self.order(COORDINATOR),
            organisation=self.funding.organisation,
            person=self.sponsor,
        )

    @property
    def funding(self) -> FundingAgreement:
        return self.mentoring.load(FundingAgreement, self.agreement)

    def order(self, by: UUID, at: datetime = MONDAY) -> Order:
        return Order(act(by, at), uuid4())

    def person(self, role: Role) -> UUID:
        id, contact = uuid4(), Compartment.CONTACT
        sealed = sealed_for(id, contact, "contact")
        register_person(self.mentoring, self.order(id), id=id, contact=sealed, roles=[role])
        return id

    def pool(self, number: int, expires_on: date | None = None) -> Pool:
        ids = [Invitation.id_of(f"token {next(TOKENS)}") for _ in range(number)]
        return Pool(self.agreement, ids, expires_on)

    def issue(self, number: int = 1, expires_on: date | None = None) -> list[UUID]:
        pool = self.pool(number, expires_on)
        issue_invitations(self.mentoring, self.order(COORDINATOR), pool)
        return list(pool.invitations)

    def join(self, invitation: UUID, at: datetime = MONDAY) -> UUID:
        newcomer = uuid4()
        join_by_invitation(
            self.mentoring,
            self.order(newcomer, at),
            invitation=invitation,
            contact=sealed_for(newcomer, Compartment.CONTACT, "contact"),
        )
        return newcomer

    def withdraw(self) -> None:
        withdraw_invitations(self.mentoring, self.order(COORDINATOR), agreement=self.agreement)


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def test_a_newcomer_becomes_a_mentee_with_a_place_of_their_own(scheme: Scheme) -> None:
    newcomer = scheme.join(scheme.issue()[0])

    place = scheme.mentoring.load(Place, Place.id_of(scheme.agreement, newcomer))
    assert (place.mentee, place.agreement, place.granted) == (newcomer, scheme.agreement, 3)
    assert scheme.mentoring.load(Person, newcomer).roles == {Role.MENTEE}
    assert not scheme.mentoring.load(ConsentLedger, ConsentLedger.id_of(newcomer)).is_closed
    assert scheme.funding.allotted == {place.id: 3}


def test_rule_14_an_invitation_is_used_once(scheme: Scheme) -> None:
    (invitation,) = scheme.issue()
    scheme.join(invitation)

    with pytest.raises(InvitationIsUsed):
        scheme.join(invitation)
    assert len(scheme.funding.allotted) == 1


def test_rule_14_nothing_recorded_of_an_invitation_says_who_used_it(scheme: Scheme) -> None:
    (invitation,) = scheme.issue()
    newcomer = scheme.join(invitation)
    place = Place.id_of(scheme.agreement, newcomer)

    used = list(scheme.mentoring.events.get(invitation))[-1]
    assert isinstance(used, Invitation.Used)
    assert used.actor == invitation
    assert {newcomer, place}.isdisjoint(vars(used).values())
    for event in scheme.mentoring.events.get(newcomer):
        assert invitation not in vars(event).values()
    for event in scheme.mentoring.events.get(place):
        assert invitation not in vars(event).values()


def test_no_later_field_could_say_it() -> None:
    inherited = {each.name for each in fields(Aggregate.Event)}

    assert {each.name for each in fields(Invitation.Used)} == inherited


def test_a_token_is_not_its_id_and_another_token_is_another_invitation() -> None:
    token = "invitation_0123456789"

    assert token not in str(Invitation.id_of(token))
    assert Invitation.id_of(token) == Invitation.id_of(token)
    assert Invitation.id_of(token) != Invitation.id_of(token + "0")


def test_an_unknown_invitation_lets_nobody_in(scheme: Scheme) -> None:
    with pytest.raises(NotFound):
        scheme.join(uuid4())


def test_it_lasts_to_the_end_of_its_last_day_where_the_agreement_is(scheme: Scheme) -> None:
    first, second = scheme.issue(2, expires_on=MONDAY.date())
    midnight = MONDAY.replace(hour=0) + timedelta(days=1)

    scheme.join(first, midnight - timedelta(seconds=1))
    with pytest.raises(InvitationIsOver):
        scheme.join(second, midnight)


def test_a_last_day_lies_within_the_agreement(scheme: Scheme) -> None:
    for day in (MONDAY.date() - timedelta(days=1), date(2099, 1, 1)):
        with pytest.raises(WrongLastDay):
            scheme.issue(1, expires_on=day)

    (invitation,) = scheme.issue()
    assert scheme.mentoring.load(Invitation, invitation).expires_on == scheme.funding.terms.ends_on


def test_there_are_no_more_invitations_than_places(scheme: Scheme) -> None:
    scheme.issue(2)
    with pytest.raises(TooManyInvitations):
        scheme.issue(2)
    assert len(scheme.funding.invitations) == 2


def test_an_agreement_that_ended_lets_nobody_in(scheme: Scheme) -> None:
    (invitation,) = scheme.issue()
    end_agreement(scheme.mentoring, scheme.order(COORDINATOR), agreement=scheme.agreement)

    with pytest.raises(AgreementNotInForce):
        scheme.join(invitation)


def test_an_agreement_without_free_sessions_lets_nobody_in(scheme: Scheme) -> None:
    invitation, other = scheme.issue(2)
    scheme.join(other)
    fewer = replace(scheme.funding.terms, places=1)
    amend_agreement(
        scheme.mentoring, scheme.order(COORDINATOR), agreement=scheme.agreement, terms=fewer
    )

    with pytest.raises(NoFreeFunding):
        scheme.join(invitation)
    assert scheme.mentoring.load(Invitation, invitation).is_left


def test_who_is_known_already_gets_a_place_and_becomes_a_mentee(scheme: Scheme) -> None:
    mentor = scheme.person(Role.MENTOR)
    (invitation,) = scheme.issue()
    use_invitation(scheme.mentoring, scheme.order(mentor), invitation=invitation)

    place = scheme.mentoring.load(Place, Place.id_of(scheme.agreement, mentor))
    assert place.mentee == mentor
    assert scheme.mentoring.load(Person, mentor).roles == {Role.MENTOR, Role.MENTEE}


def test_nobody_has_two_places_of_an_agreement(scheme: Scheme) -> None:
    first, second = scheme.issue(2)
    newcomer = scheme.join(first)

    with pytest.raises(HasAPlace):
        use_invitation(scheme.mentoring, scheme.order(newcomer), invitation=second)
    assert scheme.mentoring.load(Invitation, second).is_left


def test_who_is_inactive_uses_none(scheme: Scheme) -> None:
    mentee = scheme.person(Role.MENTEE)
    person = scheme.mentoring.load(Person, mentee)
    person.deactivate(InactiveReason.ON_LEAVE, act(COORDINATOR))
    scheme.mentoring.commit(scheme.order(COORDINATOR), person)
    (invitation,) = scheme.issue()

    with pytest.raises(PersonIsInactive):
        use_invitation(scheme.mentoring, scheme.order(mentee), invitation=invitation)


def test_all_that_are_left_are_withdrawn_at_once(scheme: Scheme) -> None:
    used, *left = scheme.issue(3)
    scheme.join(used)
    scheme.withdraw()

    for each in left:
        with pytest.raises(InvitationIsWithdrawn):
            scheme.join(each)
    assert scheme.mentoring.load(Invitation, used).is_used
    assert scheme.funding.invitations == {used}
    with pytest.raises(NothingToWithdraw):
        scheme.withdraw()


def test_a_coordinator_issues_anew_what_was_withdrawn(scheme: Scheme) -> None:
    scheme.join(scheme.issue(3)[0])
    scheme.withdraw()
    scheme.issue(2)
    with pytest.raises(TooManyInvitations):
        scheme.issue()


def refusal_of_sponsor(scheme: Scheme, number: int) -> type[DomainError] | None:
    pool = scheme.pool(number)
    try:
        issue_as_sponsor(scheme.mentoring, scheme.order(scheme.sponsor), pool)
    except DomainError as error:
        return type(error)
    return None


@pytest.mark.parametrize("used", [0, 1, 2])
@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_what_a_sponsor_may_issue_does_not_tell_how_many_were_used(
    scheme: Scheme, used: int, *, is_withdrawn: bool
) -> None:
    first, second = scheme.issue(2)
    for each in (first, second)[:used]:
        scheme.join(each)
    if is_withdrawn and used < 2:
        scheme.withdraw()

    assert refusal_of_sponsor(scheme, 2) is TooManyInvitations
    assert refusal_of_sponsor(scheme, 1) is None
    assert refusal_of_sponsor(scheme, 1) is TooManyInvitations


def test_who_looks_after_another_agreement_or_none_any_more_issues_nothing(scheme: Scheme) -> None:
    stranger = Scheme().sponsor
    with pytest.raises(NotASponsorContact):
        issue_as_sponsor(scheme.mentoring, scheme.order(stranger), scheme.pool(1))

    organisation = scheme.funding.organisation
    end_sponsor_contact(
        scheme.mentoring,
        scheme.order(COORDINATOR),
        organisation=organisation,
        person=scheme.sponsor,
    )
    assert refusal_of_sponsor(scheme, 1) is NotASponsorContact

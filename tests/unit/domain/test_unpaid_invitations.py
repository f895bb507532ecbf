"""A programme whose places nobody has to pay for lets people in by invitations of its own."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest

from domain.aggregate import Aggregate
from domain.commands.invitations import (
    HasAPlace,
    Pool,
    WrongLastDay,
    issue_without_agreement,
    join_by_invitation,
    use_invitation,
    withdraw_without_agreement,
)
from domain.commands.places import PlaceNeedsFunding
from domain.commands.programmes import change_settings, open_programme
from domain.invitation import (
    Invitation,
    InvitationIsOver,
    InvitationIsUsed,
    InvitationIsWithdrawn,
)
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.person import Person
from domain.place import Place
from domain.programme import Settings
from domain.relationship_events import Kind
from domain.values import Compartment, Role
from tests.unit.domain.builders import COORDINATOR, MONDAY, act, sealed_for
from tests.unit.domain.memory import HeadHasMoved, mentoring_in_memory

TOKENS = count()
UNPAID = Settings(name="Side by side", kinds=(Kind.REVERSE,), ceiling=2, needs_place=False)
PAID = Settings(name="Side by side", kinds=(Kind.REVERSE,), ceiling=2)


class Scheme:
    """A programme for which nobody pays."""

    def __init__(self, settings: Settings = UNPAID) -> None:
        self.mentoring: Mentoring = mentoring_in_memory()
        self.programme = uuid4()
        open_programme(
            self.mentoring, self.order(COORDINATOR), id=self.programme, settings=settings
        )

    def order(self, by: UUID, at: datetime = MONDAY) -> Order:
        return Order(act(by, at), uuid4())

    def issue(
        self, number: int = 1, expires_on: date | None = None, at: datetime = MONDAY
    ) -> list[UUID]:
        ids = [Invitation.id_of(f"token {next(TOKENS)}") for _ in range(number)]
        pool = Pool(self.programme, ids, expires_on)
        issue_without_agreement(self.mentoring, self.order(COORDINATOR, at), pool)
        return ids

    def join(self, invitation: UUID, at: datetime = MONDAY) -> UUID:
        newcomer = uuid4()
        contact = sealed_for(newcomer, Compartment.CONTACT, "contact")
        order = self.order(newcomer, at)
        join_by_invitation(self.mentoring, order, invitation=invitation, contact=contact)
        return newcomer

    def withdraw(self, at: datetime = MONDAY) -> None:
        order = self.order(COORDINATOR, at)
        withdraw_without_agreement(self.mentoring, order, programme=self.programme)

    def charge(self) -> None:
        order = self.order(COORDINATOR)
        change_settings(self.mentoring, order, programme=self.programme, settings=PAID)


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def test_a_newcomer_becomes_a_mentee_with_a_place_that_nobody_pays_for(scheme: Scheme) -> None:
    newcomer = scheme.join(scheme.issue()[0])

    place = scheme.mentoring.load(Place, Place.id_of(scheme.programme, newcomer))
    assert (place.mentee, place.agreement, place.granted) == (newcomer, scheme.programme, 2)
    assert scheme.mentoring.load(Person, newcomer).roles == {Role.MENTEE}


def test_an_invitation_is_used_once(scheme: Scheme) -> None:
    (invitation,) = scheme.issue()
    scheme.join(invitation)

    with pytest.raises(InvitationIsUsed):
        scheme.join(invitation)


def test_somebody_has_one_place_in_a_programme(scheme: Scheme) -> None:
    first, second, third = scheme.issue(3)
    newcomer = scheme.join(first)

    with pytest.raises(HasAPlace):
        use_invitation(scheme.mentoring, scheme.order(newcomer), invitation=second)
    besides = [scheme.programme]
    with pytest.raises(HasAPlace):
        use_invitation(scheme.mentoring, scheme.order(newcomer), invitation=third, besides=besides)


def test_what_was_withdrawn_lets_nobody_in_and_what_is_issued_later_does(scheme: Scheme) -> None:
    before = scheme.issue()[0]
    scheme.withdraw(MONDAY + timedelta(hours=1))
    after = scheme.issue(at=MONDAY + timedelta(hours=2))[0]

    with pytest.raises(InvitationIsWithdrawn):
        scheme.join(before, MONDAY + timedelta(hours=3))
    newcomer = scheme.join(after, MONDAY + timedelta(hours=3))
    assert scheme.mentoring.load(Place, Place.id_of(scheme.programme, newcomer)).free == 2


def test_a_withdrawal_meanwhile_keeps_out_whoever_is_joining(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    (invitation,) = scheme.issue()
    commit = scheme.mentoring.commit

    def commit_late(order: Order, *changed: Aggregate, read: Sequence[Aggregate] = ()) -> Recorded:
        monkeypatch.undo()
        scheme.withdraw()
        return commit(order, *changed, read=read)

    monkeypatch.setattr(scheme.mentoring, "commit", commit_late)
    with pytest.raises(HeadHasMoved):
        scheme.join(invitation)


def test_it_lasts_to_its_last_day_ninety_days_where_none_is_named(scheme: Scheme) -> None:
    (unnamed,), (today,) = scheme.issue(), scheme.issue(expires_on=MONDAY.date())

    lasts = scheme.mentoring.load(Invitation, unnamed).expires_on
    assert lasts == MONDAY.date() + timedelta(days=90)
    with pytest.raises(InvitationIsOver):
        scheme.join(today, MONDAY + timedelta(days=1))


@pytest.mark.parametrize("days", [-1, 367])
def test_a_last_day_lies_between_today_and_a_year(scheme: Scheme, days: int) -> None:
    with pytest.raises(WrongLastDay):
        scheme.issue(expires_on=MONDAY.date() + timedelta(days=days))


def test_a_programme_whose_places_are_paid_for_has_no_invitations_of_its_own() -> None:
    with pytest.raises(PlaceNeedsFunding):
        Scheme(PAID).issue()


def test_once_places_must_be_paid_for_nobody_gets_in_by_an_earlier_one(scheme: Scheme) -> None:
    (invitation,) = scheme.issue()
    scheme.charge()

    with pytest.raises(PlaceNeedsFunding):
        scheme.join(invitation)


def test_an_unknown_programme_invites_nobody(scheme: Scheme) -> None:
    scheme.programme = uuid4()

    with pytest.raises(NotFound):
        scheme.issue()

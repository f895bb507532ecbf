"""What is done with invitations: issued into a pool, used by a practitioner, withdrawn all at once.

A pool is an agreement's, or that of a programme whose places nobody has to pay for: such an invitation names the programme.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.footing import footing_under
from domain.commands.loading import load_subject, require_new
from domain.commands.people import register_person
from domain.commands.places import ceiling_of
from domain.commands.together import Together
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement, TooManyInvitations
from domain.invitation import Invitation, InvitationIsWithdrawn
from domain.mentoring import Mentoring, Order, Recorded
from domain.organisation import Organisation
from domain.person import Person
from domain.place import Place
from domain.programme import Programme
from domain.values import Role, Sealed

UNPAID_LASTS = timedelta(days=90)
"""Where no agreement says how long an invitation lasts."""
UNPAID_LASTS_AT_MOST = timedelta(days=366)


class WrongLastDay(DomainError):
    """An invitation lasts until a day from today on, within the period of its agreement or, without one, within a year."""


class NothingToWithdraw(DomainError):
    """This agreement has no invitations left that nobody has used."""


class HasAPlace(DomainError):
    """This person has a place under this agreement or programme."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Invitations to be issued: under what, their ids, and their last day if one is named."""

    agreement: UUID
    invitations: Sequence[UUID]
    expires_on: date | None = None


def issue_invitations(mentoring: Mentoring, order: Order, pool: Pool) -> Recorded:
    """Add invitations to an agreement's pool; a coordinator's order.

    The first invitation is the subject of what is recorded: it tells nothing of how the agreement stands.
    """
    funding = mentoring.load(FundingAgreement, pool.agreement)
    return mentoring.commit(order, *_issued(order, funding, pool), funding)


def issue_without_agreement(mentoring: Mentoring, order: Order, pool: Pool) -> Recorded:
    """Let people into a programme whose places nobody has to pay for, which the pool names; a coordinator's order."""
    programme = mentoring.load(Programme, pool.agreement)
    ceiling_of(footing_under(mentoring, programme.id))
    today = programme.day(order.act.at)
    expires_on = pool.expires_on or today + UNPAID_LASTS
    if not today <= expires_on <= today + UNPAID_LASTS_AT_MOST:
        raise WrongLastDay
    issued = [
        Invitation.issue(id, agreement=programme.id, expires_on=expires_on, act=order.act)
        for id in pool.invitations
    ]
    return mentoring.commit(order, *issued, read=(programme,))


def withdraw_without_agreement(mentoring: Mentoring, order: Order, *, programme: UUID) -> Recorded:
    """End all of a programme's own that nobody has used; a coordinator's order."""
    subject = load_subject(mentoring, order, Programme, programme)
    subject.withdraw_invitations(order.act)
    return mentoring.commit(order, subject)


def issue_as_sponsor(mentoring: Mentoring, order: Order, pool: Pool) -> Recorded:
    """The same as the order of who looks after the agreement, who issues as many as it has places, once.

    How many they may still issue must not rest on how many were used or withdrawn: it would tell them.
    """
    funding = mentoring.load(FundingAgreement, pool.agreement)
    buyer = mentoring.load(Organisation, funding.organisation)
    buyer.require_sponsor_contact(order.act.actor)
    if funding.issued + len(pool.invitations) > funding.terms.places:
        raise TooManyInvitations
    return mentoring.commit(order, *_issued(order, funding, pool), funding, read=(buyer,))


def withdraw_invitations(mentoring: Mentoring, order: Order, *, agreement: UUID) -> Recorded:
    """End all that nobody has used; a coordinator's order.

    Never one of them: whoever could ask for that would learn which are used.
    """
    funding = load_subject(mentoring, order, FundingAgreement, agreement)
    pool = [mentoring.load(Invitation, each) for each in sorted(funding.invitations)]
    left = [each for each in pool if each.is_left]
    if not left:
        raise NothingToWithdraw
    for each in left:
        each.withdraw(order.act)
        funding.retire_invitation(each.id, order.act)
    return mentoring.commit(order, funding, *left)


def join_by_invitation(
    mentoring: Mentoring,
    order: Order,
    *,
    invitation: UUID,
    contact: Sealed,
    code: Sealed | None = None,
) -> Recorded:
    """Become known as a mentee, with a place; the newcomer's own order, whose actor is who they become."""
    newcomer = order.act.actor
    together = Together(mentoring)
    register_person(together, order, id=newcomer, contact=contact, roles=[Role.MENTEE], code=code)
    used = _used(together, order, invitation)
    together.commit(order, *used.changed, read=used.read)
    return together.commit_all(order)


def use_invitation(
    mentoring: Mentoring, order: Order, *, invitation: UUID, besides: Collection[UUID] = ()
) -> Recorded:
    """Get a place by it; the order of somebody who is known, and becomes a mentee if they were none.

    `besides` are the agreements under which they have a place that was granted in another way.
    """
    person = mentoring.load(Person, order.act.actor)
    person.require_active()
    if mentoring.load(Invitation, invitation).agreement in besides:
        raise HasAPlace
    used = _used(mentoring, order, invitation)
    if Role.MENTEE in person.roles:
        return mentoring.commit(order, *used.changed, read=(person, *used.read))
    person.grant_role(Role.MENTEE, order.act)
    return mentoring.commit(order, *used.changed, person, read=used.read)


def _issued(order: Order, funding: FundingAgreement, pool: Pool) -> list[Invitation]:
    expires_on = pool.expires_on or funding.terms.ends_on
    if not funding.day(order.act.at) <= expires_on <= funding.terms.ends_on:
        raise WrongLastDay
    issued = []
    for id in pool.invitations:
        funding.invite(id, order.act)
        issued.append(
            Invitation.issue(id, agreement=funding.id, expires_on=expires_on, act=order.act)
        )
    return issued


@dataclass(frozen=True, slots=True)
class _Used:
    """What changes when an invitation is used, the new place first, and what that rests on."""

    changed: tuple[Aggregate, ...]
    read: tuple[Aggregate, ...] = ()


def _used(mentoring: Mentoring, order: Order, invitation: UUID) -> _Used:
    """Let the actor use an invitation.

    There is one place of this id, so of two invitations that one person uses only one is taken.
    """
    used = mentoring.load(Invitation, invitation)
    footing = footing_under(mentoring, used.agreement)
    sessions, id = ceiling_of(footing), Place.id_of(used.agreement, order.act.actor)
    place = Place.grant(id, agreement=used.agreement, sessions=sessions, act=order.act)
    require_new(mentoring, place, HasAPlace)
    place.assign(order.act.actor, order.act)
    used.use(footing.day(order.act.at), order.act)
    if footing.agreement is not None:
        footing.agreement.allot(id, sessions, order.act)
        return _Used((place, footing.agreement, used))
    if not footing.programme.lets_in_by(used.created_on):
        raise InvitationIsWithdrawn
    return _Used((place, used), footing.read)

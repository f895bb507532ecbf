"""What is done between two who found each other: one asks, the other comes by a link, and says yes or no."""

from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.footing import footing_under
from domain.commands.loading import load_live_ledger, load_subject
from domain.commands.notebooks import notebooks_of_predecessors
from domain.commands.people import register_person
from domain.commands.together import Together
from domain.mentoring import Mentoring, Order, Recorded
from domain.person import Person
from domain.place import Place
from domain.relationship import Relationship
from domain.values import Purpose, Role, Sealed


@dataclass(frozen=True, slots=True)
class PartnerLink:
    """Which relationship somebody comes to, and by which of its links."""

    relationship: UUID
    link: UUID


def invite_partner(
    mentoring: Mentoring, order: Order, *, relationship: UUID, link: UUID, words: Sealed | None
) -> Recorded:
    """Make a link for the partner whom the mentee has found; the mentee's own order, under live consent."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    ledger = load_live_ledger(mentoring, order, order.act.actor, Purpose.TAKE_PART)
    subject.invite_partner(link, words, order.act)
    return mentoring.commit(order, subject, read=(ledger,))


def withdraw_link(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Take the link back, and what somebody was asked by it; the mentee's own order."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.withdraw_link(order.act)
    return mentoring.commit(order, subject)


def come_as_newcomer(
    mentoring: Mentoring,
    order: Order,
    *,
    to: PartnerLink,
    contact: Sealed,
    code: Sealed | None = None,
) -> Recorded:
    """Become known by a link; the newcomer's own order, whose actor is who they become."""
    newcomer = order.act.actor
    together = Together(mentoring)
    register_person(together, order, id=newcomer, contact=contact, roles=[Role.MENTOR], code=code)
    together.commit(order, _come(together, order, to))
    return together.commit_all(order)


def come(mentoring: Mentoring, order: Order, *, to: PartnerLink) -> Recorded:
    """Use a link as somebody who is known, and becomes a mentoring partner if they were none."""
    person = mentoring.load(Person, order.act.actor)
    person.require_active()
    subject = _come(mentoring, order, to)
    if Role.MENTOR in person.roles:
        return mentoring.commit(order, subject, read=(person,))
    person.grant_role(Role.MENTOR, order.act)
    return mentoring.commit(order, subject, person)


def decline_as_partner(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Say no, without fault; the order of who came by the link."""
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.decline_as_partner(order.act)
    return mentoring.commit(order, subject)


def join_as_partner(mentoring: Mentoring, order: Order, *, relationship: UUID) -> Recorded:
    """Say yes: rule 1 in one commit, but for what two who found each other do not need.

    Both consents are live, no conflict is declared, the place is free and what it stands on is in
    force. Nobody is approved and no capacity is asked for.
    """
    subject = load_subject(mentoring, order, Relationship, relationship)
    subject.join(order.act)
    ledgers = [
        load_live_ledger(mentoring, order, person, Purpose.TAKE_PART)
        for person in sorted(subject.people)
    ]
    place = mentoring.load(Place, subject.place)
    footing = footing_under(mentoring, place.agreement)
    footing.require_in_force(order.act.at)
    place.take(subject.id, order.act)
    replaced = notebooks_of_predecessors(mentoring, order, subject)
    read: list[Aggregate] = [*ledgers, *footing.read]
    return mentoring.commit(order, subject, place, *replaced, read=read)


def _come(mentoring: Mentoring, order: Order, to: PartnerLink) -> Relationship:
    subject = mentoring.load(Relationship, to.relationship)
    subject.let_partner_come(to.link, order.act)
    return subject

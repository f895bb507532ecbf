"""What is done with organisations."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded
from domain.organisation import Organisation
from domain.person import Person
from domain.values import Role


class NoSponsorRole(DomainError):
    """This person has no role as sponsor contact; grant it first."""


def register_organisation(mentoring: Mentoring, order: Order, *, id: UUID, name: str) -> Recorded:
    """Make an organisation known; a coordinator's order."""
    return mentoring.commit(order, Organisation.register(id, name, order.act))


def name_sponsor_contact(
    mentoring: Mentoring, order: Order, *, organisation: UUID, person: UUID
) -> Recorded:
    """Let a person with that role look after its agreements; a coordinator's order."""
    subject = load_subject(mentoring, order, Organisation, organisation)
    named = mentoring.load(Person, person)
    if Role.SPONSOR_CONTACT not in named.roles:
        raise NoSponsorRole
    subject.name_sponsor_contact(person, order.act)
    return mentoring.commit(order, subject, read=(named,))


def end_sponsor_contact(
    mentoring: Mentoring, order: Order, *, organisation: UUID, person: UUID
) -> Recorded:
    """Let a person look after them no more; a coordinator's order."""
    subject = load_subject(mentoring, order, Organisation, organisation)
    subject.end_sponsor_contact(person, order.act)
    return mentoring.commit(order, subject)

"""An employer that pays for places, and who looks after them there; never who uses them."""

from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act

LONGEST_NAME = 200


class OrganisationNeedsAName(DomainError):
    """An organisation has a name of up to 200 characters."""


class SponsorContactNamed(DomainError):
    """This person is a sponsor contact of this organisation already."""


class NotASponsorContact(DomainError):
    """This person is not a sponsor contact of this organisation."""


class Organisation(Aggregate):
    """A body, not a person: its name is no secret to the service, and its people are ids."""

    TOPIC = "organisation"

    class Created(Aggregate.Created):
        TOPIC = "organisation.registered"
        name: str

    class SponsorContactNamed(Aggregate.Event):
        TOPIC = "organisation.sponsor_contact_named"
        person: UUID

    class SponsorContactEnded(Aggregate.Event):
        TOPIC = "organisation.sponsor_contact_ended"
        person: UUID

    @classmethod
    def register(cls, id: UUID, name: str, act: Act) -> Self:
        """Make an organisation known."""
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            raise OrganisationNeedsAName
        return cls.begin(id, act, name=name)

    @event(Created)
    def __init__(self, name: str) -> None:
        self.name = name
        self.sponsor_contacts: set[UUID] = set()

    def name_sponsor_contact(self, person: UUID, act: Act) -> None:
        """Let a person look after its agreements."""
        if person in self.sponsor_contacts:
            raise SponsorContactNamed
        self.record(self.SponsorContactNamed, act, person=person)

    @event(SponsorContactNamed)
    def _sponsor_contact_named(self, person: UUID) -> None:
        self.sponsor_contacts.add(person)

    def end_sponsor_contact(self, person: UUID, act: Act) -> None:
        """Let a person look after them no more."""
        self.require_sponsor_contact(person)
        self.record(self.SponsorContactEnded, act, person=person)

    @event(SponsorContactEnded)
    def _sponsor_contact_ended(self, person: UUID) -> None:
        self.sponsor_contacts.discard(person)

    def require_sponsor_contact(self, person: UUID) -> None:
        """Refuse everybody who does not look after its agreements."""
        if person not in self.sponsor_contacts:
            raise NotASponsorContact


OrganisationRegistered = Organisation.Created

"""How a person is reached, as one sealed field: its shape, its place, and its opening."""

from uuid import UUID

import msgspec

from api.records.openings import Openings, Whose
from domain.values import Compartment, Sealed

CONTACT_PURPOSE = "contact"
CONTACT_FIELD = "contact"


class Contact(msgspec.Struct, frozen=True):
    """A name, a mail address, and, if they gave them, a telephone number and the language they prefer."""

    name: str
    email: str
    telephone: str | None = None
    language: str | None = None

    def __repr__(self) -> str:
        """Secrets do not print."""
        return "<sealed>"


def seal_contact(openings: Openings, person: UUID, contact: Contact) -> Sealed:
    """Seal a person's contact under their own key."""
    whose = Whose(Compartment.CONTACT, person, CONTACT_PURPOSE, CONTACT_FIELD)
    return openings.seal(whose, msgspec.json.encode(contact).decode())


def contact_of(opened: str) -> Contact:
    """Read an opened contact."""
    return msgspec.json.decode(opened, type=Contact)

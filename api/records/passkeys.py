"""What a person gave a passkey as its name, with what their devices need to know it again, as one sealed field."""

from uuid import UUID

import msgspec

from api.records.contact import CONTACT_PURPOSE
from api.records.openings import Openings, Whose
from domain.values import Compartment, Sealed

CREDENTIAL_FIELD = "credential"


class Description(msgspec.Struct, frozen=True):
    """The name, the credential's id, its public key, and whether it could open notes when it was added."""

    name: str
    credential: bytes
    public_key: bytes
    can_unlock: bool = False

    def __repr__(self) -> str:
        """Secrets do not print."""
        return "<sealed>"


def seal_description(openings: Openings, person: UUID, description: Description) -> Sealed:
    """Seal it under the person's own key."""
    whose = Whose(Compartment.CONTACT, person, CONTACT_PURPOSE, CREDENTIAL_FIELD)
    return openings.seal(whose, msgspec.json.encode(description).decode())


def description_of(opened: str) -> Description:
    """Read an opened one."""
    return msgspec.json.decode(opened, type=Description)

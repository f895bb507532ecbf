"""What can be recorded of a person; these shapes and topics are for ever."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.aggregate import Aggregate
from domain.values import Role, Sealed


class InactiveReason(StrEnum):
    """Why a person takes no part for now."""

    LEFT = "left"
    ON_LEAVE = "on_leave"
    SUSPECTED_MISUSE = "suspected_misuse"


class PersonEvents:
    """The events of a person; `Person` decides when each happens and applies it."""

    class ContactChanged(Aggregate.Event):
        TOPIC = "person.contact_changed"
        contact: Sealed

    class AddressAsked(Aggregate.Event):
        """A code was sent to the address; until it comes back nothing else is."""

        TOPIC = "person.address_asked"
        code: Sealed
        expires_at: datetime

    class AddressConfirmed(Aggregate.Event):
        TOPIC = "person.address_confirmed"

    class AccessNeedsStated(Aggregate.Event):
        TOPIC = "person.detail_stated"
        access_needs: Sealed

    class AvailabilitySet(Aggregate.Event):
        TOPIC = "person.availability_set"
        availability: Sealed

    class ProfileShared(Aggregate.Event):
        """What a mentee shows to whoever mentors them; nothing, once they take it back."""

        TOPIC = "person.profile_shared"
        profile: Sealed | None

    class RoleGranted(Aggregate.Event):
        TOPIC = "person.role_granted"
        role: Role

    class RoleRevoked(Aggregate.Event):
        TOPIC = "person.role_revoked"
        role: Role

    class PasskeyAdded(Aggregate.Event):
        TOPIC = "person.passkey_added"
        passkey: UUID
        credential: Sealed

    class PasskeyRevoked(Aggregate.Event):
        TOPIC = "person.passkey_revoked"
        passkey: UUID

    class PublicKeysPublished(Aggregate.Event):
        TOPIC = "person.public_keys_published"
        key_id: bytes
        hpke_public: bytes
        signing_public: bytes

    class Deactivated(Aggregate.Event):
        TOPIC = "person.deactivated"
        reason: InactiveReason

    class Reactivated(Aggregate.Event):
        TOPIC = "person.reactivated"

    class EndAnnounced(Aggregate.Event):
        """Nobody has used this record for long; on this day it ends, unless it is put off."""

        TOPIC = "person.end_announced"
        ends_on: date

    class EndPutOff(Aggregate.Event):
        TOPIC = "person.end_put_off"

    class Erased(Aggregate.Event):
        TOPIC = "person.erased"

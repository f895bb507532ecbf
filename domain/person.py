"""Someone known to the service: how to reach them, what they may be to the scheme, their public keys."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Self
from uuid import UUID

from eventsourcing.domain import event

from domain.address import CODE_LASTS, AddressIsConfirmed, AddressWaits
from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.person_ending import PersonEnding
from domain.person_ending import PersonIsErased as PersonIsErased
from domain.person_events import InactiveReason, PersonEvents
from domain.public_keys import MOST_KEY_SETS, KeysPublished, PublicKeys, TooManyKeys
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Purpose, Role, Sealed

CONTACT_PURPOSE = "contact"
"""Contact keys serve no consent: there is one for each person."""

MOST_PASSKEYS = 20

APART = frozenset({Role.COORDINATOR, Role.SPONSOR_CONTACT})
"""Who pairs people must not be who pays for them."""


class PersonIsInactive(DomainError):
    """This person is not active."""


class PersonIsActive(DomainError):
    """This person is active already."""


class RolesMustStayApart(DomainError):
    """Nobody is coordinator and sponsor contact together."""


class RoleHeld(DomainError):
    """This person has this role already."""


class RoleNotHeld(DomainError):
    """This person does not have this role."""


class UnknownPasskey(DomainError):
    """There is no such passkey."""


class PasskeyKnown(DomainError):
    """This passkey is known already."""


class TooManyPasskeys(DomainError):
    """You have 20 passkeys, the most that are kept; remove one that you do not use any more."""


class LastPasskey(DomainError):
    """This is the last way for you to sign in; add another passkey before you remove it."""


class NothingIsShared(DomainError):
    """Nothing is shown."""


class NotYourself(NotAllowed):
    """Only the person can do this."""


class Person(Aggregate, PersonEnding):
    """The person's id is the name that everything else knows them by."""

    TOPIC = "person"

    class Created(Aggregate.Created):
        TOPIC = "person.registered"
        contact: Sealed

    @classmethod
    def register(cls, id: UUID, contact: Sealed, act: Act) -> Self:
        """Make a person known; their contact is sealed under their own key."""
        _require_contact(id, contact)
        return cls.begin(id, act, contact=contact)

    @event(Created)
    def __init__(self, contact: Sealed) -> None:
        self.contact = contact
        self.address: AddressWaits | None = None
        self.access_needs: Sealed | None = None
        self.availability: Sealed | None = None
        self.shared_profile: Sealed | None = None
        self.roles: set[Role] = set()
        self.passkeys: dict[UUID, Sealed] = {}
        self.public_keys: dict[bytes, PublicKeys] = {}
        self.current_key_id: bytes | None = None
        self.ends_on: date | None = None
        self.is_active = True
        self.is_erased = False

    def change_contact(self, contact: Sealed, act: Act) -> None:
        """Replace how the person is reached."""
        self.require_not_erased()
        _require_contact(self.id, contact)
        self.record(self.ContactChanged, act, contact=contact)

    @event(PersonEvents.ContactChanged)
    def _contact_changed(self, contact: Sealed) -> None:
        self.contact = contact

    def ask_address(self, code: Sealed, act: Act) -> None:
        """Have a code sent to an address that somebody gave for themselves."""
        self.require_not_erased()
        _require_contact(self.id, code)
        self.record(self.AddressAsked, act, code=code, expires_at=act.at + CODE_LASTS)

    @event(PersonEvents.AddressAsked)
    def _address_asked(self, code: Sealed, expires_at: datetime) -> None:
        # While an event is applied, the version is still that of the one before it.
        self.address = AddressWaits(code, self.version + 1, expires_at)

    def confirm_address(self, code: Sealed, act: Act) -> None:
        """Note that the code came back, out of the person's own hand."""
        self._require_self(act)
        if self.address is None:
            raise AddressIsConfirmed
        self.address.require(code, act.at)
        self.record(self.AddressConfirmed, act)

    @event(PersonEvents.AddressConfirmed)
    def _address_confirmed(self) -> None:
        self.address = None

    def state_access_needs(self, access_needs: Sealed, act: Act) -> None:
        """What the person needs in order to take part; only they say it, under that consent."""
        self._require_own(access_needs, Compartment.SPECIAL, act)
        self.record(self.AccessNeedsStated, act, access_needs=access_needs)

    @event(PersonEvents.AccessNeedsStated)
    def _access_needs_stated(self, access_needs: Sealed) -> None:
        self.access_needs = access_needs

    def set_availability(self, availability: Sealed, act: Act) -> None:
        """Say when the person can meet; what a mentor says who has a profile stands there."""
        self._require_own(availability, Compartment.PERSONAL, act)
        self.record(self.AvailabilitySet, act, availability=availability)

    @event(PersonEvents.AvailabilitySet)
    def _availability_set(self, availability: Sealed) -> None:
        self.availability = availability

    def share_profile(self, profile: Sealed | None, act: Act) -> None:
        """Choose what whoever mentors the person reads of them, or take it back."""
        self._require_self(act)
        require_sealed_for(self.id, Compartment.PERSONAL, profile)
        if profile is not None and profile.purpose != Purpose.SHARE_PROFILE:
            raise SealedForAnotherPurpose
        if profile is None and self.shared_profile is None:
            raise NothingIsShared
        self.record(self.ProfileShared, act, profile=profile)

    @event(PersonEvents.ProfileShared)
    def _profile_shared(self, profile: Sealed | None) -> None:
        self.shared_profile = profile

    def grant_role(self, role: Role, act: Act) -> None:
        """Let the person be something to the scheme."""
        self.require_active()
        if role in self.roles:
            raise RoleHeld
        if self.roles | {role} >= APART:
            raise RolesMustStayApart
        self.record(self.RoleGranted, act, role=role)

    @event(PersonEvents.RoleGranted)
    def _role_granted(self, role: Role) -> None:
        self.roles.add(role)

    def revoke_role(self, role: Role, act: Act) -> None:
        """Take a role away."""
        self.require_not_erased()
        if role not in self.roles:
            raise RoleNotHeld
        self.record(self.RoleRevoked, act, role=role)

    @event(PersonEvents.RoleRevoked)
    def _role_revoked(self, role: Role) -> None:
        self.roles.discard(role)

    def add_passkey(self, passkey: UUID, credential: Sealed, act: Act) -> None:
        """Add a way to sign in; only the person does."""
        self._require_self(act)
        if passkey in self.passkeys:
            raise PasskeyKnown
        if len(self.passkeys) >= MOST_PASSKEYS:
            raise TooManyPasskeys
        _require_contact(self.id, credential)
        self.record(self.PasskeyAdded, act, passkey=passkey, credential=credential)

    @event(PersonEvents.PasskeyAdded)
    def _passkey_added(self, passkey: UUID, credential: Sealed) -> None:
        self.passkeys[passkey] = credential

    def revoke_passkey(
        self, passkey: UUID, act: Act, *, keeping: Collection[UUID] | None = None
    ) -> None:
        """Take a way to sign in away; of `keeping`, where they are named, another one must stay."""
        self.require_not_erased()
        if passkey not in self.passkeys:
            raise UnknownPasskey
        if keeping is not None and not self.passkeys.keys() & set(keeping) - {passkey}:
            raise LastPasskey
        self.record(self.PasskeyRevoked, act, passkey=passkey)

    @event(PersonEvents.PasskeyRevoked)
    def _passkey_revoked(self, passkey: UUID) -> None:
        self.passkeys.pop(passkey, None)

    def publish_public_keys(self, keys: PublicKeys, act: Act) -> None:
        """Publish keys made on the person's device; earlier ones stay known, the last is current."""
        self._require_self(act)
        keys.require_right_lengths()
        if keys.key_id in self.public_keys:
            raise KeysPublished
        if len(self.public_keys) >= MOST_KEY_SETS:
            raise TooManyKeys
        self.record(
            self.PublicKeysPublished,
            act,
            key_id=keys.key_id,
            hpke_public=keys.hpke_public,
            signing_public=keys.signing_public,
        )

    @event(PersonEvents.PublicKeysPublished)
    def _public_keys_published(
        self, key_id: bytes, hpke_public: bytes, signing_public: bytes
    ) -> None:
        self.public_keys[key_id] = PublicKeys(key_id, hpke_public, signing_public)
        self.current_key_id = key_id

    def deactivate(self, reason: InactiveReason, act: Act) -> None:
        """Let the person take no part for now."""
        self.require_active()
        self.record(self.Deactivated, act, reason=reason)

    @event(PersonEvents.Deactivated)
    def _deactivated(self) -> None:
        self.is_active = False

    def reactivate(self, act: Act) -> None:
        """Let the person take part again."""
        self.require_not_erased()
        if self.is_active:
            raise PersonIsActive
        self.record(self.Reactivated, act)

    @event(PersonEvents.Reactivated)
    def _reactivated(self) -> None:
        self.is_active = True

    @event(PersonEvents.EndAnnounced)
    def _end_announced(self, ends_on: date) -> None:
        self.ends_on = ends_on

    @event(PersonEvents.EndPutOff)
    def _end_put_off(self) -> None:
        self.ends_on = None

    def erase(self, act: Act) -> None:
        """Record that the person was erased; nothing about them is recorded here again."""
        self.require_not_erased()
        self.record(self.Erased, act)

    @event(PersonEvents.Erased)
    def _erased(self) -> None:
        self.is_erased = True
        self.is_active = False

    def require_active(self) -> None:
        """Refuse what only an active person may do or be."""
        self.require_not_erased()
        if not self.is_active:
            raise PersonIsInactive

    def _require_own(self, value: Sealed, compartment: Compartment, act: Act) -> None:
        self._require_self(act)
        require_sealed_for(self.id, compartment, value)
        if value.purpose != Purpose.TAKE_PART:
            raise SealedForAnotherPurpose

    def _require_self(self, act: Act) -> None:
        self.require_active()
        if act.actor != self.id:
            raise NotYourself


def _require_contact(owner: UUID, value: Sealed) -> None:
    require_sealed_for(owner, Compartment.CONTACT, value)
    if value.purpose != CONTACT_PURPOSE:
        raise SealedForAnotherPurpose


PersonRegistered = Person.Created

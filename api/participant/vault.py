"""A vault made and opened on the participant's device (docs/specs/vault.md). Pure: no file, no network."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from api.participant.errors import NotUnderstood, NoVaultYet, VaultIsAnothers
from api.participant.service import keys_to_hand_in
from api.participant.wire import ShownVault, ShownWrapper
from crypto.sealing import (
    DoesNotUnlock,
    Identity,
    RecoveryCode,
    Secret,
    UnknownFormat,
    Way,
    WrapperPlace,
    new_recovery_code,
    new_salt,
    new_vault_key,
    open_identity,
    seal_identity,
    sealed_key_id,
    unwrap_vault_key,
    wrap_vault_key,
)

RECOVERY_CODE = "recovery_code"


@dataclass(frozen=True)
class NewWrapper:
    """A recovery code to show once, and what is handed in for it."""

    code: RecoveryCode
    handed_in: dict[str, Any]


@dataclass(frozen=True)
class NewVault:
    """A whole vault that is not handed in yet: its codes, the first before the spare."""

    key: Secret
    identity: Identity
    sealed_identity: bytes
    wrappers: list[NewWrapper]

    @property
    def key_id(self) -> bytes:
        """Which keys are in it."""
        return self.identity.public.key_id

    def replaced_by(self, identity: Identity, person: UUID) -> dict[str, Any]:
        """Other keys under the same vault key, as the service takes them; those before stay beside them."""
        return {
            "sealed_identity": seal_identity(identity, self.key, person_id=person),
            "public_keys": keys_to_hand_in(identity.public),
        }

    @property
    def handed_in(self) -> dict[str, Any]:
        """The vault as the service takes it."""
        return {
            "wrappers": [each.handed_in for each in self.wrappers],
            "sealed_identity": self.sealed_identity,
            "public_keys": keys_to_hand_in(self.identity.public),
        }


@dataclass(frozen=True)
class OpenedVault:
    """What a recovery code gave back."""

    key: Secret
    identity: Identity
    earlier: list[Identity]


def new_vault(identity: Identity, person: UUID) -> NewVault:
    """A vault around an identity, with a recovery code and a spare one, drawn in the order of section 9."""
    key = new_vault_key()
    sealed = seal_identity(identity, key, person_id=person)
    return NewVault(key, identity, sealed, [new_wrapper(key, person) for _ in range(2)])


def new_wrapper(key: Secret, person: UUID) -> NewWrapper:
    """One more recovery code for a vault key."""
    code, salt = new_recovery_code(), new_salt()
    place = WrapperPlace(person, uuid4(), Way.RECOVERY_CODE, salt)
    handed_in = {
        "id": place.wrapper_id,
        "kind": RECOVERY_CODE,
        "salt": salt,
        "wrapped_key": wrap_vault_key(key, code.secret, place),
    }
    return NewWrapper(code, handed_in)


def open_vault(shown: ShownVault, code: RecoveryCode) -> OpenedVault:
    """Open the vault that the service shows; raises NoVaultYet, NotUnderstood or SealingError kinds."""
    key, current = vault_key_of(shown, code), shown.sealed_identity
    if current is None:
        raise NoVaultYet
    identity = open_identity(current, key, person_id=shown.person)
    earlier = [
        open_identity(each, key, person_id=shown.person) for each in shown.earlier_identities
    ]
    return OpenedVault(key, identity, earlier)


def vault_key_of(shown: ShownVault, code: RecoveryCode) -> Secret:
    """The vault key, by whichever recovery code this is; raises DoesNotUnlock when it is none of them."""
    if not shown.wrappers:
        raise NoVaultYet
    for each in shown.wrappers:
        if each.kind == RECOVERY_CODE:
            with suppress(DoesNotUnlock):
                return unwrap_vault_key(each.wrapped_key, code.secret, _place(each, shown.person))
    raise DoesNotUnlock


def require_vault_of(shown: ShownVault, *, person: UUID | None, key_id: bytes | None) -> None:
    """Refuse a vault of somebody else, or one with other keys than those that are known."""
    if person not in {None, shown.person}:
        raise VaultIsAnothers
    kept = sealed_key_id(shown.sealed_identity) if shown.sealed_identity else None
    if key_id is not None and kept != key_id:
        raise VaultIsAnothers


def _place(shown: ShownWrapper, person: UUID) -> WrapperPlace:
    try:
        return WrapperPlace(person, shown.id, Way.RECOVERY_CODE, shown.salt)
    except UnknownFormat:
        raise NotUnderstood from None

"""What unlocks a person's notes, in the wrapped forms that only the person can open.

Rules: there are always at least two wrappers, and one of a recovery code among them; whoever lost a passkey
would lose their notes without. Nothing here opens anything: docs/specs/vault.md says what the bytes are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.person import NotYourself
from domain.public_keys import MOST_KEY_SETS, TooManyKeys
from domain.values import Act
from domain.wrapped_forms import Wrapper, WrapperKind, key_id_of

FEWEST_WRAPPERS = 2
MOST_WRAPPERS = 20


class VaultExists(DomainError):
    """You have a vault already; to begin it anew, send the ETag of the one that is there."""


class TooFewWrappers(DomainError):
    """A vault needs two ways to unlock it at least; add another one first."""


class NoRecoveryCode(DomainError):
    """A vault needs a recovery code at least; add another one first."""


class TooManyWrappers(DomainError):
    """A vault has 20 ways to unlock it, the most that are kept; remove one first."""


class WrapperKnown(DomainError):
    """This way to unlock is known already, or was once; make another one."""


class NoSuchWrapper(DomainError):
    """Your vault has no such way to unlock it."""


class IdentityKnown(DomainError):
    """These keys are in your vault already."""


@dataclass(frozen=True, slots=True)
class AddedWrapper:
    """A wrapper, and since when it has been there."""

    wrapper: Wrapper
    added_at: datetime


class Vault(Aggregate):
    """One a person, begun with all its parts at once; topics do not tell what it is for."""

    TOPIC = "locker"

    class Created(Aggregate.Created):
        TOPIC = "locker.begun"
        wrappers: tuple[Wrapper, ...]
        sealed_identity: bytes

    class BegunAnew(Aggregate.Event):
        TOPIC = "locker.begun_anew"
        wrappers: tuple[Wrapper, ...]
        sealed_identity: bytes

    class WrapperAdded(Aggregate.Event):
        TOPIC = "locker.way_added"
        wrapper: UUID
        kind: WrapperKind
        credential_hash: bytes
        salt: bytes
        wrapped_key: bytes

    class WrapperRemoved(Aggregate.Event):
        TOPIC = "locker.way_removed"
        wrapper: UUID

    class IdentityReplaced(Aggregate.Event):
        TOPIC = "locker.content_replaced"
        sealed_identity: bytes

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of a person's one vault."""
        return uuid5(person, "vault")

    @classmethod
    def begin_for(
        cls, person: UUID, wrappers: tuple[Wrapper, ...], sealed_identity: bytes, act: Act
    ) -> Self:
        """Begin a person's vault with all its parts; only the person does."""
        if act.actor != person:
            raise NotYourself
        _require_whole(wrappers)
        key_id_of(sealed_identity)
        id = cls.id_of(person)
        return cls.begin(id, act, wrappers=wrappers, sealed_identity=sealed_identity)

    @event(Created)
    def __init__(
        self,
        actor: UUID,
        wrappers: tuple[Wrapper, ...],
        sealed_identity: bytes,
        timestamp: datetime,
    ) -> None:
        self.person = actor
        self.used_ids: set[UUID] = set()
        self.wrappers: dict[UUID, AddedWrapper] = {}
        self.sealed_identities: tuple[bytes, ...] = ()
        self._fill(wrappers, sealed_identity, timestamp)

    def begin_anew(self, wrappers: tuple[Wrapper, ...], sealed_identity: bytes, act: Act) -> None:
        """Begin again with a new vault key; nothing from before is handed out any more."""
        self._require_own(act)
        _require_whole(wrappers)
        self._require_unused(wrappers)
        key_id_of(sealed_identity)
        self.record(self.BegunAnew, act, wrappers=wrappers, sealed_identity=sealed_identity)

    @event(BegunAnew)
    def _begun_anew(
        self, wrappers: tuple[Wrapper, ...], sealed_identity: bytes, timestamp: datetime
    ) -> None:
        self._fill(wrappers, sealed_identity, timestamp)

    def add_wrapper(self, wrapper: Wrapper, act: Act) -> None:
        """Add a way to unlock."""
        self._require_own(act)
        wrapper.require_form()
        self._require_unused([wrapper])
        if len(self.wrappers) >= MOST_WRAPPERS:
            raise TooManyWrappers
        if _credentials([wrapper]) & _credentials(self._kept()):
            raise WrapperKnown
        self.record(
            self.WrapperAdded,
            act,
            wrapper=wrapper.id,
            kind=wrapper.kind,
            credential_hash=wrapper.credential_hash,
            salt=wrapper.salt,
            wrapped_key=wrapper.wrapped_key,
        )

    @event(WrapperAdded)
    def _wrapper_added(
        self,
        wrapper: UUID,
        kind: WrapperKind,
        credential_hash: bytes,
        salt: bytes,
        wrapped_key: bytes,
        timestamp: datetime,
    ) -> None:
        self._keep(Wrapper(wrapper, kind, credential_hash, salt, wrapped_key), timestamp)

    def remove_wrapper(self, wrapper: UUID, act: Act) -> None:
        """Remove a way to unlock, unless too few would be left."""
        self._require_own(act)
        if wrapper not in self.wrappers:
            raise NoSuchWrapper
        _require_enough([each for each in self._kept() if each.id != wrapper])
        self.record(self.WrapperRemoved, act, wrapper=wrapper)

    @event(WrapperRemoved)
    def _wrapper_removed(self, wrapper: UUID) -> None:
        self.wrappers.pop(wrapper, None)

    def replace_identity(self, sealed_identity: bytes, act: Act) -> None:
        """Put another identity into it, under the same vault key; the earlier ones stay."""
        self._require_own(act)
        if key_id_of(sealed_identity) in map(key_id_of, self.sealed_identities):
            raise IdentityKnown
        if len(self.sealed_identities) >= MOST_KEY_SETS:
            raise TooManyKeys
        self.record(self.IdentityReplaced, act, sealed_identity=sealed_identity)

    @event(IdentityReplaced)
    def _identity_replaced(self, sealed_identity: bytes) -> None:
        self.sealed_identities = (*self.sealed_identities, sealed_identity)

    def _fill(
        self, wrappers: Iterable[Wrapper], sealed_identity: bytes, timestamp: datetime
    ) -> None:
        self.wrappers.clear()
        self.sealed_identities = (sealed_identity,)
        for wrapper in wrappers:
            self._keep(wrapper, timestamp)

    def _keep(self, wrapper: Wrapper, timestamp: datetime) -> None:
        self.wrappers[wrapper.id] = AddedWrapper(wrapper, timestamp)
        self.used_ids.add(wrapper.id)

    def _kept(self) -> list[Wrapper]:
        return [each.wrapper for each in self.wrappers.values()]

    def _require_own(self, act: Act) -> None:
        if act.actor != self.person:
            raise NotYourself

    def _require_unused(self, wrappers: Iterable[Wrapper]) -> None:
        """A client may still hold what stood under a removed id; it must not meet another there."""
        if any(each.id in self.used_ids for each in wrappers):
            raise WrapperKnown


def _require_whole(wrappers: tuple[Wrapper, ...]) -> None:
    for each in wrappers:
        each.require_form()
    passkeys = [each for each in wrappers if each.kind is WrapperKind.PASSKEY]
    if len({each.id for each in wrappers}) < len(wrappers):
        raise WrapperKnown
    if len(_credentials(passkeys)) < len(passkeys):
        raise WrapperKnown
    if len(wrappers) > MOST_WRAPPERS:
        raise TooManyWrappers
    _require_enough(wrappers)


def _require_enough(wrappers: Iterable[Wrapper]) -> None:
    kinds = [each.kind for each in wrappers]
    if WrapperKind.RECOVERY_CODE not in kinds:
        raise NoRecoveryCode
    if len(kinds) < FEWEST_WRAPPERS:
        raise TooFewWrappers


def _credentials(wrappers: Iterable[Wrapper]) -> set[bytes]:
    return {each.credential_hash for each in wrappers if each.kind is WrapperKind.PASSKEY}


VaultBegun = Vault.Created

"""What key services outside this machine's files share: how epochs are numbered, and what they hand out.

Each keeps one key of its own a compartment and epoch. The newest is never destroyed, so a number
below it that has no key was destroyed, and one above it never was. What is wrapped follows
docs/specs/wrapped-key.md.
"""

import hmac
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from enum import Enum, auto
from hashlib import sha256
from typing import ClassVar, Generic, TypeVar

from typing_extensions import override

from crypto.envelope import place
from crypto.errors import (
    Absent,
    CompartmentIsClosed,
    Erased,
    KeyServiceUnavailable,
    NewestEpochStays,
    NoEpochYet,
    Tampered,
)
from crypto.kms import KeyService

DIGEST_BYTES = 32

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class KeyIsGone(KeyServiceUnavailable):
    """The service has no such key any more; somebody destroyed it since it was found."""


class State(Enum):
    """How a key of the service is."""

    LIVE = auto()
    PAUSED = auto()
    ENDING = auto()
    GONE = auto()


class EpochService(KeyService, Generic[Key]):
    """Numbers, refuses and names; an adapter finds, makes, uses and destroys one key."""

    FORMAT: ClassVar[bytes]
    """The first byte of all that this service wraps."""

    def __init__(self, compartments: Iterable[str]) -> None:
        self._compartments = frozenset(compartments)

    @override
    def compartments(self) -> frozenset[str]:
        return self._compartments

    @override
    def epoch(self, compartment: str) -> int:
        return max(self._keys(compartment))

    @override
    def wrap(self, compartment: str, epoch: int, secret: bytes, context: bytes) -> bytes:
        key = self._live(compartment, epoch)
        bound = _bound(compartment, epoch, context)
        wrapped = self._named(compartment, epoch, lambda: self._wrap(key, secret, bound))
        return self.FORMAT + _digest(self.FORMAT, wrapped) + wrapped

    @override
    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        self._require_open(compartment)
        record = f"branch key of {compartment}, epoch {epoch}"
        inner = _inner(self.FORMAT, wrapped, record)
        key = self._live(compartment, epoch)
        bound = _bound(compartment, epoch, context)
        secret = self._named(compartment, epoch, lambda: self._unwrap(key, inner, bound))
        if secret is None:
            raise Tampered(record)
        return secret

    @override
    def new_epoch(self, compartment: str) -> int:
        found = self._found_in(compartment)
        made = max(found, default=0) + 1
        self._make(compartment, made, found)
        if made not in self._found(compartment):
            # What answered was not the service, or the service has not settled yet.
            raise KeyServiceUnavailable
        return made

    @override
    def destroy_epoch(self, compartment: str, epoch: int) -> None:
        keys = self._keys(compartment)
        key = self._key(compartment, epoch, keys)
        if epoch == max(keys):
            raise NewestEpochStays
        if key is not None and self._state(key) in {State.LIVE, State.PAUSED}:
            with suppress(KeyIsGone):
                self._destroy(key)

    @override
    def is_destroyed(self, compartment: str, epoch: int) -> bool:
        key = self._key(compartment, epoch, self._keys(compartment))
        return key is None or self._state(key) is State.GONE

    @abstractmethod
    def _found(self, compartment: str) -> Mapping[int, Key]:
        """The keys of a compartment by epoch, as the service knows them now."""

    @abstractmethod
    def _make(self, compartment: str, epoch: int, found: Mapping[int, Key]) -> None:
        """Make the key of an epoch; that somebody else made it meanwhile is as good."""

    @abstractmethod
    def _wrap(self, key: Key, secret: bytes, bound: bytes) -> bytes:
        """Seal with the associated data; KeyIsGone when there is no such key."""

    @abstractmethod
    def _unwrap(self, key: Key, wrapped: bytes, bound: bytes) -> bytes | None:
        """Open, or None when this was not sealed so; KeyIsGone when there is no such key."""

    @abstractmethod
    def _destroy(self, key: Key) -> None:
        """Begin to destroy the key."""

    def _state(self, _key: Key) -> State:
        """A key that is found is live, unless the service says more."""
        return State.LIVE

    def _out_of_sight(self, _epoch: int, _found: Mapping[int, Key]) -> Key | None:
        """A key that exists although it is not found by its name; some services can tell."""
        return None

    def _require_open(self, compartment: str) -> None:
        if compartment not in self._compartments:
            raise CompartmentIsClosed(compartment)

    def _found_in(self, compartment: str) -> Mapping[int, Key]:
        self._require_open(compartment)
        return self._found(compartment)

    def _keys(self, compartment: str) -> Mapping[int, Key]:
        found = self._found_in(compartment)
        if not found:
            raise NoEpochYet
        return found

    def _key(self, compartment: str, epoch: int, keys: Mapping[int, Key]) -> Key | None:
        require_made(compartment, epoch, max(keys))
        return keys[epoch] if epoch in keys else self._out_of_sight(epoch, keys)

    def _live(self, compartment: str, epoch: int) -> Key:
        key = self._key(compartment, epoch, self._keys(compartment))
        state = State.GONE if key is None else self._state(key)
        if state is State.PAUSED:
            raise KeyServiceUnavailable
        if key is None or state is not State.LIVE:
            raise Erased(kek_name(compartment, epoch))
        return key

    def _named(self, compartment: str, epoch: int, ask: Callable[[], Answer]) -> Answer:
        return answered(ask, KeyIsGone, lambda _: Erased(kek_name(compartment, epoch)))


def answered(
    ask: Callable[[], Answer],
    failures: type[Exception] | tuple[type[Exception], ...],
    named: Callable[[Exception], Exception],
) -> Answer:
    """The answer, or the failure under a name of ours, with nothing of the driver's own hanging on."""
    try:
        return ask()
    except failures as failure:
        ours = named(failure)
    # Raised out here, so that the driver's error, which may quote what it sent, is not its context.
    raise ours


def numbered(names: Iterable[str], beginning: str) -> dict[int, str]:
    """Names by the epoch that they end in, of those that begin so; others belong to somebody else."""
    ends = {name.removeprefix(beginning): name for name in names if name.startswith(beginning)}
    return {int(end): name for end, name in ends.items() if end.isascii() and end.isdigit()}


def kek_name(compartment: str, epoch: int) -> str:
    """What an error calls a key-encryption key."""
    return f"key-encryption key of {compartment}, epoch {epoch}"


def require_made(compartment: str, epoch: int, newest: int) -> None:
    """Raise Absent for an epoch that never was."""
    if not 0 < epoch <= newest:
        raise Absent(kek_name(compartment, epoch))


def _bound(compartment: str, epoch: int, context: bytes) -> bytes:
    return place("wrapped-key", compartment.encode(), epoch.to_bytes(4), context)


def _digest(kind: bytes, wrapped: bytes) -> bytes:
    return sha256(kind + wrapped).digest()


def _inner(kind: bytes, wrapped: bytes, record: str) -> bytes:
    """What the service itself made, once the digest shows that storage kept it whole."""
    inner = wrapped[1 + DIGEST_BYTES :]
    if wrapped[:1] != kind or not hmac.compare_digest(
        wrapped[1 : 1 + DIGEST_BYTES], _digest(kind, inner)
    ):
        raise Tampered(record)
    return inner

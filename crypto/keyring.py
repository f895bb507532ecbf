"""Finds, makes and unwraps data keys: branch keys in memory, each data key wrapped under one.

A new key exists only here until the append that first uses it stores its record; so the key record
and the record it opens are written together or not at all. Lock keys lie under no branch key: the key
service wraps and unwraps each, every time (docs/specs/notebook.md, "Lock keys").
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from uuid import UUID, uuid4

from cachetools import TTLCache

from crypto.branch_keys import BranchKeys, Timer, key_place
from crypto.branch_keys import new_branch_key as new_branch_key
from crypto.envelope import DataKey, new_secret
from crypto.errors import Absent, Erased, Tampered
from crypto.key_store import KeyRecord, KeyStore
from crypto.kms import KeyService
from crypto.lock_keys import LOCK_COMPARTMENT, LockKey, is_lock

STREAM_COMPARTMENT = "operational"
STREAM_PURPOSE = "stream"
MOST_CACHED_KEYS = 20_000
CACHE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A data key with the name that a record stores."""

    compartment: str
    key_id: UUID
    key: DataKey


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key whose record no append has stored yet."""

    named: NamedKey
    record: KeyRecord

    @property
    def whose(self) -> "Whose":
        """What it is the one new key of."""
        return self.named.compartment, self.record.owner, self.record.purpose


Whose = tuple[str, UUID, str]
"""Compartment, owner and purpose: there is one live key of each."""


KeyName = tuple[str, UUID]
"""A compartment and the id of a data key in it."""

KeyOrWhy = NamedKey | Erased | Tampered
"""A key, or why there is none: one that is erased or tampered with stops no other of a batch."""


class Keyring:
    """Opens data keys of the compartments whose branch keys this process could unwrap."""

    def __init__(
        self, store: KeyStore, service: KeyService, *, timer: Timer = time.monotonic
    ) -> None:
        self._store = store
        self._service = service
        self._branches = BranchKeys(store, service, timer=timer)
        bounds = MOST_CACHED_KEYS, CACHE_SECONDS, timer
        self._streams: TTLCache[UUID, NamedKey] = TTLCache(*bounds)
        self._unbegun: TTLCache[UUID, None] = TTLCache(*bounds)
        self._new: TTLCache[UUID, NewKey] = TTLCache(*bounds)
        self._new_of: TTLCache[Whose, NewKey] = TTLCache(*bounds)
        self._lock = Lock()

    def stream_keys(self, streams: Iterable[UUID]) -> dict[UUID, KeyOrWhy]:
        """The keys of many streams in one query; an absent one answers nothing."""
        wanted = set(streams)
        known = self._cached(wanted)
        missing = wanted - known.keys()
        if missing:
            records = self._store.keys_of(STREAM_COMPARTMENT, missing, STREAM_PURPOSE)
            known |= {stream: self._stream_key(record) for stream, record in records.items()}
        return known

    def knows(self, stream: UUID) -> bool:
        """Whether the key of a stream is in memory."""
        return stream in self._streams

    def learn(self, record: KeyRecord) -> None:
        """Take the key of a stream into memory, where its record was read with the stream itself."""
        self._stream_key(record)

    def learn_all(self, streams: Iterable[UUID]) -> None:
        """Take the keys of many streams into memory with one query, and which of them have not begun.

        Why one cannot be opened is told who asks for it.
        """
        wanted = set(streams)
        missing = wanted - self._cached(wanted).keys()
        if missing:
            found = self._store.keys_of(STREAM_COMPARTMENT, missing, STREAM_PURPOSE)
            for record in found.values():
                with suppress(Absent):
                    self._stream_key(record)
            with self._lock:
                self._unbegun.update(dict.fromkeys(missing - found.keys()))

    def stream_key(self, stream: UUID) -> NamedKey:
        """The key of one stream; Erased or Absent when there is none."""
        with self._lock, suppress(KeyError):
            return self._streams[stream]
        found = self.stream_keys([stream]).get(stream)
        if found is None:
            raise Absent(f"stream {stream}")
        if not isinstance(found, NamedKey):
            raise found
        return found

    def stream_key_or_new(self, stream: UUID) -> NamedKey:
        """The key of a stream, made if the stream is only beginning.

        Of one that another began meanwhile two keys are made, and the append refuses the second.
        """
        if self._is_beginning(stream):
            return self._make(STREAM_COMPARTMENT, stream, STREAM_PURPOSE)
        try:
            return self.stream_key(stream)
        except Absent:
            return self._make(STREAM_COMPARTMENT, stream, STREAM_PURPOSE)

    def field_key_or_new(self, compartment: str, owner: UUID, purpose: str) -> NamedKey:
        """The live key of an owner for a purpose, made if there is none."""
        whose = compartment, owner, purpose
        return self.field_keys_or_new([whose])[whose]

    def field_keys_or_new(self, wanted: Iterable[Whose]) -> dict[Whose, NamedKey]:
        """The same for many; those of one compartment and purpose in one query."""
        owners: dict[tuple[str, str], set[UUID]] = defaultdict(set)
        for compartment, owner, purpose in wanted:
            owners[compartment, purpose].add(owner)
        found = {}
        for (compartment, purpose), who in owners.items():
            self._branches.require_open(compartment)
            records = self._store.keys_of(compartment, who, purpose)
            for owner in who:
                whose = compartment, owner, purpose
                found[whose] = self._live_or_new(whose, records.get(owner))
        return found

    def field_key(self, compartment: str, key_id: UUID) -> NamedKey:
        """The key that a sealed field names, read anew each time so that a destroyed one stays shut."""
        self._branches.require_open(compartment)
        record = self._store.key(compartment, key_id)
        if record is None:
            raise Absent(f"key {key_id}")
        return self._unwrap(compartment, record)

    def field_keys(self, wanted: Iterable[KeyName]) -> dict[KeyName, KeyOrWhy]:
        """The same for many keys in one query a compartment; an absent one answers nothing."""
        named: dict[str, set[UUID]] = defaultdict(set)
        for compartment, key_id in wanted:
            named[compartment].add(key_id)
        found = {}
        for compartment, key_ids in named.items():
            self._branches.require_open(compartment)
            for record in self._store.keys(compartment, key_ids):
                with suppress(Absent):
                    found[compartment, record.key_id] = self._key_or_why(compartment, record)
        return found

    def new_keys(self, key_ids: Iterable[UUID]) -> list[NewKey]:
        """Those of the keys whose records no append has stored yet."""
        if not self._new:
            return []
        with self._lock:
            found = [self._new.get(key_id) for key_id in dict.fromkeys(key_ids)]
        return [key for key in found if key is not None]

    def settle(self, key_ids: Iterable[UUID]) -> None:
        """Note that these new keys are stored, or never will be: from now on the store is asked."""
        with self._lock:
            for key_id in key_ids:
                settled = self._new.pop(key_id, None)
                if settled is not None:
                    self._new_of.pop(settled.whose, None)

    def forget(self, owners: Iterable[UUID]) -> None:
        """Ask the store again for the streams of these owners: their keys may be gone.

        So may be the epoch under which this process makes new keys.
        """
        self._branches.look_again()
        with self._lock:
            for owner in owners:
                self._streams.pop(owner, None)

    def _cached(self, streams: set[UUID]) -> dict[UUID, KeyOrWhy]:
        known: dict[UUID, KeyOrWhy] = {}
        with self._lock:
            for stream in streams:
                # Asked for by name: the cache's own `get` looks twice.
                with suppress(KeyError):
                    known[stream] = self._streams[stream]
        return known

    def _is_beginning(self, stream: UUID) -> bool:
        """Whether this process made its key and it is not stored yet, or saw, once, that there is none."""
        with self._lock:
            was_seen = stream in self._unbegun
            self._unbegun.pop(stream, None)
            is_made = (STREAM_COMPARTMENT, stream, STREAM_PURPOSE) in self._new_of
            return (was_seen or is_made) and stream not in self._streams

    def _stream_key(self, record: KeyRecord) -> KeyOrWhy:
        key = self._key_or_why(STREAM_COMPARTMENT, record)
        if isinstance(key, NamedKey):
            with self._lock:
                self._streams[record.owner] = key
        return key

    def _key_or_why(self, compartment: str, record: KeyRecord) -> KeyOrWhy:
        try:
            return self._unwrap(compartment, record)
        except (Erased, Tampered) as why:
            return why

    def _live_or_new(self, whose: Whose, record: KeyRecord | None) -> NamedKey:
        if record is None or record.state != "live":
            return self._make(*whose)
        return self._unwrap(whose[0], record)

    def _make(self, compartment: str, owner: UUID, purpose: str) -> NamedKey:
        whose = (compartment, owner, purpose)
        with self._lock:
            made = self._new_of.get(whose)
        if made is None:
            # Outside the lock: the store or the key service may have to be asked.
            made = self._new_key(whose)
        with self._lock:
            made = self._new_of.get(whose) or made
            self._new_of[whose] = self._new[made.record.key_id] = made
        return made.named

    def _new_key(self, whose: Whose) -> NewKey:
        compartment, owner, purpose = whose
        key_id, secret = uuid4(), new_secret()
        if is_lock(compartment, purpose):
            epoch, wrapped = self._new_lock(LockKey(key_id, owner, purpose), secret)
        else:
            epoch, branch = self._branches.newest(compartment)
            where = key_place(compartment, key_id, owner, purpose, epoch)
            wrapped = branch.seal(secret, where)
        record = KeyRecord(key_id, owner, purpose, "live", epoch, wrapped)
        return NewKey(NamedKey(compartment, key_id, DataKey(secret)), record)

    def _new_lock(self, lock: LockKey, secret: bytes) -> tuple[int, bytes]:
        epoch, _ = self._branches.newest(LOCK_COMPARTMENT)
        try:
            return epoch, lock.wrap(self._service, epoch, secret)
        except Erased:
            # The epoch ended since it was looked for.
            self._branches.look_again()
        epoch, _ = self._branches.newest(LOCK_COMPARTMENT)
        return epoch, lock.wrap(self._service, epoch, secret)

    def _unwrap(self, compartment: str, record: KeyRecord) -> NamedKey:
        if record.wrapped_key is None:
            raise Erased(f"key {record.key_id}")
        try:
            return self._opened(compartment, record, record.wrapped_key)
        except Erased:
            # The epoch may have ended since the record was read; then the key has another by now.
            current = self._store.key(compartment, record.key_id)
            if current is None or current.wrapped_key is None or current.epoch == record.epoch:
                raise
            return self._opened(compartment, current, current.wrapped_key)

    def _opened(self, compartment: str, record: KeyRecord, wrapped_key: bytes) -> NamedKey:
        name = f"key {record.key_id}"
        whose = record.key_id, record.owner, record.purpose
        if is_lock(compartment, record.purpose):
            secret = LockKey(*whose).unwrap(self._service, record.epoch, wrapped_key)
        else:
            branch = self._branches.of(compartment, record.epoch, record=name)
            where = key_place(compartment, *whose, record.epoch)
            secret = branch.open(wrapped_key, where, record=name)
        return NamedKey(compartment, record.key_id, DataKey(secret))

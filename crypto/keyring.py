"""Finds, makes and unwraps data keys: branch keys in memory, each data key wrapped under one.

A new key exists only here until the append that first uses it stores its record; so the key record
and the record it opens are written together or not at all.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from uuid import UUID, uuid4

from cachetools import TTLCache

from crypto.envelope import DataKey, new_secret, place
from crypto.errors import Absent, CompartmentIsClosed, Erased
from crypto.key_store import KeyRecord, KeyStore
from crypto.kms import KeyService

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


class Keyring:
    """Opens data keys of the compartments whose branch keys this process could unwrap."""

    def __init__(self, store: KeyStore, service: KeyService) -> None:
        self._store = store
        self._service = service
        self._branches = {
            compartment: _unwrap_branches(store, service, compartment)
            for compartment in service.compartments()
        }
        self._streams: TTLCache[UUID, NamedKey] = TTLCache(MOST_CACHED_KEYS, CACHE_SECONDS)
        self._new: TTLCache[UUID, NewKey] = TTLCache(MOST_CACHED_KEYS, CACHE_SECONDS)
        self._new_of: TTLCache[Whose, NewKey] = TTLCache(MOST_CACHED_KEYS, CACHE_SECONDS)
        self._lock = Lock()

    def stream_keys(self, streams: Iterable[UUID]) -> dict[UUID, NamedKey | Erased]:
        """The keys of many streams in one query; an erased stream answers Erased, an absent one nothing."""
        wanted = set(streams)
        with self._lock:
            cached = {stream: self._streams.get(stream) for stream in wanted}
        known: dict[UUID, NamedKey | Erased] = {
            stream: key for stream, key in cached.items() if key is not None
        }
        missing = wanted - known.keys()
        if missing:
            records = self._store.keys_of(STREAM_COMPARTMENT, missing, STREAM_PURPOSE)
            known |= {stream: self._stream_key(record) for stream, record in records.items()}
        return known

    def stream_key(self, stream: UUID) -> NamedKey:
        """The key of one stream; Erased or Absent when there is none."""
        found = self.stream_keys([stream]).get(stream)
        if found is None:
            raise Absent(f"stream {stream}")
        if isinstance(found, Erased):
            raise found
        return found

    def stream_key_or_new(self, stream: UUID) -> NamedKey:
        """The key of a stream, made if the stream is only beginning."""
        try:
            return self.stream_key(stream)
        except Absent:
            return self._make(STREAM_COMPARTMENT, stream, STREAM_PURPOSE)

    def field_key_or_new(self, compartment: str, owner: UUID, purpose: str) -> NamedKey:
        """The live key of an owner for a purpose, made if there is none."""
        self._branch_keys(compartment)
        record = self._store.keys_of(compartment, [owner], purpose).get(owner)
        if record is None or record.state != "live":
            return self._make(compartment, owner, purpose)
        return self._unwrap(compartment, record)

    def field_key(self, compartment: str, key_id: UUID) -> NamedKey:
        """The key that a sealed field names, read anew each time so that a destroyed one stays shut."""
        self._branch_keys(compartment)
        record = self._store.key(compartment, key_id)
        if record is None:
            raise Absent(f"key {key_id}")
        return self._unwrap(compartment, record)

    def new_keys(self, key_ids: Iterable[UUID]) -> list[NewKey]:
        """Those of the keys whose records no append has stored yet."""
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
        """Ask the store again for the streams of these owners: their keys may be gone."""
        with self._lock:
            for owner in owners:
                self._streams.pop(owner, None)

    def _stream_key(self, record: KeyRecord) -> NamedKey | Erased:
        try:
            key = self._unwrap(STREAM_COMPARTMENT, record)
        except Erased as erased:
            return erased
        with self._lock:
            self._streams[record.owner] = key
        return key

    def _make(self, compartment: str, owner: UUID, purpose: str) -> NamedKey:
        whose = (compartment, owner, purpose)
        with self._lock:
            made = self._new_of.get(whose) or self._new_key(whose)
            self._new_of[whose] = self._new[made.record.key_id] = made
        return made.named

    def _new_key(self, whose: Whose) -> NewKey:
        compartment, owner, purpose = whose
        branches = self._branch_keys(compartment)
        if not branches:
            raise Absent(f"branch key of {compartment}")
        epoch = max(branches)
        key_id, secret = uuid4(), new_secret()
        where = _key_place(compartment, key_id, owner, purpose, epoch)
        record = KeyRecord(
            key_id, owner, purpose, "live", epoch, branches[epoch].seal(secret, where)
        )
        return NewKey(NamedKey(compartment, key_id, DataKey(secret)), record)

    def _unwrap(self, compartment: str, record: KeyRecord) -> NamedKey:
        name = f"key {record.key_id}"
        if record.wrapped_key is None:
            raise Erased(name)
        branch = self._branch_of(compartment, record.epoch, name)
        where = _key_place(compartment, record.key_id, record.owner, record.purpose, record.epoch)
        secret = branch.open(record.wrapped_key, where, record=name)
        return NamedKey(compartment, record.key_id, DataKey(secret))

    def _branch_of(self, compartment: str, epoch: int, name: str) -> DataKey:
        if epoch not in self._branch_keys(compartment):
            # Another process may have begun this epoch since this one started.
            self._branches[compartment] = _unwrap_branches(self._store, self._service, compartment)
        branches = self._branches[compartment]
        if epoch in branches:
            return branches[epoch]
        if epoch < max(branches, default=0):
            raise Erased(name)
        raise Absent(name)

    def _branch_keys(self, compartment: str) -> dict[int, DataKey]:
        """The branch keys by epoch; CompartmentIsClosed where this process has none."""
        if compartment not in self._branches:
            raise CompartmentIsClosed(compartment)
        return self._branches[compartment]


def new_branch_key(service: KeyService, compartment: str) -> tuple[int, bytes]:
    """Make a branch key for the newest epoch; answer the epoch and the wrapped key."""
    epoch = service.epoch(compartment)
    return epoch, service.wrap(compartment, epoch, new_secret(), _branch_place(compartment, epoch))


def _unwrap_branches(store: KeyStore, service: KeyService, compartment: str) -> dict[int, DataKey]:
    branches = {}
    for epoch, wrapped in store.branch_keys(compartment).items():
        # The record of a destroyed epoch's branch key stays behind and opens nothing.
        with suppress(Erased):
            where = _branch_place(compartment, epoch)
            branches[epoch] = DataKey(service.unwrap(compartment, epoch, wrapped, where))
    return branches


def _branch_place(compartment: str, epoch: int) -> bytes:
    return place("branch-key", compartment.encode(), epoch.to_bytes(4))


def _key_place(compartment: str, key_id: UUID, owner: UUID, purpose: str, epoch: int) -> bytes:
    parts = (compartment.encode(), key_id.bytes, owner.bytes, purpose.encode(), epoch.to_bytes(4))
    return place("data-key", *parts)

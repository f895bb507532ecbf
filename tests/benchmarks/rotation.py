"""Rotating a million data keys, and how often the key service is asked meanwhile and otherwise."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool
from rich.console import Console
from typing_extensions import override

from api.bootstrap import local_key_service
from crypto.branch_keys import BranchKeys, key_places
from crypto.envelope import new_secret
from crypto.key_store import KeyStore
from crypto.keyring import STREAM_COMPARTMENT, STREAM_PURPOSE, Keyring
from crypto.kms.local import LocalKeyService
from crypto.rotation import rotation
from tests.benchmarks.measuring import Count, Ratio, interleaved
from tests.benchmarks.world import World

KEYS = 1_000_000
STREAMS = 100_000
BATCH = 500
ROUNDS = 3
COMPARTMENT = "personal"
PLACE_BYTES = 120
"""About as long as the place of a data key."""


def rotate_vs_floor(world: World) -> Ratio:
    """Seconds for a whole rotation, against AES-GCM over the same bytes and one bare UPDATE of the rows."""
    started = time.perf_counter()
    _load_keys(world, COMPARTMENT, "take_part", KEYS)
    floor = _Floor(world)
    Console().print(f"  {floor.keys} keys, made in {time.perf_counter() - started:.0f} s")
    return interleaved(
        lambda: _rotate(world), floor.seconds, rounds=ROUNDS, unit=f"seconds for {floor.keys} keys"
    )


def kms_calls_per_100k_streams(world: World) -> Count:
    """Calls of a process that opens every compartment and the keys of 100,000 streams, a rotation among them."""
    streams = _load_keys(world, STREAM_COMPARTMENT, STREAM_PURPOSE, STREAMS)
    service = CountingKeyService(world.key_files)
    with _pool(world, "vouchsafe_api") as pool:
        keyring = Keyring(KeyStore(pool), service)
        for number, batch in enumerate(_batches(streams)):
            if number == STREAMS // BATCH // 2:
                _rotate(world)
            assert len(keyring.stream_keys(batch)) == len(batch)
    return Count(service.calls, f"calls to the key service for {STREAMS} streams")


class CountingKeyService(LocalKeyService):
    """Counts what another key service would be paid for."""

    calls = 0

    @override
    def wrap(self, compartment: str, epoch: int, secret: bytes, context: bytes) -> bytes:
        self.calls += 1
        return super().wrap(compartment, epoch, secret, context)

    @override
    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        self.calls += 1
        return super().unwrap(compartment, epoch, wrapped, context)


class _Floor:
    """What cannot be done without: open and seal each key, and write each row."""

    def __init__(self, world: World) -> None:
        self._url = world.superuser_url
        self._old, self._new = AESGCM(os.urandom(32)), AESGCM(os.urandom(32))
        self._place, self._nonce = os.urandom(PLACE_BYTES), os.urandom(12)
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("CREATE TABLE floor_key (LIKE keys.data_key_personal INCLUDING ALL)")
            connection.execute("ALTER TABLE floor_key SET (fillfactor = 50)")
            # What other benchmarks have left in other compartments is rotated with it.
            self.keys = connection.execute(
                "INSERT INTO floor_key SELECT * FROM keys.data_key WHERE wrapped_key IS NOT NULL"
            ).rowcount
        self._wrapped = [
            self._old.encrypt(self._nonce, os.urandom(32), self._place) for _ in range(self.keys)
        ]

    def seconds(self) -> float:
        started = time.perf_counter()
        for wrapped in self._wrapped:
            secret = self._old.decrypt(self._nonce, wrapped, self._place)
            self._new.encrypt(os.urandom(12), secret, self._place)
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(
                "UPDATE floor_key SET epoch = epoch + 1, wrapped_key = wrapped_key || ''::bytea"
            )
        return time.perf_counter() - started


def _rotate(world: World) -> float:
    started = time.perf_counter()
    service = local_key_service(world.key_files)
    with _pool(world, "vouchsafe_keeper") as pool, rotation(pool, service) as made:
        made.carry_out(ask=True)
    return time.perf_counter() - started


@contextmanager
def _pool(world: World, role: str) -> Iterator[ConnectionPool[psycopg.Connection[Any]]]:
    with ConnectionPool(world.url(role), min_size=1, max_size=3, open=True) as pool:
        yield pool


def _load_keys(world: World, compartment: str, purpose: str, count: int) -> list[UUID]:
    """Keys as the keyring makes them, copied in; answers their owners."""
    with _pool(world, "vouchsafe_api") as pool:
        branches = BranchKeys(KeyStore(pool), local_key_service(world.key_files))
        epoch, branch = branches.newest(compartment)
    place, owners = key_places(compartment, epoch), []
    with psycopg.connect(world.superuser_url) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "COPY keys.data_key (compartment, key_id, owner, purpose, epoch, wrapped_key)"
            " FROM STDIN (FORMAT binary)"
        ) as copy:
            copy.set_types(["text", "uuid", "uuid", "text", "int4", "bytea"])
            for _ in range(count):
                key_id, owner = uuid4(), uuid4()
                where = place(key_id.bytes, owner.bytes, purpose.encode())
                wrapped = branch.seal(new_secret(), where)
                copy.write_row((compartment, key_id, owner, purpose, epoch, wrapped))
                owners.append(owner)
        connection.execute("ANALYZE keys.data_key")
    return owners


def _batches(streams: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for first in range(0, len(streams), BATCH):
        yield streams[first : first + BATCH]

"""The composition root: the one place where adapters are chosen and parts are joined."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

import domain
from api.clock import Clock, clock_behind
from api.migrations import migrate
from api.settings import Settings
from crypto.errors import KeyServiceError
from crypto.event_store.mapper import SealingMapper
from crypto.event_store.recorder import LogRecorder
from crypto.key_store import KeyStore, add_branch_key
from crypto.keyring import Keyring, new_branch_key
from crypto.kms import KeyService
from crypto.kms.local import LocalKeyService, make_key_file
from domain.consent import keys_ended_by
from domain.mentoring import Mentoring
from domain.sealed import keys_named_by
from domain.values import Compartment

AWAY_SECONDS = 5.0
"""A pool that waits longer for a database that is away also takes longer to see it come back."""

Pool = ConnectionPool[psycopg.Connection[Any]]


class NotForProduction(KeyServiceError):
    """Keys in files, or a clock set back, are for trials; a service in production refuses both."""


@dataclass(frozen=True)
class Parts:
    """What a process is made of."""

    settings: Settings
    pool: Pool
    keyring: Keyring
    mapper: SealingMapper
    recorder: LogRecorder
    mentoring: Mentoring
    clock: Clock


@contextmanager
def joined(settings: Settings) -> Iterator[Parts]:
    """Join the parts for one process and take them apart again at its end."""
    _require_fit(settings)
    url = settings.database_url.get_secret_value()
    with ConnectionPool(
        url,
        min_size=1,
        max_size=settings.pool_size,
        open=True,
        timeout=AWAY_SECONDS,
        reconnect_timeout=AWAY_SECONDS,
    ) as pool:
        keyring = Keyring(KeyStore(pool), LocalKeyService(settings.key_files))
        mapper = SealingMapper(
            keyring, domain.EVENT_CLASSES, keys_of=keys_named_by, ended_by=keys_ended_by
        )
        with _datastore(url, settings.pool_size) as datastore:
            recorder = LogRecorder(datastore, keyring)
            mentoring = Mentoring(mapper, recorder)
            clock = clock_behind(settings.clock_behind_seconds)
            yield Parts(settings, pool, keyring, mapper, recorder, mentoring, clock)


def prepare_database(owner_url: str, service: KeyService) -> list[str]:
    """Bring the schema up to date and see that every compartment has a branch key."""
    applied = migrate(owner_url)
    with psycopg.connect(owner_url) as connection:
        for compartment in sorted(service.compartments()):
            add_branch_key(connection, compartment, *new_branch_key(service, compartment))
    return applied


def local_key_files(folder: Path) -> dict[str, Path]:
    """The key files of a trial, one a compartment, made at the first start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = {compartment.value: folder / f"{compartment}.json" for compartment in Compartment}
    for compartment, path in files.items():
        make_key_file(path, compartment)
    return files


def local_key_service(files: Mapping[str, Path]) -> KeyService:
    """The key service of a trial."""
    return LocalKeyService(files)


def _require_fit(settings: Settings) -> None:
    """Files are the only key service there is yet, so production has to wait for the next one."""
    if settings.production:
        raise NotForProduction


def _datastore(url: str, pool_size: int) -> PostgresDatastore:
    given = conninfo_to_dict(url)
    return PostgresDatastore(
        dbname=str(given.get("dbname", "")),
        host=str(given.get("host", "")),
        port=str(given.get("port", 5432)),
        user=str(given.get("user", "")),
        password=str(given.get("password", "")),
        pool_size=1,
        max_overflow=pool_size - 1,
    )

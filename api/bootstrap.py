"""The composition root: the one place where adapters are chosen and parts are joined."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow
from psycopg_pool import ConnectionPool

import domain
from api.clock import Clock, clock_behind
from api.erasing.journal import Journal
from api.erasing.replaying import require_replayed
from api.migrations import migrate
from api.settings import KeySettings, Settings
from crypto.errors import DriverIsMissing, KeyServiceError, NoEpochYet
from crypto.event_store.mapper import SealingMapper
from crypto.event_store.recorder import LogRecorder
from crypto.horizon import Epoch
from crypto.key_store import KeyStore, add_branch_key
from crypto.keyring import Keyring, new_branch_key
from crypto.kms import KeyService
from crypto.kms.guarded import GuardedKeyService
from crypto.kms.local import LocalKeyService, make_key_file
from crypto.patience import SESSION, PatientConnection
from crypto.rewrapping import Progress
from crypto.rotation import Rotation, epochs, rotation
from domain.consent_keys import keys_ended_by
from domain.mentoring import Mentoring
from domain.sealed import keys_named_by
from domain.values import Compartment

AWAY_SECONDS = 5.0
"""A pool that waits longer for a database that is away also takes longer to see it come back."""

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Mail that is handed to a program on the same machine passes no line that others listen to."""

Pool = ConnectionPool[psycopg.Connection[Any]]


MAY_OPEN = {
    "serve": ("operational", "contact", "personal", "special", "safeguarding", "locks"),
    "work": ("operational",),
    "clerk": ("operational", "contact"),
    "rotate-keys": ("operational", "contact", "personal", "special", "safeguarding", "locks"),
}
"""The compartments that each process may open, and no others."""


class NotForProduction(KeyServiceError):
    """Keys in files, OpenBao or mail without TLS, or a clock set back are for trials; a service in production refuses them."""


class TooManyCompartments(KeyServiceError):
    """This process was given keys of compartments that it may not open; name its own alone."""


class KeysAreElsewhere(KeyServiceError):
    """The database rests on keys that this key service does not have; look at the service, its region and the prefix."""


@dataclass(frozen=True)
class Parts:
    """What a process is made of."""

    settings: Settings
    pool: Pool
    key_service: KeyService
    keyring: Keyring
    mapper: SealingMapper
    recorder: LogRecorder
    mentoring: Mentoring
    clock: Clock
    new_seed: Callable[[int], bytes] = secrets.token_bytes
    """Where the matching gets the seeds from that it records."""


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
        connection_class=cast("type[psycopg.Connection[Any]]", PatientConnection),
        kwargs=SESSION,
    ) as pool:
        _require_all_erased(settings, pool)
        service = key_service(settings)
        keyring = Keyring(KeyStore(pool), service)
        mapper = SealingMapper(
            keyring, domain.EVENT_CLASSES, keys_of=keys_named_by, ended_by=keys_ended_by
        )
        with _datastore(url, settings.pool_size) as datastore:
            recorder = LogRecorder(datastore, keyring)
            mentoring = Mentoring(mapper, recorder, recorder.ahead)
            clock = clock_behind(settings.clock_behind_seconds)
            yield Parts(settings, pool, service, keyring, mapper, recorder, mentoring, clock)


@contextmanager
def keeper(
    settings: Settings, *, progress: Progress, go_on: Callable[[], bool]
) -> Iterator[Rotation]:
    """The one rotation of keys that runs now; nothing that could read a record is joined to it."""
    _require_fit(settings)
    url = settings.database_url.get_secret_value()
    with ConnectionPool(url, min_size=1, max_size=3, open=True, timeout=AWAY_SECONDS) as pool:
        _require_all_erased(settings, pool)
        with rotation(pool, key_service(settings), progress=progress, go_on=go_on) as made:
            yield made


def epochs_of(settings: Settings) -> list[Epoch]:
    """Every epoch of every compartment."""
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        return epochs(connection)


def prepare_database(owner_url: str, service: KeyService) -> list[str]:
    """Bring the schema up to date and see that every compartment has a key and a branch key."""
    applied = migrate(owner_url)
    with psycopg.connect(owner_url) as connection:
        for compartment in sorted(service.compartments()):
            _see_to_first_epoch(connection, service, compartment)
            add_branch_key(connection, compartment, *new_branch_key(service, compartment))
    return applied


def key_service(settings: KeySettings) -> KeyService:
    """The key service that the settings name; those outside this machine behind a circuit breaker."""
    if settings.key_service == "local":
        return LocalKeyService(settings.key_files)
    try:
        return GuardedKeyService(ELSEWHERE[settings.key_service](settings))
    except ModuleNotFoundError:
        raise DriverIsMissing from None


def require_own_compartments(settings: KeySettings, process: str) -> None:
    """Raise TooManyCompartments when a process was given more keys than it may use."""
    if not settings.named_compartments <= set(MAY_OPEN[process]):
        raise TooManyCompartments


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
    listened_to = settings.key_service == "openbao" and not (settings.openbao_url or "").startswith(
        "https://"
    )
    overheard = settings.smtp_tls == "none" and settings.smtp_host not in {None, *THIS_MACHINE}
    trial = settings.key_service == "local" or settings.clock_behind_seconds
    trial = trial or listened_to or overheard
    if settings.production and trial:
        raise NotForProduction


def _see_to_first_epoch(
    connection: psycopg.Connection, service: KeyService, compartment: str
) -> None:
    """New keys would open nothing of what was recorded under lost ones."""
    try:
        service.epoch(compartment)
    except NoEpochYet:
        known = "SELECT FROM keys.branch_key WHERE compartment = %s LIMIT 1"
        if connection.execute(known, [compartment]).fetchone() is not None:
            raise KeysAreElsewhere from None
        service.new_epoch(compartment)


def _in_tokens(settings: KeySettings) -> KeyService:
    from crypto.kms.pkcs11 import Pkcs11KeyService  # noqa: PLC0415 - its driver is there where it is chosen

    assert settings.pkcs11_driver is not None  # noqa: S101 - the settings need it
    return Pkcs11KeyService(settings.pkcs11_driver, settings.pkcs11_pin_files, settings.key_prefix)


def _in_aws(settings: KeySettings) -> KeyService:
    from crypto.kms.aws import AwsKeyService, kms_client  # noqa: PLC0415 - see _in_tokens

    assert settings.aws_region is not None  # noqa: S101 - the settings need it
    client = kms_client(settings.aws_region, settings.aws_endpoint)
    return AwsKeyService(client, settings.compartments, settings.key_prefix)


def _in_openbao(settings: KeySettings) -> KeyService:
    from crypto.kms.openbao import Bao, OpenBaoKeyService  # noqa: PLC0415 - see _in_tokens

    url, token = settings.openbao_url, settings.openbao_token_file
    assert url is not None and token is not None  # noqa: S101, PT018 - the settings need both
    bao = Bao(url, token, settings.openbao_mount, settings.openbao_ca_file)
    return OpenBaoKeyService(bao, settings.compartments, settings.key_prefix)


ELSEWHERE: dict[str, Callable[[KeySettings], KeyService]] = {
    "pkcs11": _in_tokens,
    "aws": _in_aws,
    "openbao": _in_openbao,
}


def _require_all_erased(settings: Settings, pool: Pool) -> None:
    """A restored backup opens nothing before the journal was replayed."""
    if settings.erasure_journal is not None:
        with pool.connection() as connection:
            require_replayed(connection, Journal(settings.erasure_journal))


def _datastore(url: str, pool_size: int) -> PostgresDatastore:
    given = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(given.get("dbname", "")),
        host=str(given.get("host", "")),
        port=str(given.get("port", 5432)),
        user=str(given.get("user", "")),
        password=str(given.get("password", "")),
        pool_size=1,
        max_overflow=pool_size - 1,
    )
    datastore.pool.connection_class = PatientConnection[DictRow]
    datastore.pool.kwargs = {**cast("dict[str, Any]", datastore.pool.kwargs), **SESSION}
    return datastore

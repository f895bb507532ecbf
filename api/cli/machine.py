"""One machine that runs everything: its database and keys, and what each of its processes is told."""

import errno
import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from pydantic import SecretStr

from api.bootstrap import MAY_OPEN, local_key_files, local_key_service, prepare_database
from api.embedded_postgres import DATABASE_OWNER, DataMissing, EmbeddedPostgres
from api.embedded_postgres.places import recorded_places
from api.erasing.journal import Journal
from api.erasing.replaying import replay
from api.migrations import migrate
from api.settings import ReadingSettings, RunSettings, Settings
from api.simulate.first_scheme import Phase
from crypto.errors import KeyFileIsMissing
from domain.errors import DomainError
from projections.positions import standings

DATABASE = "vouchsafe"
API_ROLE = "vouchsafe_api"
READER_ROLE = "vouchsafe_reader"
PROCESSES = {
    "serve": (API_ROLE, MAY_OPEN["serve"]),
    "work": ("vouchsafe_worker", MAY_OPEN["work"]),
    "clerk": ("vouchsafe_clerk", MAY_OPEN["clerk"]),
}
"""Each process with its database role and the compartments it may open, and no others."""
KEEPER_ROLE = "vouchsafe_keeper"
PASSES = {"rotate-keys": (KEEPER_ROLE, MAY_OPEN["rotate-keys"])}
"""What is started when there is something to do and ends by itself, in the same words."""
READING = ("serve", "clerk")
"""Those that read read models, which they do as a role that can do nothing else."""

ERASURE_JOURNAL = "erasures.journal"
"""In the data folder, beside the database and not in it: to be backed up apart from it."""

POST = "capture-mail"
POST_HOST = "127.0.0.1"
SENDER = "no-reply@localhost"
"""Whom mail of a trial comes from; it goes nowhere."""

ROTATION_IS_DUE = (
    "SELECT FROM keys.rotation WHERE finished_at IS NULL UNION ALL"
    " SELECT FROM keys.epoch WHERE emptied_at IS NOT NULL AND destroyed_at IS NULL"
)

EVERYWHERE = {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "localhost"}  # noqa: S104 - names it, binds nothing
"""Hosts that are not reached under their own number; passkeys and cookies want a name anyway."""


class PortIsTaken(DomainError):
    """Something else listens on this port; stop it or name another one: VOUCHSAFE_PORT=8001 make run."""


class AddressNotOurs(DomainError):
    """This account cannot listen on that host and port; name others: VOUCHSAFE_HOST, VOUCHSAFE_PORT."""


@dataclass(frozen=True)
class Machine:
    """One machine's settings, folders and database."""

    settings: RunSettings
    folder: Path
    postgres: EmbeddedPostgres
    key_files: dict[str, Path]
    post: socket.socket | None = None
    """Where this machine's own mail server listens, whichever process that is at the moment."""

    @property
    def mail_folder(self) -> Path:
        """Where mail is kept instead of being sent."""
        return self.folder / "mail"

    @property
    def url(self) -> str:
        """Where the service is found."""
        host = EVERYWHERE.get(self.settings.host, self.settings.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.settings.port}"

    def settings_of(self, process: str, phase: Phase = Phase.NOW) -> Settings:
        """What a process is told."""
        role, compartments = (PROCESSES | PASSES)[process]
        own = Settings(
            database_url=self._url_of(role),
            key_files={name: self.key_files[name] for name in compartments},
            public_url=self.url,
            host=self.settings.host,
            port=self.settings.port,
            log_file=self.folder / "logs" / f"{process}.log",
            erasure_journal=self.folder / ERASURE_JOURNAL,
            clock_behind_seconds=phase.seconds_ago,
            **self._mail_settings_of(process),
        )
        if process not in READING:
            return own
        return ReadingSettings(**own.model_dump(), reader_url=self._url_of(READER_ROLE))

    def environment_of(self, process: str, phase: Phase = Phase.NOW) -> dict[str, str]:
        """The same as environment variables."""
        if process == POST:
            return self._environment_of_post()
        settings = self.settings_of(process, phase)
        plain = settings.model_dump(mode="json", exclude_none=True)
        secret = {name: value for name, value in settings if isinstance(value, SecretStr)}
        plain |= {name: value.get_secret_value() for name, value in secret.items()}
        return {f"VOUCHSAFE_{name.upper()}": _as_text(value) for name, value in plain.items()}

    def has_records(self) -> bool:
        """Whether anything was ever recorded here."""
        with psycopg.connect(self._url_of(API_ROLE)) as connection:
            return connection.execute("SELECT FROM record.event LIMIT 1").fetchone() is not None

    def keys_are_to_be_rotated(self) -> bool:
        """Whether a rotation was asked for, or the end of an epoch is not confirmed yet."""
        with psycopg.connect(self._url_of(KEEPER_ROLE)) as connection:
            return connection.execute(ROTATION_IS_DUE).fetchone() is not None

    def stopped_read_models(self) -> list[str]:
        """The read models that cannot pass an event."""
        with psycopg.connect(self._url_of(READER_ROLE)) as connection:
            found = standings(connection).values()
        return [each.name for each in found if each.stopped_at is not None]

    def _mail_settings_of(self, process: str) -> dict[str, Any]:
        if process != "clerk" or self.post is None:
            return {}
        port = self.post.getsockname()[1]
        return {
            "smtp_host": POST_HOST,
            "smtp_port": port,
            "smtp_tls": "none",
            "mail_sender": SENDER,
        }

    def _environment_of_post(self) -> dict[str, str]:
        assert self.post is not None  # noqa: S101 - nobody else is asked to receive
        return {
            "VOUCHSAFE_CAPTURE_DESCRIPTOR": str(self.post.fileno()),
            "VOUCHSAFE_CAPTURE_FOLDER": str(self.mail_folder),
            "VOUCHSAFE_LOG_FILE": str(self.folder / "logs" / f"{POST}.log"),
        }

    def _url_of(self, role: str) -> str:
        return self.postgres.url(role, DATABASE)


def require_whole(folder: Path) -> None:
    """Raise what is wrong with the keys that are there, or DataMissing if their database is not."""
    postgres, keys = folder / "postgres", sorted((folder / "keys").glob("*.json"))
    local_key_service({file.stem: file for file in keys})
    if keys and recorded_places(postgres) is None:
        raise DataMissing(postgres)


def prepared(settings: RunSettings, folder: Path, postgres: EmbeddedPostgres) -> Machine:
    """See that roles, database, tables and keys are there."""
    postgres.provision(DATABASE)
    owner_url = postgres.url(DATABASE_OWNER, DATABASE)
    migrate(owner_url)
    _require_key_files(owner_url, folder / "keys")
    files = local_key_files(folder / "keys")
    prepare_database(owner_url, local_key_service(files))
    replay(owner_url, Journal(folder / ERASURE_JOURNAL))
    return Machine(settings, folder, postgres, files)


@contextmanager
def with_post(machine: Machine) -> Iterator[Machine]:
    """The machine with an address at which it takes mail, for as long as it runs."""
    with closing(socket.create_server((POST_HOST, 0))) as listening:
        yield replace(machine, post=listening)


def handed_on(machine: Machine) -> dict[str, tuple[int, ...]]:
    """What a process needs of us besides its environment: whoever takes mail, the socket for it."""
    return {} if machine.post is None else {POST: (machine.post.fileno(),)}


def require_free_port(settings: RunSettings) -> None:
    """Raise PortIsTaken or AddressNotOurs before anything is started in vain."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise (PortIsTaken if taken else AddressNotOurs) from None


def _as_text(value: object) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _require_key_files(owner_url: str, keys: Path) -> None:
    """New keys would open nothing of what was recorded under lost ones."""
    with psycopg.connect(owner_url) as connection:
        known = connection.execute("SELECT DISTINCT compartment FROM keys.branch_key").fetchall()
    if any(not (keys / f"{compartment}.json").exists() for (compartment,) in known):
        raise KeyFileIsMissing

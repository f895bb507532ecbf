"""The cluster: made whole or not at all, entered only with a password, and silent about what it stores."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from api.embedded_postgres.accounts import Account, run
from api.embedded_postgres.address import SUPERUSER
from api.embedded_postgres.errors import DatabaseDidNotStart, PasswordsMissing
from api.embedded_postgres.files import opened, sync_folder, write_whole
from api.embedded_postgres.passwords import Passwords
from api.embedded_postgres.places import Places
from api.embedded_postgres.processes import end_initialisation
from api.embedded_postgres.server_settings import server_settings

_ACCESS_RULES = f"local all all scram-sha-256\nlocal replication {SUPERUSER} scram-sha-256\n"
_LARGEST_LOG_BYTES = 10_000_000


@dataclass(frozen=True)
class Installation:
    """What a cluster is made and run with."""

    places: Places
    account: Account
    programs: Path
    passwords: Passwords
    durable: bool = True


def make_cluster(installation: Installation) -> None:
    """Make the cluster if it was never made; a kill on the way leaves nothing that a later run would use."""
    places = installation.places
    _sweep(places)
    if places.cluster.exists():
        if SUPERUSER not in installation.passwords:
            raise PasswordsMissing(places.home)
        return
    with _unfinished_cluster(installation) as unfinished:
        _initialise(installation, unfinished)
        unfinished.rename(places.cluster)
    sync_folder(places.server)
    write_whole(places.cluster_made, "")


def _sweep(places: Places) -> None:
    for leftover in places.server.glob("making-*"):
        end_initialisation(leftover / "cluster")
        shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def _unfinished_cluster(installation: Installation) -> Iterator[Path]:
    making = Path(tempfile.mkdtemp(prefix="making-", dir=installation.places.server))
    try:
        making.chmod(0o711)
        unfinished = making / "cluster"
        unfinished.mkdir(mode=0o700)
        installation.account.take(unfinished)
        yield unfinished
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _initialise(installation: Installation, cluster: Path) -> None:
    password_file = _password_file(installation, cluster.with_name("password"))
    options = [
        f"--pgdata={cluster}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *([] if installation.durable else ["--no-sync"]),
    ]
    with opened_log(installation.places) as log:
        program = installation.programs / "initdb"
        if not run(installation.account, program, *options, output=log):
            raise DatabaseDidNotStart(installation.places.log)


def _password_file(installation: Installation, path: Path) -> Path:
    with os.fdopen(opened(path, os.O_EXCL), "w", encoding="utf-8") as file:
        file.write(installation.passwords.of(SUPERUSER))
    installation.account.take(path)
    return path


@contextmanager
def opened_log(places: Places) -> Iterator[IO[bytes]]:
    """The server's log, ours to read; one that has grown large makes room and is kept once."""
    if places.log.exists() and places.log.stat().st_size > _LARGEST_LOG_BYTES:
        places.log.replace(places.log.with_suffix(".log.1"))
    with os.fdopen(opened(places.log, os.O_APPEND), "ab") as log:
        yield log


def server_command(
    installation: Installation, sockets: Path, settings: Mapping[str, str]
) -> list[str]:
    """The server's command line; what stands there cannot be changed from inside the database."""
    places = installation.places
    write_whole(places.access_rules, _ACCESS_RULES, mode=0o644)
    chosen = {
        **server_settings(durable=installation.durable),
        **settings,
        "hba_file": str(places.access_rules),
        "unix_socket_directories": str(sockets),
    }
    options = (part for name, value in chosen.items() for part in ("-c", f"{name}={value}"))
    return [str(installation.programs / "postgres"), "-D", str(places.cluster), *options]

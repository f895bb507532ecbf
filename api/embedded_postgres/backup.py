"""A base backup of a running server, and a folder made of one that a server of our own can be started on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.embedded_postgres.accounts import Account, run, server_account
from api.embedded_postgres.address import SUPERUSER, DatabaseAddress
from api.embedded_postgres.cluster import Installation, opened_log
from api.embedded_postgres.errors import BackupFailed
from api.embedded_postgres.files import opened, write_whole
from api.embedded_postgres.passwords import FILE_NAME
from api.embedded_postgres.places import choose_places, make_home, make_server_folder


def take_base_backup(installation: Installation, address: DatabaseAddress, folder: Path) -> None:
    """Copy all databases with the log that makes them whole; the server's account owns the copy."""
    places = installation.places
    folder.mkdir(mode=0o700)
    installation.account.take(folder)
    with _password_file(installation, address) as password_file, opened_log(places) as log:
        connection = f"host={address.host} port={address.port} user={SUPERUSER}"
        done = run(
            installation.account,
            installation.programs / "pg_basebackup",
            f"--dbname={connection} passfile={password_file}",
            f"--pgdata={folder}",
            "--checkpoint=fast",
            "--wal-method=stream",
            "--no-password",
            output=log,
        )
    if not done:
        raise BackupFailed(places.log)


def restore_base_backup(backup: Path, home: Path, passwords_of: Path, server_parent: Path) -> None:
    """Make a data folder on which a server starts as it was when the backup was taken.

    `passwords_of` is the data folder of the server that was backed up: roles keep their passwords.
    """
    home = make_home(home)
    shutil.copyfile(passwords_of / FILE_NAME, home / FILE_NAME)
    (home / FILE_NAME).chmod(0o600)
    account = server_account(backup)
    places = choose_places(home, account, server_parent)
    make_server_folder(places)
    shutil.copytree(backup, places.cluster, symlinks=True)
    for path in (places.cluster, *places.cluster.rglob("*")):
        account.take(path)
    write_whole(places.cluster_made, "")


@contextmanager
def _password_file(installation: Installation, address: DatabaseAddress) -> Iterator[Path]:
    """Told in a file, since everybody sees what stands on a command line."""
    with tempfile.TemporaryDirectory(dir=_shared_parent(installation.account)) as name:
        folder = Path(name)
        folder.chmod(0o711)
        path = folder / "password"
        host = address.host.replace("\\", "\\\\").replace(":", "\\:")
        line = f"{host}:{address.port}:*:{SUPERUSER}:{installation.passwords.of(SUPERUSER)}\n"
        with os.fdopen(opened(path, os.O_EXCL), "w", encoding="utf-8") as file:
            file.write(line)
        installation.account.take(path)
        yield path


def _shared_parent(account: Account) -> Path:
    """Where the server's account gets in: anywhere if it is ours, else where everybody may."""
    return Path(tempfile.gettempdir()) if account.user is None else Path("/tmp")  # noqa: S108 - a folder with a random name is made in it

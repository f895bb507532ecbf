"""Where the parts of an embedded database lie, so that its server reaches them and nobody else does.

Our own folder (the home) holds the lock, the passwords and records of where the rest is. The cluster lies in the
home too, unless PostgreSQL must run as another account that cannot enter it (the home is under root's private
folder, say): then it lies in a folder of its own under `server_parent`, which the record names. No folder that
was there before has its mode or owner changed, and root writes into no folder that the server's account owns.
"""

import os
import re
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from api.embedded_postgres.accounts import Account, may_enter
from api.embedded_postgres.address import PORT, SOCKET_RECORD
from api.embedded_postgres.errors import DataMissing, FolderNotOurs, UnreachableServerFolder
from api.embedded_postgres.files import make_folder, write_whole

_SERVER_RECORD = "server-folder"
# The kernel cuts socket names at 104 bytes on some systems; PostgreSQL and libpq split lists at commas.
_LONGEST_SOCKET_NAME = 100
_PLAIN = re.compile(r"[A-Za-z0-9/_.+-]+")


@dataclass(frozen=True)
class Places:
    """The home, and the folder of the server, which may be the same."""

    home: Path
    server: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder; it appears in one step when it has been made."""
        return self.server / "cluster"

    @property
    def cluster_made(self) -> Path:
        """The mark that a cluster was made, so that a missing one is noticed."""
        return self.home / "cluster-made"

    @property
    def access_rules(self) -> Path:
        """Who may connect and how; ours, not the server's, to write."""
        return self.server / "pg_hba.conf"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.server / "server.log"


def make_home(folder: Path) -> Path:
    """Make the home; under root others may pass through it, for the server's account must."""
    home = folder.resolve()
    try:
        make_folder(home, 0o711 if os.geteuid() == 0 else 0o700)
    except PermissionError:
        raise FolderNotOurs(home) from None
    return home


def recorded_places(home: Path) -> Places | None:
    """Where the parts were put when the home was first used."""
    record = home / _SERVER_RECORD
    return Places(home, home / record.read_text("utf-8")) if record.exists() else None


def choose_places(home: Path, account: Account, server_parent: Path) -> Places:
    """Decide where the cluster will lie, and record it before anything is made there."""
    folder = Path()
    if not may_enter(account, home):
        make_folder(server_parent, 0o755)
        if not may_enter(account, server_parent):
            raise UnreachableServerFolder(server_parent)
        folder = server_parent.resolve() / f"database-{secrets.token_hex(8)}"
    write_whole(home / _SERVER_RECORD, str(folder))
    return Places(home, home / folder)


def make_server_folder(places: Places) -> None:
    """Make the server's folder, unless it should be there already."""
    if places.cluster_made.exists() and not places.cluster.exists():
        raise DataMissing(places.cluster)
    make_folder(places.server, 0o711)


def socket_folder(places: Places, account: Account) -> Path:
    """A private folder whose path is plain and short enough for a socket; the same one each time if it can be."""
    folder = places.server / "socket"
    if not _is_fit(folder):
        folder = _temporary_socket_folder(places, account)
    elif not folder.exists():
        folder.mkdir(mode=0o700)
        account.take(folder)
    write_whole(places.home / SOCKET_RECORD, str(folder))
    return folder


def _temporary_socket_folder(places: Places, account: Account) -> Path:
    record = places.home / SOCKET_RECORD
    if record.exists() and _is_ours_again(Path(record.read_text("utf-8")), account):
        return Path(record.read_text("utf-8"))
    fresh = Path(tempfile.mkdtemp(prefix="vouchsafe-", dir=_temporary_parent(account)))
    account.take(fresh)
    return fresh


def _temporary_parent(account: Account) -> Path:
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - the folder made within is new and private
        if _is_fit(parent / "vouchsafe-12345678") and may_enter(account, parent):
            return parent
    raise UnreachableServerFolder(Path(tempfile.gettempdir()))


def _is_fit(folder: Path) -> bool:
    name = str(folder / f".s.PGSQL.{PORT}")
    return bool(_PLAIN.fullmatch(name)) and len(name) <= _LONGEST_SOCKET_NAME


def _is_ours_again(folder: Path, account: Account) -> bool:
    """Whether a recorded folder is the one we made, or can be made anew, and not another's under its name."""
    try:
        folder.mkdir(mode=0o700)
        account.take(folder)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    owner = os.geteuid() if account.user is None else account.user
    return found.st_uid == owner and found.st_mode == stat.S_IFDIR | stat.S_IRWXU

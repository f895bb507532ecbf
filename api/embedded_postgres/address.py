"""Where the embedded database listens; it holds no password, so it may be logged."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from api.embedded_postgres.errors import DatabaseNotRunning

PORT = 5432
SUPERUSER = "postgres"
SOCKET_RECORD = "socket-folder"


@dataclass(frozen=True)
class DatabaseAddress:
    """One database behind one socket folder."""

    host: str
    database: str
    port: int = PORT

    def url(self, role: str, password: str) -> str:
        """The connection URL of a role; it is a secret, for the password is in it."""
        login = f"{quote(role, safe='')}:{quote(password, safe='')}"
        database, host = quote(self.database, safe=""), quote(self.host, safe="")
        return f"postgresql://{login}@/{database}?host={host}&port={self.port}"


def running_address(folder: Path, database: str) -> DatabaseAddress:
    """Where the database of a data folder listens, for a process that did not start it."""
    record = folder / SOCKET_RECORD
    if not record.exists():
        raise DatabaseNotRunning(folder)
    socket_folder = record.read_text("utf-8")
    if not Path(socket_folder, f".s.PGSQL.{PORT}").exists():
        raise DatabaseNotRunning(folder)
    return DatabaseAddress(socket_folder, database)

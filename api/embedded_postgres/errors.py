"""What can go wrong with the embedded database; each docstring is what the person who runs it is told."""

from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded database cannot be used."""

    def __init__(self, place: Path) -> None:
        super().__init__(f"{self.__doc__} ({place})")
        self.place = place


class AlreadyRunning(EmbeddedPostgresError):
    """Another Vouchsafe is already running on this data folder; stop it first or choose another folder."""


class FolderNotOurs(EmbeddedPostgresError):
    """This account may not use the data folder; run Vouchsafe as the account that made it."""


class DatabaseDidNotStart(EmbeddedPostgresError):
    """The database did not start; the end of its log file says why."""


class DatabaseNotRunning(EmbeddedPostgresError):
    """No database is running on this data folder; start Vouchsafe first."""


class DataMissing(EmbeddedPostgresError):
    """The database's files are gone although they were made; bring them back or restore a backup."""


class PasswordsMissing(EmbeddedPostgresError):
    """The database's passwords are gone although its data is there; restore the file from a backup."""


class PasswordsDoNotFit(EmbeddedPostgresError):
    """The database refuses the passwords kept beside it; restore data and passwords of the same backup."""


class StaleServerWillNotStop(EmbeddedPostgresError):
    """A database process of an earlier run still works on this folder and cannot be stopped."""


class NoUnprivilegedAccount(EmbeddedPostgresError):
    """PostgreSQL does not run as root, and no account without privileges was found; add one named vouchsafe."""


class UnreachableServerFolder(EmbeddedPostgresError):
    """The account that runs PostgreSQL cannot enter the folder meant for it; let others enter it (mode 0711)."""


class BackupFailed(EmbeddedPostgresError):
    """The backup could not be taken; the end of the database's log file says why."""

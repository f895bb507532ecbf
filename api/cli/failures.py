"""Which failures a command explains in a sentence; anything else is a bug, and its class alone is named."""

import psycopg
from psycopg_pool import PoolTimeout

from api.embedded_postgres import EmbeddedPostgresError
from api.errors import sentence_of
from crypto.errors import KeyServiceError, RecordingError, SealedRecordError
from domain.errors import DomainError
from projections.log import LogUnavailable
from projections.rebuild import RebuildRuns

OURS = (
    DomainError,
    KeyServiceError,
    LogUnavailable,
    RebuildRuns,
    RecordingError,
    SealedRecordError,
)
UNREACHABLE = (
    "The database cannot be reached. Is it running, and is VOUCHSAFE_DATABASE_URL right? "
    "`make run` starts one of its own."
)
NOT_THIS_ROLE = (
    "The role in VOUCHSAFE_DATABASE_URL may not do this. `vouchsafe migrate` needs the owner's, "
    "`vouchsafe rebuild` and `vouchsafe resume` the worker's, `vouchsafe rotate-keys` the keeper's."
)
TABLE_IS_HELD = (
    "Somebody holds a table for long, such as a backup or a long question: nothing was changed. "
    "Try again when that has ended."
)
NO_TABLES = "The tables are not there yet: run `vouchsafe migrate`, then `vouchsafe work`."


class CommandFailed(Exception):
    """A command cannot be carried out; the error's own text says why and what to do."""


SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (psycopg.errors.LockNotAvailable, TABLE_IS_HELD),
    (psycopg.OperationalError, UNREACHABLE),
    (PoolTimeout, UNREACHABLE),
    (psycopg.errors.InsufficientPrivilege, NOT_THIS_ROLE),
    (psycopg.errors.UndefinedTable, NO_TABLES),
)


def explain(error: Exception) -> str | None:
    """A sentence a person can act on, or None for a bug."""
    if isinstance(error, EmbeddedPostgresError):
        # It names the folder or file that it is about, which is the caller's own.
        return " ".join(str(error).split())
    if isinstance(error, CommandFailed):
        return str(error)
    if isinstance(error, OURS):
        return sentence_of(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"Vouchsafe cannot read or write {error.filename}: {error.strerror}."
    return next((said for kind, said in SENTENCES if isinstance(error, kind)), None)

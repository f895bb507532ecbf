"""Which failures a command explains in a sentence; anything else is a bug and keeps its traceback."""

import psycopg
from psycopg_pool import PoolTimeout

from api.embedded_postgres import EmbeddedPostgresError
from api.errors import sentence_of
from crypto.errors import KeyServiceError, RecordingError, SealedRecordError
from domain.errors import DomainError

OURS = (DomainError, KeyServiceError, RecordingError, SealedRecordError)
UNREACHABLE = (
    "The database cannot be reached. Is it running, and is VOUCHSAFE_DATABASE_URL right? "
    "`make run` starts one of its own."
)


def explain(error: Exception) -> str | None:
    """A sentence a person can act on, or None for a bug."""
    if isinstance(error, EmbeddedPostgresError):
        # It names the folder or file that it is about, which is the caller's own.
        return " ".join(str(error).split())
    if isinstance(error, OURS):
        return sentence_of(error)
    if isinstance(error, psycopg.OperationalError | PoolTimeout):
        return UNREACHABLE
    if isinstance(error, OSError) and error.filename is not None:
        return f"Vouchsafe cannot read or write {error.filename}: {error.strerror}."
    return None

"""Which failures a command explains in a sentence; anything else is a bug and keeps its traceback."""

import psycopg
from psycopg_pool import PoolTimeout

from api.embedded_postgres import EmbeddedPostgresError
from api.errors import sentence_of
from crypto.errors import KeyServiceError, RecordingError, SealedRecordError
from domain.errors import DomainError

OURS = (DomainError, EmbeddedPostgresError, KeyServiceError, RecordingError, SealedRecordError)
UNREACHABLE = (
    "The database cannot be reached. Is it running, and is VOUCHSAFE_DATABASE_URL right? "
    "`make run` starts one of its own."
)


def explain(error: Exception) -> str | None:
    """A sentence a person can act on, or None for a bug."""
    if isinstance(error, OURS):
        return sentence_of(error)
    if isinstance(error, psycopg.OperationalError | PoolTimeout):
        return UNREACHABLE
    return None

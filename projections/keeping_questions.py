"""Asks whose record nobody has used for long, and who was heard of again after its end was announced."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import aiosql
from psycopg.rows import class_row

from projections.keeping import Kept
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 100


def lapsed(reader: Reader, silent_since: datetime, *, most: int = MOST_AT_ONCE) -> Sequence[Kept]:
    """Who was not heard of since a moment and takes part in nothing; the longest silent first."""
    values = {"silent_since": silent_since, "most": most}
    return reader.ask(QUERIES, "lapsed", values, class_row(Kept))


def heard_since(reader: Reader, *, most: int = MOST_AT_ONCE) -> Sequence[Kept]:
    """Who was heard of after the end of their record was announced."""
    return reader.ask(QUERIES, "heard_since", {"most": most}, class_row(Kept))

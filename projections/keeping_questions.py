"""Asks whose record nobody has used for long, and who was heard of again after its end was announced."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import aiosql
from psycopg.rows import class_row

from projections.keeping import Kept
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 100


def silent(
    reader: Reader, silent_since: datetime, closed_since: datetime, *, most: int = MOST_AT_ONCE
) -> Sequence[Kept]:
    """Who takes part in nothing and was not heard of since a moment, and whose mentoring ended before another."""
    values = {"silent_since": silent_since, "closed_since": closed_since, "most": most}
    return reader.ask(QUERIES, "silent", values, class_row(Kept))


def ending(reader: Reader, today: date, *, most: int = MOST_AT_ONCE) -> Sequence[Kept]:
    """Whose announced day has come, and who still takes part in nothing."""
    return reader.ask(QUERIES, "ending", {"today": today, "most": most}, class_row(Kept))


def heard_since(reader: Reader, *, most: int = MOST_AT_ONCE) -> Sequence[Kept]:
    """Who was heard of after the end of their record was announced."""
    return reader.ask(QUERIES, "heard_since", {"most": most}, class_row(Kept))

"""Asks where somebody's own words stand; for themselves alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row

from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One event in which something is sealed under somebody's key."""

    position: int
    stream: UUID
    version: int


def own_words(
    reader: Reader, owner: UUID, *, after: int = 0, most: int = MOST_AT_ONCE
) -> Sequence[OwnWords]:
    """A page of them in the order of the record."""
    values = {"owner": owner, "after": after, "most": most}
    return reader.ask(QUERIES, "own_words", values, class_row(OwnWords))

"""Asks which programmes there are."""

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
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class KnownProgramme:
    """One programme and what it is called."""

    id: UUID
    name: str


def programmes(reader: Reader, *, most: int = MOST_AT_ONCE) -> Sequence[KnownProgramme]:
    """The programmes of the scheme, of which there are few, in the order in which they were opened."""
    return reader.ask(QUERIES, "programmes", {"most": most}, class_row(KnownProgramme))

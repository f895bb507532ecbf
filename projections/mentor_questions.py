"""Asks, for coordinators, how mentors stand and how many more each can take; under pseudonyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiosql
import msgspec
from psycopg.rows import tuple_row

from projections.my_caseload import MentorStanding
from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class MentorRow:
    """One mentor; `position` is that of their application."""

    position: int
    person: UUID
    standing: MentorStanding


def mentors(reader: Reader, *, after: int = 0, most: int = MOST_AT_ONCE) -> Sequence[MentorRow]:
    """A page of all mentors in the order in which they applied."""
    return _asked(reader, "mentors", {"after": after, "most": most})


def mentors_who_can_take(reader: Reader, *, most: int = MOST_AT_ONCE) -> Sequence[MentorRow]:
    """Those to whom somebody can be proposed now, the most capacity first."""
    return _asked(reader, "mentors_who_can_take", {"most": most})


def _asked(reader: Reader, query: str, values: dict[str, int]) -> list[MentorRow]:
    rows = reader.ask(QUERIES, query, values, tuple_row)
    return [
        MentorRow(position, person, msgspec.json.decode(document, type=MentorStanding))
        for position, person, document in rows
    ]

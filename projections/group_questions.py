"""Asks which groups there are with a seat to offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row, tuple_row

from projections.reader import Reader

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group that people can join, and how many are in it."""

    group: UUID
    facilitator: UUID
    programme: UUID
    members: int


def open_groups(
    reader: Reader,
    *,
    programme: UUID | None = None,
    hidden_from: UUID,
    most: int = MOST_AT_ONCE,
) -> Sequence[OpenGroup]:
    """The open groups in the order in which they were formed; never one that a coordinator is or was in."""
    values: dict[str, object] = {"hidden_from": hidden_from, "most": most}
    if programme is None:
        return reader.ask(QUERIES, "open_groups", values, class_row(OpenGroup))
    values["programme"] = programme
    return reader.ask(QUERIES, "open_groups_of_programme", values, class_row(OpenGroup))


def people_in_groups_of(reader: Reader, person: UUID) -> set[UUID]:
    """Everybody with whom somebody is or was in a group, themselves among them; for the service's own rules."""
    rows = reader.ask(QUERIES, "people_in_groups_of", {"person": person}, tuple_row)
    return {other for (other,) in rows}

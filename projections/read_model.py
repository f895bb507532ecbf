"""What a read model is: tables with a shape of their own, and how events change them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, LiteralString, cast

from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier

from projections.log import Entry

SCHEMA = "read"
SHADOW = "__next"
"""Tables of a rebuild carry this suffix until they take the place of the live ones."""

READER = "vouchsafe_reader"
"""The one role that may select: it can do nothing else, whatever a worker puts in place of a table."""


@dataclass(frozen=True)
class ReadModel:
    """A view of the log that can be thrown away.

    A change of what its tables hold, or of how, is a new `version`, which is rebuilt and never
    migrated. `topics` are those that it reads; it is shown no others. `apply` is given entries that
    carry events, in order; what it raises stops this read model and no other.
    """

    name: str
    version: int
    tables: tuple[str, ...]
    queries: Any
    topics: frozenset[str]
    apply: Callable[["Tables", Sequence[Entry]], None]


@dataclass(frozen=True)
class Tables:
    """A read model's tables in one transaction: the live ones, or with a suffix those of a rebuild."""

    cursor: Cursor[Any]
    model: ReadModel
    suffix: str = ""

    def run(self, query: str, **values: object) -> Cursor[Any]:
        """Run one of the read model's own statements on these tables."""
        statement = cast("LiteralString", getattr(self.model.queries, query).sql)
        # Without values nothing is bound, so that one statement may hold several commands.
        return self.cursor.execute(
            _on_tables(statement, self.model.tables, self.suffix), values or None
        )

    def create(self) -> None:
        """Make the tables, empty, and let the reader select."""
        self.run("create")
        for table in self.model.tables:
            grant = SQL("GRANT SELECT ON {table} TO {reader}")
            self.cursor.execute(grant.format(table=self._name(table), reader=Identifier(READER)))

    def drop(self) -> None:
        """Drop the tables, if they are there."""
        for table in self.model.tables:
            self.cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(self._name(table)))

    def go_live(self) -> None:
        """Take the suffix off: from now on these are the live tables."""
        for table in self.model.tables:
            rename = SQL("ALTER TABLE {} RENAME TO {}")
            self.cursor.execute(rename.format(self._name(table), Identifier(table)))

    def _name(self, table: str) -> Identifier:
        return Identifier(SCHEMA, table + self.suffix)


def topics_of(handler: Any) -> frozenset[str]:
    """The topics of the event classes that a single-dispatch function has a case for."""
    return frozenset(case.TOPIC for case in handler.registry if hasattr(case, "TOPIC"))


@lru_cache(maxsize=256)
def _on_tables(statement: LiteralString, tables: tuple[str, ...], suffix: str) -> Composed:
    return SQL(statement).format(**{table: Identifier(SCHEMA, table + suffix) for table in tables})

"""What read models share that show relationships: all fold a batch alike, and differ in what they show.

A view says what it remembers besides, what it keeps in columns of its own, and its document. Each has
the tables of its name: a row a relationship, and beside it `_place` for what is remembered of places.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import aiosql
import msgspec

from domain.notebook import Notebook
from projections.log import Entry
from projections.read_model import Tables
from projections.relationship_book import Book
from projections.relationship_memory import ARelationship
from projections.shelf import as_json

SHARED = Path(__file__).with_suffix(".sql").read_text()
VIEW = "{view"
"""How the shared statements begin the names of a view's tables."""

Besides = Callable[[ARelationship, Entry], None]
"""What a view notes besides of a relationship, once an entry was folded into it."""


def nothing_besides(_known: object, _entry: Entry) -> None:
    """Most views remember nothing besides."""


@dataclass(frozen=True)
class RelationshipView(Generic[ARelationship]):
    """One way to show relationships."""

    memory: type[ARelationship]
    document: Callable[[ARelationship], msgspec.Struct | None]
    columns: Mapping[str, Callable[[ARelationship], object]]

    def apply(
        self,
        tables: Tables,
        entries: Sequence[Entry],
        besides: Besides[ARelationship] = nothing_besides,
    ) -> None:
        """Fold a batch into the rows."""
        book = Book(self.memory, tables)
        book.fetch(entries)
        for entry in entries:
            known = book.note(entry)
            if known is not None:
                besides(known, entry)
        book.write_places()
        changed = book.changed()
        if changed:
            tables.run("keep_relationships", **self._rows(changed))

    def _rows(self, changed: Sequence[ARelationship]) -> dict[str, list[Any]]:
        return {
            "ids": [known.id for known in changed],
            "positions": [known.position for known in changed],
            "changed": [known.changed_position for known in changed],
            "places": [known.place for known in changed],
            "notebooks": [Notebook.id_of(known.id) for known in changed],
            "memories": [as_json(known) for known in changed],
            "documents": [as_json(self.document(known)) for known in changed],
            **{name: [column(known) for known in changed] for name, column in self.columns.items()},
        }


def view_queries(module: str) -> Any:
    """The statements of a view: those of the `.sql` beside its module, and those that all views share."""
    path = Path(module)
    shared = SHARED.replace(VIEW, "{" + path.stem)
    text = f"{path.with_suffix('.sql').read_text()}\n{shared}"
    return aiosql.from_str(text, "psycopg", mandatory_parameters=False)

"""Rows in memory for one batch: loaded with one query, changed by events, written back with one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

Row = TypeVar("Row", bound=msgspec.Struct)

Load = Callable[[list[UUID]], Iterable[tuple[UUID, str]]]
"""Finds what is remembered under ids, as JSON."""


class Shelf(Generic[Row]):
    """Keeps the rows of a batch by id; a row that no event touched is not written."""

    def __init__(self, kind: type[Row], load: Load) -> None:
        self._decoder = msgspec.json.Decoder(kind)
        self._load = load
        self._rows: dict[UUID, Row | None] = {}
        self._changed: dict[UUID, Row] = {}

    def fetch(self, ids: Iterable[UUID]) -> None:
        """Load many rows at once; those that do not exist are remembered as absent."""
        missing = list(dict.fromkeys(each for each in ids if each not in self._rows))
        if not missing:
            return
        self._rows.update(dict.fromkeys(missing))
        for found, remembered in self._load(missing):
            self._rows[found] = self._decoder.decode(remembered)

    def get(self, id: UUID) -> Row | None:
        """One row, None when there is none."""
        if id not in self._rows:
            self.fetch([id])
        return self._rows[id]

    def put(self, id: UUID, row: Row) -> None:
        """Keep a row; it is written at the end of the batch."""
        self._rows[id] = self._changed[id] = row

    def forget(self, ids: Iterable[UUID]) -> None:
        """Have no such rows any more: they are absent, and are not written."""
        for id in ids:
            self._rows[id] = None
            self._changed.pop(id, None)

    @property
    def changed(self) -> Mapping[UUID, Row]:
        """The rows to write."""
        return self._changed


def as_json(row: object) -> str:
    """How a row is remembered, and how a document is sent."""
    return msgspec.json.encode(row).decode()

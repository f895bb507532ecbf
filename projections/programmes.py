"""Which programmes there are, and what each is called."""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path

import aiosql

from domain.programme import Programme
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Programmes are few, so each event is written by itself."""
    for entry in entries:
        write(entry.event, tables, entry)


@singledispatch
def write(_event: object, _tables: Tables, _entry: Entry) -> None:
    """What one event changes."""
    raise NotImplementedError


@write.register
def _(event: Programme.Created, tables: Tables, entry: Entry) -> None:
    name = event.settings.name
    tables.run("open", programme=entry.stream, position=entry.position, name=name)


@write.register
def _(event: Programme.SettingsChanged, tables: Tables, entry: Entry) -> None:
    tables.run("call", programme=entry.stream, name=event.settings.name)


PROGRAMMES = ReadModel(
    name="programmes",
    version=1,
    tables=("programme",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(write),
    apply=apply,
)

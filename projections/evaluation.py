"""Which answers about mentoring are there, about whom and in which lot; ids and no content.

Nothing here tells who gave any of them, for nothing that is recorded does.
"""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path

import aiosql

from domain.erasure import Erasure
from domain.feedback import Feedback
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """These are rare, so each event is written by itself."""
    for entry in entries:
        write(entry.event, tables, entry)


@singledispatch
def write(_event: object, _tables: Tables, _entry: Entry) -> None:
    """What one event changes."""
    raise NotImplementedError


@write.register
def _(event: Feedback.Created, tables: Tables, entry: Entry) -> None:
    tables.run(
        "give", response=entry.stream, about=event.about, lot=event.lot, given_at=event.timestamp
    )


@write.register
def _(_event: Feedback.Forgotten, tables: Tables, entry: Entry) -> None:
    tables.run("forget", response=entry.stream)


@write.register
def _(event: Erasure.CarriedOut, tables: Tables, _entry: Entry) -> None:
    tables.run("orphan", people=list(event.streams))


EVALUATION = ReadModel(
    name="evaluation",
    version=1,
    tables=("evaluation_response",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(write),
    apply=apply,
)

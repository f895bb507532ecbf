"""Where in the record each person's sealed words stand: which events to open for an answer to what is kept about them.

It names streams and versions and nothing of what is in them; the worker can open none of it. Whatever kind of event a later version adds, its
sealed fields are found here.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

import aiosql

from domain import EVENT_CLASSES
from domain.erasure import Erasure
from domain.values import Sealed
from projections.log import Entry
from projections.read_model import ReadModel, Tables


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Note the events of a batch with those whose words are in them; what was deleted goes."""
    noted = [
        (owner, entry.stream, version_of(entry), entry.position)
        for entry in entries
        for owner in owners_of(entry.event)
    ]
    if noted:
        owners, streams, versions, positions = map(list, zip(*noted, strict=True))
        places = {"streams": streams, "versions": versions, "positions": positions}
        tables.run("note", owners=owners, **places)
    gone = [stream for entry in entries for stream in _deleted_by(entry.event)]
    if gone:
        tables.run("forget", streams=gone)


def owners_of(event: object) -> list[UUID]:
    """Everybody under whose key something in an event is sealed, once each."""
    return sorted({each.owner for each in sealed_in(event).values()})


def sealed_in(event: object) -> dict[str, Sealed]:
    """The sealed fields of an event by their names."""
    return {name: value for name, value in vars(event).items() if isinstance(value, Sealed)}


def version_of(entry: Entry) -> int:
    """Which event of its stream an entry is."""
    event: Any = entry.event
    return int(event.originator_version)


def _deleted_by(event: object) -> Sequence[UUID]:
    return event.streams if isinstance(event, Erasure.CarriedOut) else ()


def _sealing_topics() -> Iterator[str]:
    for topic, event in EVENT_CLASSES.items():
        if any(Sealed.__qualname__ in str(hint) for hint in get_type_hints(event).values()):
            yield topic


SEALING = frozenset(_sealing_topics())
"""Every kind of event that has something sealed by the service in it."""

OWN_WORDS = ReadModel(
    name="own_words",
    version=1,
    tables=("own_words",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=SEALING | {Erasure.CarriedOut.TOPIC},
    apply=apply,
)

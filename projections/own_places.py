"""Whose place it is under which agreement, and which relationship holds it; for the practitioner, never for a sponsor."""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import aiosql

from domain.place import Place
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


class Change(NamedTuple):
    """One statement that an event calls for, with its value."""

    query: str
    value: UUID | None


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Places change hands seldom, so each event is written by itself."""
    for entry in entries:
        query, value = change(entry.event)
        tables.run(query, place=entry.stream, value=value)


@singledispatch
def change(_event: object) -> Change:
    """What one event changes of its place's row."""
    raise NotImplementedError


@change.register
def _(event: Place.Created) -> Change:
    return Change("grant", event.agreement)


@change.register
def _(event: Place.Assigned) -> Change:
    return Change("assign", event.mentee)


@change.register
def _(event: Place.Taken) -> Change:
    return Change("hold", event.relationship)


@change.register
def _(_event: Place.Vacated) -> Change:
    return Change("hold", None)


OWN_PLACES = ReadModel(
    name="own_places",
    version=1,
    tables=("own_place",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)

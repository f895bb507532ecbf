"""Who would like another mentoring partner and has none yet: whose wish it is, since when, and whether it waits; no words."""

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path

import aiosql

from domain.erasure import Erasure
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """These are rare beside what happens in a relationship, so each event is written by itself."""
    for entry in entries:
        write(entry.event, tables, entry)


@singledispatch
def write(_event: object, _tables: Tables, _entry: Entry) -> None:
    """What one event changes."""
    raise NotImplementedError


@write.register
def _(event: Relationship.Created, tables: Tables, entry: Entry) -> None:
    tables.run("request", relationship=entry.stream, mentee=event.mentee, place=event.place)


@write.register
def _(event: Happened.RematchRequested, tables: Tables, entry: Entry) -> None:
    tables.run(
        "wish",
        relationship=entry.stream,
        position=entry.position,
        person=event.by,
        reason=event.reason.value,
        wished_at=event.timestamp,
    )


@write.register
def _(event: Happened.Matched, tables: Tables, entry: Entry) -> None:
    tables.run("match", relationship=entry.stream, mentor=event.mentor)


@write.register
def _(event: Happened.PartnerJoined, tables: Tables, entry: Entry) -> None:
    tables.run("match", relationship=entry.stream, mentor=event.partner)


@write.register
def _(_event: Happened.Closed, tables: Tables, entry: Entry) -> None:
    tables.run("close", relationship=entry.stream)


@write.register
def _(event: Erasure.CarriedOut, tables: Tables, _entry: Entry) -> None:
    tables.run("settle_all", people=list(event.streams))


REMATCHES = ReadModel(
    name="rematches",
    version=1,
    tables=("rematch_request", "rematch_wish"),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(write),
    apply=apply,
)

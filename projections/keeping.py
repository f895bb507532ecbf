"""When each person was last heard of, when their relationships closed, and whether the end of their record is announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import aiosql

from domain import EVENT_CLASSES
from domain.aggregate import Aggregate
from domain.person import Person
from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from projections.log import Entry
from projections.read_model import ReadModel, Tables

ONES_OWN = (
    "person.",
    "consent_ledger.",
    "relationship.",
    "mentor_profile.",
    "preferences.",
    "shortlist.",
    "remark.made",
    "rights_request.made",
    "erasure.",
    "locker.",
    "binder.",
    "portfolio.",
    "story.",
    "suggestion.",
)
"""What people do themselves; whoever did one of these was heard of at that moment."""

TOPICS = frozenset(topic for topic in EVENT_CLASSES if topic.startswith(ONES_OWN))


@dataclass(frozen=True, slots=True)
class Kept:
    """One person whose periods may be over; the day is that which was announced."""

    person: UUID
    active_at: datetime
    closed_at: datetime | None
    ends_on: date | None


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """New people and pairs first, so that what a batch says of them finds them."""
    for entry in entries:
        _begin(tables, entry)
    _hear(tables, entries)
    for entry in entries:
        _change(tables, entry)


def _begin(tables: Tables, entry: Entry) -> None:
    event = entry.event
    if isinstance(event, Person.Created):
        tables.run("know", person=entry.stream, at=event.timestamp, position=entry.position)
    elif isinstance(event, Relationship.Created):
        tables.run("pair", relationship=entry.stream, person=event.mentee)
    elif isinstance(event, Happened.Matched):
        tables.run("pair", relationship=entry.stream, person=event.mentor)
    elif isinstance(event, Happened.PartnerJoined):
        tables.run("pair", relationship=entry.stream, person=event.partner)


def _hear(tables: Tables, entries: Sequence[Entry]) -> None:
    heard: dict[UUID, tuple[datetime, int]] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, Aggregate.Event):
            last, _ = heard.get(event.actor, (event.timestamp, 0))
            heard[event.actor] = max(last, event.timestamp), entry.position
    tables.run(
        "hear",
        people=list(heard),
        moments=[moment for moment, _ in heard.values()],
        positions=[position for _, position in heard.values()],
    )


def _change(tables: Tables, entry: Entry) -> None:
    event = entry.event
    if isinstance(event, Happened.Closed):
        tables.run("close", relationship=entry.stream, at=event.timestamp)
    elif isinstance(event, Person.EndAnnounced):
        values = {"ends_on": event.ends_on, "position": entry.position}
        tables.run("announce", person=entry.stream, **values)
    elif isinstance(event, Person.EndPutOff):
        tables.run("put_off", person=entry.stream)
    elif isinstance(event, Person.Erased):
        tables.run("forget", person=entry.stream)


KEEPING = ReadModel(
    name="keeping",
    version=1,
    tables=("kept_person", "kept_pair"),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=TOPICS,
    apply=apply,
)

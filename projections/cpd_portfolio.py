"""Which sessions were held, when, how long and how: what the service vouches for in somebody's portfolio.

Never who was there beside its owner. What they write themselves is sealed and stands in no read model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.relationship import Relationship
from domain.relationship_events import RelationshipEvents as Happened
from domain.session import Outcome
from domain.values import TimeSpan
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ended last; without `minutes` it took as long as planned, and without names both were there."""

    is_held: bool
    minutes: int | None = None
    attended_by: list[UUID] | None = None


@dataclass(slots=True)
class Batch:
    """What a batch of events comes to: of each session its last time and its last ending."""

    modes: dict[UUID, str] = field(default_factory=dict)
    relationships: dict[UUID, UUID] = field(default_factory=dict)
    spans: dict[UUID, TimeSpan] = field(default_factory=dict)
    endings: dict[UUID, Ending] = field(default_factory=dict)

    def columns(self) -> tuple[list[datetime], list[datetime], list[str]]:
        """The spans, part by part."""
        spans = self.spans.values()
        return (
            [each.starts_at for each in spans],
            [each.ends_at for each in spans],
            [each.time_zone for each in spans],
        )


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Fold a batch; times come before endings, since a session is planned before it ends."""
    batch = Batch()
    for entry in entries:
        change(entry.event, batch)
    if batch.modes:
        ids, modes = list(batch.modes), list(batch.modes.values())
        tables.run("keep_modes", relationships=ids, modes=modes)
    if batch.spans:
        starts, ends, zones = batch.columns()
        whose = [batch.relationships[each] for each in batch.spans]
        plan = {"starts": starts, "ends": ends, "zones": zones, "relationships": whose}
        tables.run("plan", sessions=list(batch.spans), **plan)
    for session, ending in batch.endings.items():
        facts = {"minutes": ending.minutes, "attended_by": ending.attended_by}
        tables.run("end", session=session, is_held=ending.is_held, **facts)


@singledispatch
def change(_event: object, _batch: Batch) -> None:
    """Note what one event changes; most change nothing here."""


@change.register
def _(event: Relationship.Created, batch: Batch) -> None:
    batch.modes[event.originator_id] = event.mode.value


@change.register(Happened.SessionScheduled)
@change.register(Happened.SessionRescheduled)
def _(event: Happened.SessionScheduled, batch: Batch) -> None:
    batch.relationships[event.session] = event.originator_id
    batch.spans[event.session] = event.span


@change.register
def _(event: Happened.SessionHeld, batch: Batch) -> None:
    batch.endings[event.session] = Ending(
        is_held=True, minutes=event.minutes, attended_by=list(event.attended_by)
    )


@change.register(Happened.AttendanceCorrected)
@change.register(Happened.AttendanceSettled)
def _(event: Happened.AttendanceSettled, batch: Batch) -> None:
    batch.endings[event.session] = Ending(event.outcome is Outcome.HELD)


CPD_PORTFOLIO = ReadModel(
    name="cpd_portfolio",
    version=1,
    tables=("held_session", "meeting_mode"),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change),
    apply=apply,
)

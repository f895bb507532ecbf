"""The rights desk: which requests to be erased wait for whom until when; pseudonyms and dates, no content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.erasure import Erasure, ErasureStage
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One request; `position` is that of the asking."""

    erasure: UUID
    position: int
    person: UUID
    stage: ErasureStage
    due_on: date
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changes of a row."""

    stage: ErasureStage
    review_on: date | None = None


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """Requests are rare, so each event is written by itself."""
    for entry in entries:
        event = entry.event
        if isinstance(event, Erasure.Created):
            tables.run(
                "ask",
                erasure=entry.stream,
                position=entry.position,
                person=event.person,
                due_on=event.due_on,
            )
            continue
        changed = change(event)
        tables.run(
            "change",
            erasure=entry.stream,
            stage=changed.stage.value,
            review_on=changed.review_on,
        )


@singledispatch
def change(_event: object) -> Change:
    """Where a request stands after one event."""
    raise NotImplementedError


@change.register
def _(event: Erasure.Held) -> Change:
    return Change(ErasureStage.HELD, event.review_on)


@change.register
def _(_event: Erasure.HoldLifted) -> Change:
    return Change(ErasureStage.REQUESTED)


@change.register
def _(_event: Erasure.TakenBack) -> Change:
    return Change(ErasureStage.TAKEN_BACK)


@change.register
def _(_event: Erasure.Refused) -> Change:
    return Change(ErasureStage.REFUSED)


@change.register
def _(_event: Erasure.Granted) -> Change:
    return Change(ErasureStage.GRANTED)


@change.register
def _(_event: Erasure.CarriedOut) -> Change:
    return Change(ErasureStage.CARRIED_OUT)


@change.register
def _(_event: Erasure.Completed) -> Change:
    return Change(ErasureStage.COMPLETED)


RIGHTS_DESK = ReadModel(
    name="rights_desk",
    version=1,
    tables=("rights_desk",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(change) | {Erasure.Created.TOPIC},
    apply=apply,
)

"""What people told the scheme for others to read: stories and suggestions, whose they are and where they stand; no words."""

from collections.abc import Sequence
from enum import StrEnum
from functools import singledispatch
from pathlib import Path
from uuid import UUID

import aiosql

from domain.erasure import Erasure
from domain.story import Story
from domain.suggestion import Suggestion
from projections.log import Entry
from projections.read_model import ReadModel, Tables, topics_of


class VoiceKind(StrEnum):
    """What somebody told."""

    STORY = Story.TOPIC
    SUGGESTION = Suggestion.TOPIC


class VoiceStage(StrEnum):
    """Where it stands, for whoever lists it."""

    WAITING = "waiting"
    SHOWN = "shown"
    AWAY = "away"


def apply(tables: Tables, entries: Sequence[Entry]) -> None:
    """These are rare, so each event is written by itself."""
    for entry in entries:
        write(entry.event, tables, entry)


@singledispatch
def write(_event: object, _tables: Tables, _entry: Entry) -> None:
    """What one event changes."""
    raise NotImplementedError


@write.register
def _(event: Story.Created, tables: Tables, entry: Entry) -> None:
    _begin(tables, entry, VoiceKind.STORY, event.actor)


@write.register
def _(_event: Story.OfferedAnew, tables: Tables, entry: Entry) -> None:
    _stand(tables, entry, VoiceStage.WAITING)


@write.register
def _(_event: Story.SentBack, tables: Tables, entry: Entry) -> None:
    _stand(tables, entry, VoiceStage.AWAY)


@write.register
def _(_event: Story.Published, tables: Tables, entry: Entry) -> None:
    _stand(tables, entry, VoiceStage.SHOWN)


@write.register
def _(_event: Story.Withdrawn, tables: Tables, entry: Entry) -> None:
    _stand(tables, entry, VoiceStage.AWAY)


@write.register
def _(event: Suggestion.Created, tables: Tables, entry: Entry) -> None:
    _begin(tables, entry, VoiceKind.SUGGESTION, event.actor)


@write.register
def _(event: Suggestion.Answered, tables: Tables, entry: Entry) -> None:
    _stand(tables, entry, VoiceStage.SHOWN)
    tables.run("keep_from", record=entry.stream, answered_at=event.timestamp)


@write.register
def _(_event: Suggestion.Forgotten, tables: Tables, entry: Entry) -> None:
    tables.run("keep_from", record=entry.stream, answered_at=None)


@write.register
def _(event: Erasure.CarriedOut, tables: Tables, _entry: Entry) -> None:
    tables.run("erase", gone=list(event.streams))


def _begin(tables: Tables, entry: Entry, kind: VoiceKind, person: UUID) -> None:
    tables.run(
        "begin", record=entry.stream, position=entry.position, kind=kind.value, person=person
    )


def _stand(tables: Tables, entry: Entry, stage: VoiceStage) -> None:
    tables.run("stand", record=entry.stream, position=entry.position, stage=stage.value)


VOICES = ReadModel(
    name="voices",
    version=2,
    tables=("voice",),
    queries=aiosql.from_path(
        Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
    ),
    topics=topics_of(write),
    apply=apply,
)

"""Asks which stories and suggestions wait for a coordinator, which are shown, and which are somebody's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import aiosql
from psycopg.rows import class_row, scalar_row

from projections.reader import Reader
from projections.voices import VoiceKind, VoiceStage

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Voice:
    """One of them; `person` is whose it is, None once they were erased."""

    record: UUID
    position: int
    person: UUID | None


def voices(
    reader: Reader,
    kind: VoiceKind,
    stage: VoiceStage,
    *,
    before: int | None = None,
    most: int = MOST_AT_ONCE,
) -> Sequence[Voice]:
    """A page of those that stand so, what changed last first."""
    values = {"kind": kind.value, "stage": stage.value, "before": before, "most": most}
    return reader.ask(QUERIES, "voices", values, class_row(Voice))


def own_voices(
    reader: Reader, kind: VoiceKind, person: UUID, *, most: int = MOST_AT_ONCE
) -> Sequence[Voice]:
    """What is a person's own, what changed last first."""
    values = {"kind": kind.value, "person": person, "most": most}
    return reader.ask(QUERIES, "own_voices", values, class_row(Voice))


def answered_before(
    reader: Reader, moment: datetime, *, most: int = MOST_AT_ONCE
) -> Sequence[UUID]:
    """Suggestions that were answered before a moment and whose words are still kept."""
    values = {"before": moment, "most": most}
    return reader.ask(QUERIES, "answered_before", values, scalar_row)

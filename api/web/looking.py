"""How pages wait for what was just recorded: a moment, and then calmly without it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query

from api.errors import NotThereYet
from api.records.waiting import Waiting
from projections.reader import Changes, NotBuiltYet, NotYet, Reader

WAIT_SECONDS = 2.0
STREAMS = {
    Changes.PIPELINE: "/api/v1/pipeline/changes",
    Changes.MY_MENTORING: "/api/v1/my-mentoring/changes",
    Changes.MY_CASELOAD: "/api/v1/my-caseload/changes",
}
AtLeast = Annotated[int | None, Query(ge=0, le=10**15)]
"""The position that a page should show at least."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Live:
    """Where a page listens for changes, and the newest that it shows already."""

    address: str
    shown: int


def is_there(waiting: Waiting, name: str, position: int | None) -> bool:
    """Whether a read model shows a position, after a short wait for it."""
    try:
        waiting.until_shown(name, position, WAIT_SECONDS)
    except NotYet:
        return False
    return True


def looked_up(read: Callable[[], T]) -> T:
    """What a read model answers; raises NotThereYet before a worker has made any."""
    try:
        return read()
    except NotBuiltYet:
        raise NotThereYet from None


def live(reader: Reader, changes: Changes, person: UUID) -> Live:
    """What lets a page update; asked for before anything is read, so that no later change is missed."""
    newest = looked_up(lambda: reader.newest_changes(changes, [person]))
    return Live(STREAMS[changes], newest.get(person, 0))

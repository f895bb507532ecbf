"""How pages wait for what was just recorded: a moment, and then calmly without it."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Query

from api.errors import NotThereYet
from projections.reader import NotBuiltYet, NotYet, Reader

WAIT_SECONDS = 2.0
AtLeast = Annotated[int | None, Query(ge=0, le=10**15)]
"""The position that a page should show at least."""

T = TypeVar("T")


def is_there(reader: Reader, name: str, position: int | None) -> bool:
    """Whether a read model shows a position, after a short wait for it."""
    if position is None:
        return True
    try:
        reader.wait_for(name, position, WAIT_SECONDS)
    except NotYet:
        return False
    return True


def looked_up(read: Callable[[], T]) -> T:
    """What a read model answers; raises NotThereYet before a worker has made any."""
    try:
        return read()
    except NotBuiltYet:
        raise NotThereYet from None

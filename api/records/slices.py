"""Takes many things some at a time, so that memory is bounded and each question to the database is about many."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

AT_ONCE = 200

Anything = TypeVar("Anything")


def slices_of(things: Iterable[Anything], size: int = AT_ONCE) -> Iterator[list[Anything]]:
    """All of them in their order, so many at a time."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some

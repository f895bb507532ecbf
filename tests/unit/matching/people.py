"""People of a pool, put on a line each."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain.matching.aspects import Aspect, Importance
from domain.matching.pool import Mentor, Part, Pool, Request, Want

SEED = bytes(32)
WISH, STRONG_WISH, NEED = Importance


def want(token: str, importance: Importance = WISH, *, none_of: Iterable[str] = ()) -> Want:
    aspect = token.partition(":")[0]
    known = Aspect(aspect) if aspect in set(Aspect) else Aspect.BACKGROUND
    return Want(known, (Part(frozenset({token}), frozenset(none_of)),), importance)


def request(number: int, *wants: Want, holds: Iterable[str] = (), **more: Any) -> Request:
    return Request(UUID(int=number), frozenset(holds), wants, **_frozen(more))


def mentor(number: int, *wants: Want, holds: Iterable[str] = (), **more: Any) -> Mentor:
    return Mentor(UUID(int=1000 + number), frozenset(holds), wants, **_frozen(more))


def pool(requests: Iterable[Request], mentors: Iterable[Mentor], **more: Any) -> Pool:
    return Pool(tuple(requests), tuple(mentors), **more)


def _frozen(more: dict[str, Any]) -> dict[str, Any]:
    sets = {"languages", "apart", "elsewhere"} & set(more)
    return more | {name: frozenset(more[name]) for name in sets}

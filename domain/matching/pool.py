"""Everybody who is in one run of the matching, as the engine sees them: opened for this run and kept nowhere."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any
from uuid import UUID

from domain.matching.aspects import OWN, Alike, Aspect, Dimension, Importance
from domain.matching.stated import Background, Stated, Wish
from domain.matching.weights import USUAL


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who holds any of these and none of those."""

    any_of: frozenset[str]
    none_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that is wished of the other; all of its parts must hold at once."""

    aspect: Aspect
    parts: tuple[Part, ...]
    importance: Importance

    @property
    def is_need(self) -> bool:
        """Whether nobody else will do."""
        return self.importance is Importance.NEED


@dataclass(frozen=True, slots=True)
class Party:
    """What both sides have: what they hold, wish and speak, when they can meet, and where they work."""

    id: UUID
    holds: frozenset[str] = frozenset()
    wants: tuple[Want, ...] = ()
    languages: frozenset[str] = frozenset()
    hours: bytes = b""
    employer: str = ""
    team: str = ""

    def __repr__(self) -> str:
        return "<sealed>"


@dataclass(frozen=True, slots=True, repr=False)
class Request(Party):
    """One who waits, under the id of their relationship.

    `apart` are mentors whom nothing brings together with them, `elsewhere` those who do not offer what they ask for.
    """

    apart: frozenset[UUID] = frozenset()
    elsewhere: frozenset[UUID] = frozenset()
    same_employer_welcome: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Mentor(Party):
    """One who mentors, and how many more they can be proposed to."""

    room: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Pool:
    """All of them, in the order of their ids, with the rules of the programme."""

    requests: tuple[Request, ...]
    mentors: tuple[Mentor, ...]
    weights: Mapping[Aspect, int] = field(default_factory=lambda: USUAL)
    keeps_workplaces_apart: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "requests", tuple(sorted(self.requests, key=_by_id)))
        object.__setattr__(self, "mentors", tuple(sorted(self.mentors, key=_by_id)))

    def digest(self, secret: bytes) -> bytes:
        """Tells whether another run was given the same; keyed, so that nobody can try out what people said."""
        text = json.dumps(self, default=_plain, sort_keys=True)
        return hmac.new(secret, text.encode(), hashlib.sha256).digest()


def holds_of(stated: Stated, background: Background | None) -> frozenset[str]:
    """What somebody says of themselves; a mentee's themes are what they wish to think through."""
    said = {_token(aspect, value) for aspect, values in stated.about for value in values}
    themes = (wish for wish in stated.wishes if wish.aspect is Aspect.THEMES)
    said |= {_token(Aspect.THEMES, value) for wish in themes for value in wish.any_of}
    own = background.own if background else ()
    return frozenset(said | {_token(each, value) for each, values in own for value in values})


def wants_of(stated: Stated, background: Background | None) -> tuple[Want, ...]:
    """What somebody wishes of the other; each theme of a mentee counts by itself, unless one is needed."""
    wants = [want for wish in stated.wishes for want in _wants(wish)]
    return (*wants, *_wants_of_background(background))


def _wants(wish: Wish) -> list[Want]:
    tokens = [_token(wish.aspect, value) for value in wish.any_of]
    if wish.aspect is Aspect.THEMES and wish.importance is not Importance.NEED:
        each = [Part(frozenset({token})) for token in tokens]
        return [Want(wish.aspect, (part,), wish.importance) for part in each]
    return [Want(wish.aspect, (Part(frozenset(tokens)),), wish.importance)]


def _wants_of_background(background: Background | None) -> list[Want]:
    if background is None or not background.wishes:
        return []
    own = dict(background.own)
    parts = [_part(dimension, alike, own[dimension]) for dimension, alike in background.wishes]
    sets = [tuple(parts)] if background.together else [(part,) for part in parts]
    return [Want(Aspect.BACKGROUND, each, background.importance) for each in sets]


def _part(dimension: Dimension, alike: Alike, own: tuple[str, ...]) -> Part:
    """Who said nothing of theirs neither shares it nor differs: nothing is inferred."""
    mine = frozenset(_token(dimension, value) for value in own)
    if alike is Alike.SHARED:
        return Part(mine)
    return Part(frozenset(_token(dimension, value) for value in OWN[dimension]) - mine, mine)


def _token(of: Aspect | Dimension, value: str) -> str:
    return f"{of.value}:{value}"


def _by_id(each: Request | Mentor) -> UUID:
    return each.id


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    return value.hex() if isinstance(value, bytes) else str(value)

"""What one person states for the matching, as it is sealed; docs/specs/preferences.md has the stored forms."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.errors import DomainError
from domain.matching.aspects import (
    CHOICES,
    LANGUAGES,
    OWN,
    Alike,
    Aspect,
    Dimension,
    Importance,
)

STORED_VERSION = 1
LONGEST_WORKPLACE = 120


class NotAChoice(DomainError):
    """Choose from what is offered, each thing once."""


class WishesContradict(DomainError):
    """There are two wishes about the same thing; keep one of them."""


class SayYourOwnFirst(DomainError):
    """A wish to share a part of your background, or not to, needs your own: say it, or take the wish back."""


class NotAStatement(DomainError):
    """This does not say what somebody wishes of the matching."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Any of these would do; `importance` tells how much it counts."""

    aspect: Aspect
    any_of: tuple[str, ...]
    importance: Importance = Importance.WISH

    def __post_init__(self) -> None:
        if self.aspect not in CHOICES or not self.any_of:
            raise NotAChoice
        object.__setattr__(self, "any_of", _chosen(self.any_of, CHOICES[self.aspect]))


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person says of themselves and wishes of the other; what is empty is not said and restricts nothing."""

    languages: tuple[str, ...] = ()
    about: tuple[tuple[Aspect, tuple[str, ...]], ...] = ()
    wishes: tuple[Wish, ...] = ()
    employer: str = ""
    team: str = ""
    same_employer_welcome: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "languages", _chosen(self.languages, LANGUAGES))
        object.__setattr__(self, "about", tuple(sorted(_of_each(self.about, CHOICES))))
        aspects = [wish.aspect for wish in self.wishes]
        if len(set(aspects)) < len(aspects):
            raise WishesContradict
        object.__setattr__(self, "wishes", tuple(sorted(self.wishes, key=lambda w: w.aspect)))
        if max(len(self.employer), len(self.team)) > LONGEST_WORKPLACE:
            raise NotAChoice

    def __repr__(self) -> str:
        return "<sealed>"

    def encode(self) -> str:
        """The stored form: one text for one statement."""
        return _encoded(
            {
                "version": STORED_VERSION,
                "languages": self.languages,
                "about": self.about,
                "wishes": [(w.aspect, w.any_of, w.importance) for w in self.wishes],
                "employer": self.employer,
                "team": self.team,
                "same_employer_welcome": self.same_employer_welcome,
            }
        )

    @classmethod
    def decode(cls, text: str) -> "Stated":
        """Read the stored form back; raises NotAStatement for any other text."""
        return _decoded(text, cls._read)

    @classmethod
    def _read(cls, stored: Any) -> "Stated":
        wishes = (
            Wish(Aspect(aspect), tuple(any_of), Importance(importance))
            for aspect, any_of, importance in stored["wishes"]
        )
        return cls(
            tuple(stored["languages"]),
            tuple((Aspect(aspect), tuple(values)) for aspect, values in stored["about"]),
            tuple(wishes),
            stored["employer"],
            stored["team"],
            stored["same_employer_welcome"],
        )


@dataclass(frozen=True, slots=True)
class Background:
    """What a person chose to say of their own background, and a mentee's wishes about it.

    With `together` only a partner counts for whom all of the wishes hold at once.
    """

    own: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    wishes: tuple[tuple[Dimension, Alike], ...] = ()
    importance: Importance = Importance.WISH
    together: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "own", tuple(sorted(_of_each(self.own, OWN))))
        if len({dimension for dimension, _ in self.wishes}) < len(self.wishes):
            raise WishesContradict
        if not {dimension for dimension, _ in self.wishes} <= {each for each, _ in self.own}:
            raise SayYourOwnFirst
        object.__setattr__(self, "wishes", tuple(sorted(self.wishes)))

    def __repr__(self) -> str:
        return "<sealed>"

    def encode(self) -> str:
        """The stored form: one text for one statement."""
        return _encoded(
            {
                "version": STORED_VERSION,
                "own": self.own,
                "wishes": self.wishes,
                "importance": self.importance,
                "together": self.together,
            }
        )

    @classmethod
    def decode(cls, text: str) -> "Background":
        """Read the stored form back; raises NotAStatement for any other text."""
        return _decoded(text, cls._read)

    @classmethod
    def _read(cls, stored: Any) -> "Background":
        return cls(
            tuple((Dimension(dimension), tuple(values)) for dimension, values in stored["own"]),
            tuple((Dimension(dimension), Alike(alike)) for dimension, alike in stored["wishes"]),
            Importance(stored["importance"]),
            stored["together"],
        )


A = TypeVar("A", Stated, Background)
Key = TypeVar("Key", Aspect, Dimension)


def _chosen(values: Iterable[str], offered: tuple[str, ...]) -> tuple[str, ...]:
    given = list(values)
    if len(set(given)) < len(given) or not set(given) <= set(offered):
        raise NotAChoice
    return tuple(sorted(given))


def _of_each(
    said: Iterable[tuple[Key, tuple[str, ...]]], offered: Any
) -> list[tuple[Key, tuple[str, ...]]]:
    """What was said of each, without those of which nothing was."""
    given = [(each, _chosen(values, offered.get(each, ()))) for each, values in said if values]
    if len({each for each, _ in given}) < len(given):
        raise NotAChoice
    return given


def _encoded(stored: Any) -> str:
    return json.dumps(stored, separators=(",", ":"), ensure_ascii=True)


def _decoded(text: str, read: Callable[[Any], A]) -> A:
    try:
        statement = read(json.loads(text))
        is_same = statement.encode() == text
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, DomainError):
        raise NotAStatement from None
    if not is_same:
        raise NotAStatement
    return statement

"""Texts that occur nowhere else in the world, so that finding one where it is not meant to be is a leak."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

STEM_LETTERS = 10
CODE_LETTERS = 3
MOST_SENTINELS = 10**CODE_LETTERS
SHORTEST_LONG_WORDS = 1500


class Script(Enum):
    """What a mark is written in; code that mangles one kind of letters may let another through."""

    LATIN = "abcdefghijklmnopqrstuvwxyz"
    CYRILLIC = "бвгджзилмнпрфцчшщэюя"
    DIGITS = "0123456789"


@dataclass(frozen=True)
class Sentinel:
    """One text of the scheme: what it stands for, its number, and to whom which routes may show it."""

    name: str
    number: int
    shown: frozenset[tuple[str, str]] = frozenset()

    def may_be_shown(self, who: str, route: str) -> bool:
        """A route shows it to whom it is for; a page may show people what a route would."""
        if (who, route) in self.shown:
            return True
        return not _is_api(route) and who in {person for person, _ in self.shown}


@dataclass
class Sentinels:
    """Makes sentinels that share a random stem in each script, so that one search finds them all."""

    stems: dict[Script, str] = field(default_factory=lambda: {s: _random(s) for s in Script})
    all: list[Sentinel] = field(default_factory=list)

    def mark(self, sentinel: Sentinel, script: Script) -> str:
        """The stem with the sentinel's number, in letters of the script."""
        return self.stems[script] + _code(sentinel.number, script.value)

    def short(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """One word of seventeen letters at most."""
        return self.mark(self._new(name, shown), Script.LATIN)

    def person_name(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """A made-up name in two scripts."""
        sentinel = self._new(name, shown)
        latin, cyrillic = self._both(sentinel)
        return f"Zoë {latin.title()} O'{cyrillic.title()}"

    def email(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """A mail address that reaches nobody."""
        return f"{self.short(name, shown)}@example.org"

    def telephone(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """A telephone number that reaches nobody."""
        return f"+{self.mark(self._new(name, shown), Script.DIGITS)}"

    def number(self, name: str) -> int:
        """A number; JSON has them too."""
        return int("1" + self.mark(self._new(name, ()), Script.DIGITS))

    def link(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """An address in the net."""
        return f"https://meet.example.org/{self.short(name, shown)}?k=1"

    def words(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """A sentence with quotes, markup and letters of two scripts and beyond."""
        latin, cyrillic = self._both(self._new(name, shown))
        return f'{latin} said: "{cyrillic}" \\ <b>&amp;</b> 🌱 {latin}'

    def long_words(self, name: str, shown: Collection[tuple[str, str]] = ()) -> str:
        """A page that carries its marks throughout, so that any part of it is known again."""
        sentence = self.words(name, shown) + "\n"
        return (sentence * (1 + SHORTEST_LONG_WORDS // len(sentence))).strip()

    def json_words(self, name: str) -> str:
        """JSON inside a text, with every type of JSON."""
        text, digits = self.words(name), self.number(f"{name}, as a number")
        return json.dumps({text: [text, digits, {"nested": text}, None, True, digits + 0.5]})

    def _both(self, sentinel: Sentinel) -> tuple[str, str]:
        return self.mark(sentinel, Script.LATIN), self.mark(sentinel, Script.CYRILLIC)

    def _new(self, name: str, shown: Collection[tuple[str, str]]) -> Sentinel:
        assert len(self.all) < MOST_SENTINELS
        sentinel = Sentinel(name, len(self.all), frozenset(shown))
        self.all.append(sentinel)
        return sentinel


def _is_api(route: str) -> bool:
    return " /api/" in route


def _random(script: Script) -> str:
    return "".join(secrets.choice(script.value) for _ in range(STEM_LETTERS))


def _code(number: int, letters: str) -> str:
    """The number, then one letter that is always the same: base64 blurs the last one."""
    places = (len(letters) ** power for power in reversed(range(CODE_LETTERS)))
    return "".join(letters[number // place % len(letters)] for place in places) + letters[0]

"""Watches every use of a person's sealed data in this process, and says which went round the one door.

What is watched is the last step, which nothing can do without: bytes that open under a key of a person.
Whichever way the key was come by, it is known whose it is and what for.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from crypto.envelope import DataKey
from crypto.key_store import KeyRecord
from crypto.keyring import Keyring, NamedKey
from domain.access import consent_needed
from domain.access_register import AccessRegister
from domain.consent import ConsentLedger
from domain.values import Compartment, Purpose

HOUSE = Path(__file__).parents[1]
ROOMS = ("api", "crypto", "domain", "projections")
OPERATIONAL = "operational"
DOOR = ("api/records/openings.py", "_unsealed")
HEAD = "SELECT coalesce(max(originator_version), 0) FROM record.event WHERE originator_id = %s"
LAST = "SELECT coalesce(max(position), 0) FROM record.event WHERE originator_id = %s"
NEWEST = "SELECT coalesce(max(position), 0) FROM record.event"

UNCHECKED = "nobody asked for the consent that it needs"
CHANGED_SINCE = "the consent has changed since it was asked for"
UNRECORDED = "no look was recorded before"
NOT_BY_THE_DOOR = "it did not go by the one door"

Site = tuple[str, str]
"""A file of the house and the name of a function in it."""


@dataclass(frozen=True)
class Opening:
    """One field that opened: whose, what for, from where in the house, and what was wrong with that."""

    span: str
    compartment: str
    owner: UUID
    purpose: str
    sites: tuple[Site, ...]
    fault: str | None


@dataclass(frozen=True)
class _Whose:
    compartment: str
    owner: UUID
    purpose: str


@dataclass
class Tracer:
    """Keeps what is opened and what was checked before, a span at a time: one request, or one round of a duty."""

    connect: Callable[[], AbstractContextManager[Any]]
    openings: list[Opening] = field(default_factory=list)
    _span: str = ""
    _checks: set[tuple[UUID, Purpose, int]] = field(default_factory=set)
    _began_at: int = 0
    _whose: dict[int, tuple[DataKey, _Whose]] = field(default_factory=dict)

    @property
    def faults(self) -> list[Opening]:
        """What went round the door."""
        return [each for each in self.openings if each.fault is not None]

    @property
    def sites(self) -> set[Site]:
        """Every function of the house that had a part in an opening."""
        return {site for each in self.openings for site in each.sites}

    def of(self, span: str) -> list[Opening]:
        """What was opened in a span."""
        return [each for each in self.openings if each.span == span]

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """A request or a round: what was checked before it counts no more."""
        self._span, self._checks, self._began_at = name, set(), self._ask(NEWEST)
        yield
        self._span = ""

    @contextmanager
    def watching(self) -> Iterator["Tracer"]:
        """Put an ear to the last step, to the checks, and to the keys."""
        with ExitStack() as stack:
            for owner, name, heard in (
                (Keyring, "_opened", self._hear_key),
                (Keyring, "_make", self._hear_new_key),
                (DataKey, "open", self._hear_opening),
                (ConsentLedger, "is_live", self._hear_check),
            ):
                stack.enter_context(patch.object(owner, name, _beside(getattr(owner, name), heard)))
            yield self

    def _hear_key(
        self, named: NamedKey, _ring: Keyring, compartment: str, record: KeyRecord, *_more: Any
    ) -> None:
        self._know(named.key, _Whose(str(compartment), record.owner, str(record.purpose)))

    def _hear_new_key(
        self, named: NamedKey, _ring: Keyring, compartment: str, owner: UUID, purpose: str
    ) -> None:
        self._know(named.key, _Whose(str(compartment), owner, str(purpose)))

    def _know(self, key: DataKey, whose: _Whose) -> None:
        if whose.compartment != OPERATIONAL:
            self._whose[id(key)] = key, whose

    def _hear_check(
        self, is_live: bool, ledger: ConsentLedger, purpose: Purpose, _at: datetime
    ) -> None:
        if is_live:
            self._checks.add((ledger.person, purpose, ledger.version))

    def _hear_opening(self, _text: bytes, key: DataKey, *_place: Any, **_more: Any) -> None:
        if id(key) in self._whose:
            _, whose = self._whose[id(key)]
            sites = tuple(_sites())
            fault = self._fault(whose, sites)
            about = whose.compartment, whose.owner, whose.purpose
            self.openings.append(Opening(self._span, *about, sites, fault))

    def _fault(self, whose: _Whose, sites: tuple[Site, ...]) -> str | None:
        needed = consent_needed(Compartment(whose.compartment), whose.purpose)
        ledger = ConsentLedger.id_of(whose.owner)
        checked = {v for who, what, v in self._checks if (who, what) == (whose.owner, needed)}
        if needed is not None and not checked:
            return UNCHECKED
        if needed is not None and self._ask(HEAD, ledger) not in checked:
            return CHANGED_SINCE
        if self._ask(LAST, AccessRegister.id_of(whose.owner)) <= self._began_at:
            return UNRECORDED
        return None if DOOR in sites else NOT_BY_THE_DOOR

    def _ask(self, question: str, *values: UUID) -> int:
        with self.connect() as connection:
            row = connection.execute(question, values).fetchone()
        return int(row[0])


def _beside(original: Any, heard: Any) -> Any:
    """The original, and a word about each call that it answered."""

    def called(*arguments: Any, **named: Any) -> Any:
        answer = original(*arguments, **named)
        heard(answer, *arguments, **named)
        return answer

    return called


def _sites() -> Iterator[Site]:
    frame = sys._getframe()
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if any(file.is_relative_to(HOUSE / room) for room in ROOMS):
            yield file.relative_to(HOUSE).as_posix(), frame.f_code.co_name
        frame = frame.f_back  # type: ignore[assignment]  # the last has none

"""Made-up facts for any class of event, the same in every run, by the types of its fields."""

import dataclasses
import hashlib
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.aggregate import Aggregate
from domain.funding_terms import Terms
from domain.money import Money
from domain.programme import Settings
from domain.relationship_events import Kind
from domain.values import TimeSpan

LONG_AGO = datetime(2026, 3, 29, 1, 30, 0, 250_000, tzinfo=UTC)
STREAM = UUID("5f0b4a52-6c1e-4c44-9a53-6b2f0e8d7c11")

CHECKED: dict[Any, Any] = {
    TimeSpan: TimeSpan(LONG_AGO, LONG_AGO + timedelta(hours=1), "Europe/London"),
    Settings: Settings("ferrule of a programme", (Kind.FORMAL, Kind.GROUP), 2),
    Money: Money(95_00),
    Terms: Terms(STREAM, 12, 2, Money(95_00), date(2026, 3, 1), date(2027, 2, 28)),
}
"""Values that check themselves, so that made-up parts would not do."""


def event_of(kind: type[Aggregate.Event], version: int, *, bare: bool = False) -> Any:
    """An event with every fact given, or `bare`: without those that may be missing."""
    made: Any = object.__new__(kind)
    hints = get_type_hints(kind)
    given = {
        "originator_id": STREAM,
        "originator_version": version,
        "timestamp": LONG_AGO,
        "originator_topic": kind.TOPIC.partition(".")[0],
    }
    for name in (field.name for field in dataclasses.fields(kind)):
        fact = given[name] if name in given else _fact(hints[name], f"{kind.TOPIC} {name}", bare)
        made.__dict__[name] = fact
    return made


def _fact(kind: Any, name: str, bare: bool) -> Any:
    if get_origin(kind) is UnionType:
        return None if bare else _fact(get_args(kind)[0], name, bare)
    if get_origin(kind) is tuple:
        return () if bare else tuple(_fact(get_args(kind)[0], f"{name} {n}", bare) for n in "ab")
    if kind in CHECKED:
        return CHECKED[kind]
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{each: _fact(hints[each], f"{name} {each}", bare) for each in hints})  # type: ignore[operator]  # - it is a class
    return _plain(kind, name)


def _plain(kind: type, name: str) -> Any:
    digest = hashlib.sha256(name.encode()).digest()
    if issubclass(kind, Enum):
        return list(kind)[digest[0] % len(kind)]
    return {
        UUID: UUID(bytes=digest[:16], version=4),
        datetime: LONG_AGO + timedelta(seconds=digest[0]),
        date: LONG_AGO.date() + timedelta(days=digest[0]),
        timedelta: timedelta(seconds=digest[0]),
        str: f"ferrule of {name}",
        bytes: digest,
        int: 1 + digest[0],
        bool: bool(digest[0] % 2),
    }[kind]

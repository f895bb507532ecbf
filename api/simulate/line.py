"""A way to the service for simulated people, whoever answers at its other end; it waits where that is away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from uuid import UUID

import httpx
import psycopg

from api.simulate.people import Person
from crypto.errors import KeysUnavailable, RecorderUnavailable
from domain.errors import DomainError

COME_AGAIN = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})

Answer = TypeVar("Answer")


class SimulationStopped(Exception):
    """Somebody asked it to stop; begun again in the same way, it goes on."""


class NotNow(Exception):
    """The service cannot answer at this moment."""


Away = tuple[type[Exception], ...]
AWAY: Away = (NotNow, RecorderUnavailable, KeysUnavailable, psycopg.OperationalError)


class ServiceAway(DomainError):
    """The database or the service did not come back for long; begin again in the same way, and it goes on."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Line(Protocol):
    """A way to the service."""

    def ask(self, who: Person, call: Call) -> httpx.Response:
        """What it answers to somebody it knows, once it can answer."""

    def ask_from_outside(self, address: UUID, call: Call) -> httpx.Response:
        """The same for somebody it does not know."""

    def outcome(self, command_id: UUID) -> UUID | None:
        """The record that a command was about, if it was carried out before."""

    def mentor_proposed(self, relationship: UUID, proposal: UUID) -> UUID:
        """Whom a proposal named."""

    def catch_up(self) -> None:
        """Wait until everything recorded can be seen."""

    def patiently(self, act: Callable[[], Answer], away: Away = AWAY) -> Answer:
        """Do what can be done again, until what it needs is there."""


def required_now(answer: httpx.Response) -> httpx.Response:
    """Raise NotNow for who is told to come again."""
    if answer.status_code in COME_AGAIN:
        raise NotNow
    return answer

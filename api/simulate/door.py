"""The only way in which simulated people act: the HTTP API, in this process, each with their own token.

A command that the log shows was given already is not given again, so a simulation that was killed goes on.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from threading import Event
from typing import Any, Self, TypeVar
from uuid import UUID, uuid5

import httpx
import psycopg
import structlog

from api.bootstrap import Parts
from api.enrolment import issue_token
from api.main import create_app
from api.simulate.clock import SimulatedClock
from api.simulate.people import Person
from api.simulate.scheme_calls import SimulationStopped as SimulationStopped
from crypto.errors import KeysUnavailable, RecorderUnavailable
from domain.errors import DomainError
from projections.reader import Reader

BASE = "http://simulated.invalid/api/v1"
WAIT_SECONDS = 120.0
MOST_TOKENS = 2_000
PAUSE_SECONDS = 0.25
MOST_TRIES = 480
"""Two minutes: a database that was killed is back by then."""

REFUSALS = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.GONE,
        HTTPStatus.PRECONDITION_FAILED,
    }
)
"""The answers of a rule: people meet them, and do something else."""

NO_ROUTE = "urn:vouchsafe:problem:refused"
"""What is told of a route that is not there, rather than of a record."""

Answer = TypeVar("Answer")
Body = dict[str, Any] | Callable[[], dict[str, Any]] | None
NO_HEADERS: Mapping[str, str] = {}

log = structlog.get_logger()


class NotNow(Exception):
    """The service cannot answer at this moment."""


Away = tuple[type[Exception], ...]
AWAY: Away = (NotNow, RecorderUnavailable, KeysUnavailable, psycopg.OperationalError)


class SimulationWentWrong(DomainError):
    """The service answered as no simulated person foresaw; the logs of this command say how. This is a bug."""


class ServiceAway(DomainError):
    """The database did not come back for long; start the simulation again with the same arguments, and it goes on."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a command: the record it was about, and the part that it made, if any."""

    subject: UUID
    made: UUID


class Door:
    """Speaks to the API for everybody. Use it as a context manager."""

    def __init__(
        self, parts: Parts, reader: Reader, clock: SimulatedClock, until: datetime, stop: Event
    ) -> None:
        """The parts must live by the clock; `until` is how far earlier runs have recorded."""
        self.given = 0
        self._parts = parts
        self._clock = clock
        self._recorded_until = until
        self._stop = stop
        self._tokens: OrderedDict[UUID, str] = OrderedDict()
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app=create_app(parts, reader))
        self._caller = httpx.AsyncClient(transport=transport, base_url=BASE, timeout=WAIT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._caller.aclose())
        self._runner.close()

    @property
    def is_past(self) -> bool:
        """Whether an earlier run has recorded this moment."""
        return self._clock() <= self._recorded_until

    def act(self, who: Person, path: str, body: Body = None, *, step: str) -> Told | None:
        """Give one command; None when a rule refused it.

        A body that rests on what the service shows is given as a function.
        """
        return self._give("POST", who, path, body, step)

    def put(self, who: Person, path: str, body: Body, *, step: str) -> Told | None:
        """The same where the API wants a PUT."""
        return self._give("PUT", who, path, body, step)

    def look(self, who: Person, path: str) -> Any:
        """Read as a person does; None when it is refused, or was read by an earlier run."""
        self._clock.step()
        if self.is_past:
            return None
        return self._answer(who, "GET", path)

    @property
    def is_followed(self) -> bool:
        """Whether an earlier run went on from this moment, once everything was done that follows from it."""
        return self._clock() < self._recorded_until

    def patiently(self, act: Callable[[], Answer], away: Away = AWAY) -> Answer:
        """Do what can be done again, until what it needs is there."""
        for _ in range(MOST_TRIES):
            if self._stop.is_set():
                raise SimulationStopped
            try:
                return act()
            except away:
                self._stop.wait(PAUSE_SECONDS)
        raise ServiceAway

    def _give(self, method: str, who: Person, path: str, body: Body, step: str) -> Told | None:
        self._clock.step()
        self.given += 1
        key = f"simulated-{step}"
        command_id = uuid5(who.id, key)
        if self.is_past:
            earlier = self.patiently(lambda: self._parts.recorder.outcome(command_id))
            return Told(UUID(str(earlier.subject)), command_id) if earlier else None
        sent = body() if callable(body) else body
        answer = self._answer(who, method, path, json=sent, headers={"Idempotency-Key": key})
        return None if answer is None else Told(UUID(answer["id"]), command_id)

    def _answer(self, who: Person, method: str, path: str, **options: Any) -> Any:
        """What the API says, or None where a rule refuses."""
        answer = self.patiently(lambda: self._sent(who, method, path, **options))
        if answer.is_success:
            return answer.json()
        if answer.status_code in REFUSALS and answer.json()["type"] != NO_ROUTE:
            return None
        log.error("step refused", method=method, status=answer.status_code)
        raise SimulationWentWrong

    def _sent(
        self,
        who: Person,
        method: str,
        path: str,
        headers: Mapping[str, str] = NO_HEADERS,
        **options: Any,
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self._token_of(who)}", **headers}
        asked = self._caller.request(method, path, headers=bearer, **options)
        answer = self._runner.run(asked)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            # Tokens last ninety days, and a simulation may last for years.
            del self._tokens[who.id]
            raise NotNow
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            raise NotNow
        return answer

    def _token_of(self, who: Person) -> str:
        if who.id not in self._tokens:
            self._tokens[who.id] = issue_token(self._parts, who.id, who.role)
            if len(self._tokens) > MOST_TOKENS:
                self._tokens.popitem(last=False)
        self._tokens.move_to_end(who.id)
        return self._tokens[who.id]

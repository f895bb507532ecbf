"""The way to a running service for the people of the first scheme: patient while it restarts, and never acting twice."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
import structlog

from api.participant import NotebookService, ParticipantClient, ParticipantFolder
from api.participant.errors import ServiceNotReached, ServiceRefused
from api.simulate.clock import SimulatedClock
from api.simulate.door import Body, Door, Told, call_of
from api.simulate.line import (
    AWAY,
    Away,
    Call,
    ServiceAway,
    SimulationStopped,
    required_now,
)
from api.simulate.people import Person
from api.simulate.scheme_people import Notes
from domain.errors import DomainError

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.25
SERVICE_UNAVAILABLE = 503
NOTICE_IS_THERE = "urn:vouchsafe:problem:notice-is-published"
NOT_REACHED: Away = (httpx.TransportError, ServiceNotReached, *AWAY)

Answer = TypeVar("Answer")
log = structlog.get_logger()


class SchemeRefused(DomainError):
    """The service refused a step of the first scheme; the logs in the data folder say more."""


class RunningService:
    """The service at an address; `token_of` answers how somebody signs in. Use it as a context manager."""

    def __init__(self, url: str, token_of: Callable[[Person], str], stop: Event) -> None:
        self._url = url
        self._token_of = token_of
        self._stop = stop
        self._client = _client(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, who: Person, call: Call) -> httpx.Response:
        """What it answers to somebody it knows, once it can answer."""
        return self.patiently(lambda: self._sent(call, self._signed_in(who)))

    def ask_from_outside(self, address: UUID, call: Call) -> httpx.Response:  # noqa: ARG002 - one machine has one address
        """The same for somebody it does not know."""
        return self.patiently(lambda: self._sent(call, {}))

    def outcome(self, command_id: UUID) -> UUID | None:  # noqa: ARG002 - the door remembers what it was told
        """Nothing: whoever repeats a command is told again."""
        return None

    def mentor_proposed(self, relationship: UUID, proposal: UUID) -> UUID:
        """Nobody has to ask: in this story coordinators propose whom they name."""
        raise NotImplementedError

    def catch_up(self) -> None:
        """Nothing in this story is worked out of what read models show."""

    def participant(self, who: Person, folder: Path) -> ParticipantClient:
        """A person's own client: its folder holds keys that no process of the service reads."""
        client = _client(self._url, **self._signed_in(who))
        return ParticipantClient(ParticipantFolder(folder), NotebookService(client))

    def patiently(self, act: Callable[[], Answer], away: Away = NOT_REACHED) -> Answer:
        """Do what can be done again, until nothing that it needs is away."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._stop.is_set():
            try:
                return act()
            except away:
                pass
            except ServiceRefused as refused:
                if refused.status != SERVICE_UNAVAILABLE:
                    raise
            if time.monotonic() > deadline:
                raise ServiceAway
            self._stop.wait(PAUSE_SECONDS)
        raise SimulationStopped

    def _sent(self, call: Call, more: Mapping[str, str]) -> httpx.Response:
        headers = {**call.headers, **more}
        return required_now(
            self._client.request(call.method, call.path, json=call.body, headers=headers)
        )

    def _signed_in(self, who: Person) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token_of(who)}"}


class RememberingDoor(Door):
    """Keeps what it was told, so that a story that goes on asks only for what is missing."""

    def __init__(self, line: RunningService, clock: SimulatedClock, told: Notes, name: str) -> None:
        super().__init__(line, clock, clock(), name)
        self._told = told

    def look(self, who: Person, path: str) -> None:
        """Nobody looks: a look that was cut short could not be told from one that was not."""

    def _give(self, method: str, who: Person, path: str, body: Body, step: str) -> Told | None:
        key, command_id = self._begun(who.id, step)
        name = f"{who.key} {key}"
        if name not in self._told.known:
            answer = self._said(self.line.ask(who, call_of(method, path, body, key)))
            if answer is None:
                return None
            self._told.keep(name, _as_note(answer.json()))
        return Told(UUID(self._told.known[name].split()[0]), command_id)

    def _said(self, answer: httpx.Response) -> httpx.Response | None:
        """Nobody in the story meets a rule, but for words that the people around them have read already."""
        if answer.is_success:
            return answer
        if answer.json()["type"] == NOTICE_IS_THERE:
            return None
        log.error("step refused", method=answer.request.method, status=answer.status_code)
        raise SchemeRefused


def happened(what: Answer | None) -> Answer:
    """What is part of the story comes about, or the story ends there."""
    if what is None:
        raise SchemeRefused
    return what


def _as_note(said: Mapping[str, Any]) -> str:
    return f"{said['id']} {said.get('made') or '-'} {said['version']} {said['position']}"


def _client(url: str, **headers: str) -> httpx.Client:
    # Straight there: a proxy for other addresses has no business with our own.
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False)

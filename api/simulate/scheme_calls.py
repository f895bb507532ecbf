"""The first scheme's way to the API: patient with a service that restarts, and never acting twice."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
import psycopg
import structlog

from api.participant import NotebookService, ParticipantClient, ParticipantFolder
from api.participant.errors import ServiceNotReached, ServiceRefused
from api.simulate.scheme_people import Account, Notes
from crypto.errors import KeysUnavailable, RecorderUnavailable
from domain.errors import DomainError

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.25
SERVICE_UNAVAILABLE = 503
CONFLICT = 409
NOTICE_IS_THERE = "urn:vouchsafe:problem:notice-is-published"
DATABASE_AWAY = (RecorderUnavailable, KeysUnavailable, psycopg.OperationalError)

Answer = TypeVar("Answer")
log = structlog.get_logger()


class RecordingStopped(Exception):
    """Recording was stopped; the next start goes on from here."""


class SimulationStopped(Exception):
    """Somebody asked a simulation to stop; run again with the same arguments, it goes on."""


class SchemeRefused(DomainError):
    """The service refused a step of the first scheme; the logs in the data folder say more."""


class AlreadyThere(SchemeRefused):
    """Somebody has published these words before; the logs in the data folder say more."""


class NotNow(Exception):
    """The service cannot answer in full at this moment."""


class NoAnswer(DomainError):
    """The service did not answer for long while the first scheme was recorded; the next start goes on with it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the API told of a command."""

    id: UUID
    made: UUID | None
    version: int
    position: int

    def as_note(self) -> str:
        """The same as text."""
        return f"{self.id} {self.made or '-'} {self.version} {self.position}"

    @classmethod
    def of_note(cls, note: str) -> Self:
        """Out of the text."""
        id, made, version, position = note.split()
        return cls(UUID(id), None if made == "-" else UUID(made), int(version), int(position))


@dataclass(frozen=True, slots=True)
class Chapter:
    """One phase of the story: its name, when it was first begun, and the folder for what it keeps."""

    name: str
    started_at: datetime
    folder: Path


class SchemeApi:
    """Calls the API as each made-up person."""

    def __init__(self, url: str, chapter: "Chapter", stop: Event) -> None:
        self.url = url
        self.started_at = chapter.started_at
        self._chapter = chapter
        self._accounts: Mapping[str, Account] = {}
        self._remembered = Notes(chapter.folder / "story.json")
        self._told = Notes(chapter.folder / "told.json")
        self._stop = stop
        self._client = _client(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def sign_in(self, accounts: Mapping[str, Account]) -> None:
        """Speak for these people from now on."""
        self._accounts = accounts

    def participant(self, who: str) -> ParticipantClient:
        """A person's own client: its folder holds keys that no process of the service reads."""
        folder = ParticipantFolder(self._chapter.folder / "participants" / who)
        return ParticipantClient(folder, NotebookService(self._client_of(who)))

    def post(self, who: str, path: str, body: Any = None, *, step: str) -> Told:
        """Carry out one step of the story, once however often it is told."""
        return self._tell("POST", who, path, body, step)

    def put(self, who: str, path: str, body: Any, *, step: str) -> Told:
        """The same where the API wants a PUT."""
        return self._tell("PUT", who, path, body, step)

    def get(self, who: str, path: str) -> Any:
        """Read as one of the people."""
        return self.patiently(lambda: self._answer(self._request("GET", who, path))).json()

    def remember(self, name: str, id: UUID) -> None:
        """Keep an id for a later phase of the story."""
        self._remembered.keep(name, str(id))

    def recall(self, name: str) -> UUID:
        """An id that an earlier phase kept."""
        return UUID(self._remembered.known[name])

    def person(self, who: str) -> UUID:
        """A made-up person's id."""
        return self._accounts[who].id

    def patiently(self, act: Callable[[], Answer]) -> Answer:
        """Do what can be done again, until nothing that it needs is away."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._stop.is_set():
            try:
                return act()
            except Exception as error:
                if not _may_pass(error):
                    raise
            if time.monotonic() > deadline:
                raise NoAnswer
            self._stop.wait(PAUSE_SECONDS)
        raise RecordingStopped

    def _tell(self, method: str, who: str, path: str, body: Any, step: str) -> Told:
        """What was told once is kept, so that a recording that goes on asks only for what is missing."""
        key = f"first-scheme-{self._chapter.name}-{step}"
        if key not in self._told.known:
            request = self._request(method, who, path, json=body, headers={"Idempotency-Key": key})
            said = self.patiently(lambda: self._answer(request)).json()
            made = UUID(said["made"]) if said.get("made") else None
            told = Told(UUID(said["id"]), made, said["version"], said["position"])
            self._told.keep(key, told.as_note())
        return Told.of_note(self._told.known[key])

    def _client_of(self, who: str) -> httpx.Client:
        return _client(self.url, Authorization=f"Bearer {self._accounts[who].token}")

    def _request(self, method: str, who: str, path: str, **options: Any) -> httpx.Request:
        request = self._client.build_request(method, path, **options)
        request.headers["Authorization"] = f"Bearer {self._accounts[who].token}"
        return request

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = self._client.send(request)
        if answer.is_success:
            return answer
        if answer.status_code == CONFLICT and answer.json()["type"] == NOTICE_IS_THERE:
            raise AlreadyThere
        if answer.status_code != SERVICE_UNAVAILABLE:
            log.error("step refused", method=request.method, status=answer.status_code)
            raise SchemeRefused
        raise NotNow


def _client(url: str, **headers: str) -> httpx.Client:
    # Straight there: a proxy for other addresses has no business with our own.
    return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False)


def _may_pass(error: Exception) -> bool:
    if isinstance(error, ServiceRefused):
        return error.status == SERVICE_UNAVAILABLE
    away = (NotNow, ServiceNotReached, httpx.TransportError, *DATABASE_AWAY)
    return isinstance(error, away)

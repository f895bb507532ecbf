"""The first scheme's way to the API: patient with a service that restarts, and never acting twice."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

from api.participant import ParticipantClient, ParticipantFolder, connect
from api.simulate.scheme_people import Account, Notes

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.25
SERVICE_UNAVAILABLE = 503


class RecordingStopped(Exception):
    """Recording was stopped; the next start goes on from here."""


class SchemeRefused(Exception):
    """The service refused a step of the first scheme; its logs say more."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the API told of a command."""

    id: UUID
    made: UUID | None
    position: int


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
        self._stop = stop
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=30)

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
        return ParticipantClient(folder, connect(self.url, self._accounts[who].token))

    def once(self, step: str, act: Callable[[], object]) -> None:
        """Do what has no idempotency key of its own, unless it was done to its end before."""
        if step not in self._remembered.known:
            act()
            self._remembered.keep(step, "done")

    def post(self, who: str, path: str, body: Any = None, *, step: str) -> Told:
        """Carry out one step of the story, once however often it is told."""
        return self._tell("POST", who, path, body, step)

    def put(self, who: str, path: str, body: Any, *, step: str) -> Told:
        """The same where the API wants a PUT."""
        return self._tell("PUT", who, path, body, step)

    def get(self, who: str, path: str) -> Any:
        """Read as one of the people."""
        return self._patiently("GET", who, path, {}, None).json()

    def remember(self, name: str, id: UUID) -> None:
        """Keep an id for a later phase of the story."""
        self._remembered.keep(name, str(id))

    def recall(self, name: str) -> UUID:
        """An id that an earlier phase kept."""
        return UUID(self._remembered.known[name])

    def person(self, who: str) -> UUID:
        """A made-up person's id."""
        return self._accounts[who].id

    def _tell(self, method: str, who: str, path: str, body: Any, step: str) -> Told:
        headers = {"Idempotency-Key": f"first-scheme-{self._chapter.name}-{step}"}
        told = self._patiently(method, who, path, headers, body).json()
        made = told.get("made")
        return Told(UUID(told["id"]), UUID(made) if made else None, told["position"])

    def _patiently(
        self, method: str, who: str | None, path: str, headers: Mapping[str, str], body: Any
    ) -> httpx.Response:
        """Ask again while the service is away; the key makes that safe."""
        sent = dict(headers)
        if who is not None:
            sent["Authorization"] = f"Bearer {self._accounts[who].token}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._stop.is_set():
            answer = self._once(method, path, sent, body)
            if answer is not None and answer.is_success:
                return answer
            if answer is not None and answer.status_code != SERVICE_UNAVAILABLE:
                raise SchemeRefused(f"{method} {path}: {answer.status_code}")
            if time.monotonic() > deadline:
                raise SchemeRefused(f"{method} {path}: no answer")
            self._stop.wait(PAUSE_SECONDS)
        raise RecordingStopped

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> httpx.Response | None:
        try:
            return self._client.request(method, path, headers=dict(headers), json=body)
        except httpx.TransportError:
            return None

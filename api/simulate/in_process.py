"""The HTTP API in this process, for simulated people: each with their own token, or from an address of their own."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from ipaddress import IPv6Address
from threading import Event
from typing import Self, TypeVar
from uuid import UUID

import httpx

from api.bootstrap import Parts
from api.enrolment import issue_token
from api.main import create_app
from api.simulate.line import (
    AWAY,
    Away,
    Call,
    NotNow,
    ServiceAway,
    SimulationStopped,
    required_now,
)
from api.simulate.people import Person
from domain.relationship import Relationship
from projections.catalogue import READ_MODELS
from projections.reader import NotYet, Reader

BASE = "http://simulated.invalid/api/v1"
WAIT_SECONDS = 120.0
MOST_TOKENS = 2_000
PAUSE_SECONDS = 0.25
MOST_TRIES = 480
"""Two minutes: a database that was killed is back by then, and a minute in which too many asked is over."""

ANY_PORT = 50_000
NO_HEADERS: Mapping[str, str] = {}

Answer = TypeVar("Answer")


class LineInProcess:
    """Use it as a context manager."""

    def __init__(self, parts: Parts, reader: Reader, stop: Event) -> None:
        self._parts = parts
        self._reader = reader
        self._stop = stop
        self._tokens: OrderedDict[UUID, str] = OrderedDict()
        self._runner = asyncio.Runner()
        self._app = create_app(parts, reader)
        self._caller = self._client("127.0.0.1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._caller.aclose())
        self._runner.close()

    def ask(self, who: Person, call: Call) -> httpx.Response:
        """What it answers to somebody it knows, once it can answer."""
        return self.patiently(lambda: self._asked(who, call))

    def ask_from_outside(self, address: UUID, call: Call) -> httpx.Response:
        """The same for somebody it does not know."""
        return self.patiently(lambda: self._runner.run(self._sent_from(address, call)))

    def outcome(self, command_id: UUID) -> UUID | None:
        """The record that a command was about, if it was carried out before."""
        earlier = self.patiently(lambda: self._parts.recorder.outcome(command_id))
        return None if earlier is None else UUID(str(earlier.subject))

    def mentor_proposed(self, relationship: UUID, proposal: UUID) -> UUID:
        """Whom a proposal named, as the log has it."""
        facts = self._parts.mentoring.events.get(relationship)
        proposed = (each for each in facts if isinstance(each, Relationship.MentorProposed))
        return next(each.mentor for each in proposed if each.proposal == proposal)

    def catch_up(self) -> None:
        """Wait until every read model shows everything recorded."""
        self.patiently(self._wait_for_read_models, (*AWAY, NotYet))

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

    def _wait_for_read_models(self) -> None:
        newest = self._parts.recorder.max_notification_id() or 0
        for model in READ_MODELS:
            self._reader.wait_for(model.name, newest, WAIT_SECONDS)

    def _asked(self, who: Person, call: Call) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self._token_of(who)}"}
        answer = self._runner.run(_sent(self._caller, call, bearer))
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            # Tokens last ninety days, and a simulation may last for years.
            del self._tokens[who.id]
            raise NotNow
        return answer

    async def _sent_from(self, address: UUID, call: Call) -> httpx.Response:
        async with self._client(str(IPv6Address(address.int))) as caller:
            return await _sent(caller, call, NO_HEADERS)

    def _client(self, address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self._app, client=(address, ANY_PORT))
        return httpx.AsyncClient(transport=transport, base_url=BASE, timeout=WAIT_SECONDS)

    def _token_of(self, who: Person) -> str:
        if who.id not in self._tokens:
            self._tokens[who.id] = issue_token(self._parts, who.id, who.role)
            if len(self._tokens) > MOST_TOKENS:
                self._tokens.popitem(last=False)
        self._tokens.move_to_end(who.id)
        return self._tokens[who.id]


async def _sent(caller: httpx.AsyncClient, call: Call, more: Mapping[str, str]) -> httpx.Response:
    headers = {**call.headers, **more}
    return required_now(
        await caller.request(call.method, call.path, json=call.body, headers=headers)
    )

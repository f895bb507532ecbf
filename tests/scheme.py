"""A scheme behind a running API, called in this process; its people carry sentinel names."""

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import SecretStr

from api.auth.tokens import Grant, Tokens
from api.bootstrap import (
    Parts,
    joined,
    local_key_files,
    local_key_service,
    prepare_database,
)
from api.event_log import EventLog
from api.main import assembled, furnish
from api.records.contact import Contact, seal_contact
from api.records.openings import Openings
from api.settings import Settings
from api.worker import work
from domain.access import Caller
from domain.commands.people import register_person
from domain.mentoring import Order
from domain.values import Act, Role
from projections.reader import Reader
from tests.databases import Database

with warnings.catch_warnings():
    # The test client would rather have a successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

API = "http://testserver/api/v1"
READ_AND_WRITE = frozenset({"read", "write"})
TOKEN_LASTS = timedelta(hours=1)

IDLE: list[FastAPI] = []
"""Applications that nobody uses now: to join hundreds of routes takes longer than most tests."""


def sentinel_name(role: Role) -> str:
    """A made-up name that occurs nowhere else, so that finding it anywhere is a leak."""
    return f"Zebediah {role.value.title()} Quillfeather-{uuid4().hex[:8]}"


@dataclass(frozen=True)
class Somebody:
    """A person of the scheme, with a client that speaks for them in one role."""

    id: UUID
    role: Role
    name: str
    token: str
    client: TestClient

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.client.post(path, json=json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.client.put(path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.client.delete(path, **options)


class Scheme:
    """Registers people and hands out clients."""

    def __init__(self, app: FastAPI, parts: Parts, client: TestClient) -> None:
        self.app = app
        self.parts = parts
        self.anybody = client
        self.tokens: Tokens = app.state.tokens
        self.openings: Openings = app.state.openings

    def person(self, *roles: Role, name: str | None = None) -> Somebody:
        """Register a person, recorded as any other, and let them call in the first of their roles."""
        person, called = uuid4(), name or sentinel_name(roles[0])
        order = Order(Act(person, self.now()), uuid4())
        contact = Contact(name=called, email=f"{person.hex}@example.org", telephone=None)
        sealed = seal_contact(self.openings, person, contact)
        register_person(self.parts.mentoring, order, id=person, contact=sealed, roles=roles)
        return self.speaking_for(person, roles[0], name=called)

    def speaking_for(
        self,
        person: UUID,
        role: Role,
        *,
        name: str = "",
        scopes: frozenset[str] = READ_AND_WRITE,
        lasts: timedelta = TOKEN_LASTS,
    ) -> Somebody:
        """A caller with a token of their own."""
        expires_at = self.now() + lasts
        grant = Grant(Caller(person, role), scopes)
        token = self.tokens.issue(grant, expires_at=expires_at)
        return Somebody(person, role, name, token, self.client(token))

    def as_before(self, person: Somebody) -> Somebody:
        """The same caller with a client of their own, as another tab would be."""
        return replace(person, client=self.client(person.token))

    def now(self) -> datetime:
        """The time by the clock of the API."""
        return self.parts.clock()

    def client(self, token: str | None = None) -> TestClient:
        """A client with its own cookies, and with a bearer token if one is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = TestClient(self.app, base_url=API, headers=headers)
        client.portal = self.anybody.portal
        return client

    def event_count(self) -> int:
        """How many events are recorded."""
        with self.parts.pool.connection() as connection:
            row = connection.execute("SELECT count(*) FROM record.event").fetchone()
        assert row is not None
        return int(row[0])


def api_settings(database: Database, folder: Path) -> Settings:
    """Settings of an API whose database has its branch keys, in files of the test's own."""
    files = local_key_files(folder / "keys")
    prepare_database(database.owner_url, local_key_service(files))
    return Settings(
        database_url=SecretStr(database.api_url),
        key_files=files,
        public_url="http://testserver",
        pool_size=8,
    )


@contextmanager
def scheme_on(database: Database, folder: Path) -> Iterator[Scheme]:
    """A scheme without people, behind an API that runs on this database; its reader stays closed."""
    with (
        joined(api_settings(database, folder)) as parts,
        running_scheme(parts, Reader(database.reader_url)) as running,
    ):
        yield running


@contextmanager
def reading_scheme_on(database: Database, folder: Path) -> Iterator[Scheme]:
    """The same with an open reader, and a worker that keeps its read models up to date."""
    with scheme_on(database, folder) as scheme, scheme.app.state.reader, working(scheme, database):
        yield scheme


@contextmanager
def running_scheme(parts: Parts, reader: Reader) -> Iterator[Scheme]:
    """Run the application over these parts, in this process."""
    with borrowed_app(parts, reader) as app, TestClient(app, base_url=API) as client:
        yield Scheme(app, parts, client)


@contextmanager
def borrowed_app(parts: Parts, reader: Reader) -> Iterator[FastAPI]:
    """An application furnished anew; one that got more routes meanwhile is not lent again."""
    app = IDLE.pop() if IDLE else assembled()
    routes = len(app.routes)
    furnish(app, parts, reader)
    yield app
    if len(app.routes) == routes:
        IDLE.append(app)


@contextmanager
def working(scheme: Scheme, database: Database) -> Iterator[None]:
    """Keep read models up to date meanwhile, as the worker's process does."""
    stop, log = Event(), EventLog(scheme.parts.recorder, scheme.parts.mapper)
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(work, database.worker_url, log, stop)
        try:
            yield
        finally:
            stop.set()
            ended.result()

"""Bad input of every kind: refused with a problem document that repeats none of it, in logs neither."""

import json
import logging
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import structlog
from fastapi import APIRouter
from pydantic import BaseModel, TypeAdapter

from api import middleware
from api.auth.callers import Public
from api.embedded_postgres import EmbeddedPostgres
from api.logs import set_up_logs
from api.middleware import LARGEST_BODY
from domain.values import Role
from tests.databases import fresh_database
from tests.scheme import Scheme, Somebody, scheme_on
from tests.surface import surface_of

HOOKS = ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"))
SOMEBODY = UUID("00000000-0000-4000-8000-000000000001")
SENTINEL = "Quetzal-Plimsoll-77"
PERSON = {"name": SENTINEL, "email": f"{SENTINEL}@example.org", "roles": ["mentee"]}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the service writes to its log, and what any library would write beside it."""
    stream, root = StringIO(), logging.getLogger()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(middleware, "log", structlog.get_logger())
    for owner, hook in HOOKS:
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    set_up_logs("serve")
    root.addHandler(logging.StreamHandler(stream))
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def coordinator(shared_scheme: Scheme) -> Somebody:
    return shared_scheme.person(Role.COORDINATOR)


def refused(answer: Any, status: int, log: StringIO) -> Any:
    """The problem document of a refusal that shows nothing of what was sent."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert SENTINEL not in answer.text + str(answer.headers)
    assert '"event": "request"' in log.getvalue()
    assert SENTINEL not in log.getvalue()
    problem = answer.json()
    assert problem["status"] == status
    assert {"type", "title", "detail"} <= problem.keys()
    return problem


BODIES: dict[str, Any] = {
    "an unknown field": PERSON | {SENTINEL: SENTINEL},
    "a wrong type": PERSON | {"name": {SENTINEL: SENTINEL}},
    "a list for a text": PERSON | {"name": [SENTINEL]},
    "a number for a text": PERSON | {"name": 7},
    "nothing where something is needed": {"name": SENTINEL},
    "an unknown role": PERSON | {"roles": [SENTINEL]},
    "a form that is none": PERSON | {"email": f"{SENTINEL} has no mail"},
    "a telephone of letters": PERSON | {"telephone": SENTINEL},
    "too many characters": PERSON | {"name": SENTINEL * 20},
    "U+0000": PERSON | {"name": f"{SENTINEL}\0"},
    "only spaces": PERSON | {"name": "   "},
    "a list for a body": [PERSON],
    "a text for a body": SENTINEL,
    "null for a body": None,
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_bad_body_is_refused_in_silence(
    shared_scheme: Scheme, coordinator: Somebody, log: StringIO, kind: str
) -> None:
    before = shared_scheme.event_count()

    body = json.dumps(BODIES[kind])
    answer = coordinator.client.post(
        "/people", content=body, headers={"Content-Type": "application/json"}
    )

    assert refused(answer, 422, log)["fields"]
    assert shared_scheme.event_count() == before


RAW = {
    "no JSON": f'{{"name": {SENTINEL}'.encode(),
    "half a body": f'{{"name": "{SENTINEL}'.encode(),
    "a lone surrogate": f'{{"name": "{SENTINEL}\\ud800", "email": "a@b.example"}}'.encode(),
    "bytes that are no UTF-8": b'{"name": "\xff\xfe' + SENTINEL.encode() + b'"}',
    "a NaN": f'{{"name": "{SENTINEL}", "email": NaN}}'.encode(),
    "a key twice, then rubbish": f'{{"name": "a", "name": "{SENTINEL}"}} {SENTINEL}'.encode(),
    "a million brackets": b"[" * 100_000,
    "an endless number": b'{"name": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("kind", RAW)
def test_what_is_no_json_is_refused_in_silence(
    shared_scheme: Scheme, coordinator: Somebody, log: StringIO, kind: str
) -> None:
    before = shared_scheme.event_count()

    answer = coordinator.client.post(
        "/people", content=RAW[kind], headers={"Content-Type": "application/json"}
    )

    refused(answer, answer.status_code, log)
    assert answer.status_code in {400, 422}
    assert shared_scheme.event_count() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", SENTINEL, ""]
)
def test_another_content_type_is_refused(coordinator: Somebody, log: StringIO, kind: str) -> None:
    answer = coordinator.client.post(
        "/people", content=json.dumps(PERSON), headers={"Content-Type": kind}
    )

    refused(answer, 422, log)


def test_a_huge_body_is_refused_however_it_comes(coordinator: Somebody, log: StringIO) -> None:
    part = SENTINEL.encode() * 1000
    parts = [part] * (LARGEST_BODY // len(part) + 1)

    at_once = coordinator.client.post("/people", content=b"".join(parts))
    in_parts = coordinator.client.post("/people", content=iter(parts))

    for answer in (at_once, in_parts):
        assert refused(answer, 413, log)["type"] == "urn:vouchsafe:problem:body-too-large"


@pytest.mark.parametrize("id", [SENTINEL, "%00", "..%2f..%2fetc", "0" * 5000, "null", "%F0%9F%A6"])
def test_what_is_no_id_is_refused(coordinator: Somebody, log: StringIO, id: str) -> None:
    answer = coordinator.client.get(f"/places/{id}")

    assert answer.status_code in {404, 422}
    refused(answer, answer.status_code, log)


@pytest.mark.parametrize(
    "path",
    [
        f"/me/access-records?cursor={SENTINEL}",
        f"/me/access-records?limit={SENTINEL}",
        "/me/access-records?limit=0",
        "/me/access-records?cursor=99999999999999999999",
        f"/me/access-records?{SENTINEL}={SENTINEL}",
        f"/people/{SOMEBODY}/roles/{SENTINEL}",
    ],
)
def test_a_bad_query_is_refused(coordinator: Somebody, log: StringIO, path: str) -> None:
    method = "DELETE" if "roles" in path else "GET"

    assert refused(coordinator.client.request(method, path), 422, log)["fields"]


@pytest.mark.parametrize("header", ["Idempotency-Key", "If-Match"])
def test_a_bad_header_is_refused(coordinator: Somebody, log: StringIO, header: str) -> None:
    wrong = {header: SENTINEL * 20}

    answer = coordinator.post("/people", PERSON, headers=wrong)

    assert refused(answer, 422, log)["fields"][0]["field"].startswith("header.")


def test_an_unknown_address_is_not_repeated(coordinator: Somebody, log: StringIO) -> None:
    refused(coordinator.client.get(f"/{SENTINEL}"), 404, log)


def test_a_method_that_is_not_offered_is_refused(coordinator: Somebody, log: StringIO) -> None:
    answer = coordinator.client.request("PATCH", "/people", json=PERSON)

    refused(answer, 405, log)
    assert answer.headers["allow"] == "POST"


class Planted(BaseModel):
    """A shape that the planted answer does not fit."""

    number: int


@pytest.fixture(scope="module")
def failing(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    """A scheme whose API has routes that fail in the ways that quote their input most readily."""
    folder = tmp_path_factory.mktemp("failing")
    with fresh_database(postgres, template) as database, scheme_on(database, folder) as scheme:
        plant(scheme)
        yield scheme


def plant(scheme: Scheme) -> None:
    router = APIRouter(prefix="/api/v1/planted", dependencies=[Public])

    def fail(kind: str) -> Any:
        if kind == "driver":
            with scheme.parts.pool.connection() as connection:
                connection.execute("SELECT %s::integer", [SENTINEL])
        if kind == "closed":
            raise psycopg.OperationalError(SENTINEL)
        if kind == "pydantic":
            TypeAdapter(int).validate_python(SENTINEL)
        if kind == "answer":
            return {"number": SENTINEL}
        if kind == "key":
            return {}[SENTINEL]
        raise RuntimeError(SENTINEL)

    router.get("/{kind}", response_model=Planted)(fail)
    scheme.app.include_router(router)


@pytest.mark.parametrize("kind", ["driver", "pydantic", "answer", "key", "any"])
def test_what_nobody_foresaw_shows_nothing(failing: Scheme, log: StringIO, kind: str) -> None:
    answer = failing.client().get(f"/planted/{kind}")

    assert refused(answer, 500, log)["type"] == "urn:vouchsafe:problem:our-fault"
    assert '"event": "fault"' in log.getvalue()
    assert "Traceback" not in log.getvalue()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] in log.getvalue()


def test_a_database_that_is_away_is_not_our_callers_fault(failing: Scheme, log: StringIO) -> None:
    answer = failing.client().get("/planted/closed")

    assert refused(answer, 503, log)["type"] == "urn:vouchsafe:problem:database-away"
    assert answer.headers["retry-after"]


def test_the_log_of_a_request_names_its_route_and_nothing_it_carried(
    shared_scheme: Scheme, coordinator: Somebody, log: StringIO
) -> None:
    mentee = shared_scheme.person(Role.MENTEE, name=SENTINEL)

    coordinator.get(f"/people/{mentee.id}/contact")

    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["route"].endswith("/people/{id}/contact")
    assert str(mentee.id) not in log.getvalue()
    assert coordinator.token not in log.getvalue()


def test_no_route_takes_text_with_u_0000(shared_scheme: Scheme) -> None:
    """Every text of every body, tried by somebody who may send it."""
    texts = [
        (surface, field)
        for surface in surface_of(shared_scheme.app)
        for field, value in (surface.body or {}).items()
        if isinstance(value, str) and surface.rule.roles
    ]
    callers = {role: shared_scheme.person(role) for role in Role}
    ids: dict[str, Any] = defaultdict(uuid4, purpose="take_part")
    before = shared_scheme.event_count()

    for surface, field in texts:
        bad = replace(surface, body={**(surface.body or {}), field: f"{SENTINEL}\0"})
        answer = bad.call(callers[min(surface.rule.roles[0])], ids)
        assert (surface.name, field, answer.status_code) == (surface.name, field, 422)
        assert SENTINEL not in answer.text

    assert texts
    assert shared_scheme.event_count() == before

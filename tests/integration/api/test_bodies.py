"""A body that is cut short is carried out by no route, on a real server and a real socket."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from starlette.types import Message, Receive, Scope, Send

from api import middleware, prompt_protocol
from api.auth.tokens import csrf_token
from api.embedded_postgres.processes import wait_until
from api.middleware import LimitedBody
from tests.match import propose, publish_notices
from tests.scheme import Scheme
from tests.serving import PATIENCE_SECONDS, connected, served

TYPE = "application/x-www-form-urlencoded"


def test_a_form_cut_short_by_a_closed_connection_records_nothing(scheme: Scheme) -> None:
    publish_notices(scheme)
    made = propose(scheme)
    session = scheme.tokens.begin_session(made.mentee.token, scheme.now())
    fields = f"csrf={csrf_token(session)}&key=abcdefgh12345&proposal={made.proposal}&version=1"
    whole = f"{fields}&reason=conflict"
    path, cookie = f"/my-mentoring/{made.relationship}/refusal", f"vouchsafe_session={session}"
    before = scheme.event_count()

    with served(scheme.app) as server:
        with closing(connected(server)) as line:
            line.sendall(request(path, TYPE, cookie, announced=len(whole), sent=fields))
            assert wait_until(lambda: len(server.server_state.tasks) == 1, PATIENCE_SECONDS)
        assert wait_until(lambda: not server.server_state.tasks, PATIENCE_SECONDS)
        assert scheme.event_count() == before
        with closing(connected(server)) as line:
            line.sendall(request(path, TYPE, cookie, announced=len(whole), sent=whole))
            assert line.recv(4096).startswith(b"HTTP/1.1 303")
    assert scheme.event_count() > before


def test_a_body_that_does_not_arrive_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.05)
    reached: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope["type"])

    with served(LimitedBody(inner)) as server, closing(connected(server)) as line:
        line.sendall(request("/", TYPE, "", announced=10, sent="12345"))
        assert line.recv(4096).startswith(b"HTTP/1.1 408")
    assert "http" not in reached


def test_a_head_that_trickles_in_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_protocol, "HEAD_SECONDS", 0.1)

    async def inner(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """Nothing to begin and nothing to end."""

    with served(inner) as server, closing(connected(server)) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        assert line.recv(4096) == b""


@pytest.mark.parametrize("before", [0, 1, 3])
def test_what_came_before_the_caller_hung_up_is_no_body(before: int) -> None:
    parts: list[Message] = [
        {"type": "http.request", "body": b"a=1&", "more_body": True} for _ in range(before)
    ]
    messages = iter([*parts, {"type": "http.disconnect"}])
    done: list[object] = []

    async def receive() -> Message:
        return next(messages)

    async def note(*given: object) -> None:
        done.append(given)

    async def carry_out() -> None:
        await LimitedBody(note)({"type": "http"}, receive, note)

    # In a thread of its own: a browser that another test drives keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(carry_out())).result()
    assert done == []


def request(path: str, content_type: str, cookie: str, *, announced: int, sent: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: testserver\r\nContent-Type: {content_type}\r\n"
    return f"{head}Cookie: {cookie}\r\nContent-Length: {announced}\r\n\r\n{sent}".encode()

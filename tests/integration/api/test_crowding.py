"""Who would only wait is sent away at once, over a real socket, and the service still says that it lives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Event

import httpx
import pytest
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import crowding, prompt_protocol
from api.crowding import LimitedCrowd
from api.embedded_postgres.processes import wait_until
from domain.values import Role
from tests.scheme import Scheme
from tests.serving import PATIENCE_SECONDS, connected, served

THREADS = 40
ASK = b"GET /api/v1/health/live HTTP/1.1\r\nHost: testserver\r\n\r\n"


class SlowService:
    """Every request takes a thread until it is let go on."""

    def __init__(self) -> None:
        self.inside = 0
        self.may_go_on = Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.inside += 1
            await to_thread.run_sync(self.may_go_on.wait)
            await Response("done")(scope, receive, send)


@pytest.fixture
def slow() -> Iterator[SlowService]:
    made = SlowService()
    yield made
    made.may_go_on.set()


def test_while_enough_wait_for_a_thread_the_next_is_sent_away(
    slow: SlowService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "MOST_WAITING", 2)
    with served(LimitedCrowd(slow)) as server, ThreadPoolExecutor(THREADS + 2) as pool:
        url = f"http://127.0.0.1:{server.config.port}/anything"
        let_in = [pool.submit(httpx.get, url, timeout=60) for _ in range(THREADS + 2)]
        try:
            assert wait_until(lambda: slow.inside == THREADS + 2, PATIENCE_SECONDS)
            refused(httpx.get(url, timeout=60), "too-many-requests")
        finally:
            slow.may_go_on.set()
        assert {each.result().text for each in let_in} == {"done"}
        assert httpx.get(url, timeout=60).text == "done"


def test_the_service_says_that_it_lives_while_no_thread_is_free(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "MOST_WAITING", 0)
    mentee = scheme.person(Role.MENTEE)
    refused(mentee.get("/my-mentoring"), "too-many-requests")
    assert scheme.anybody.get("/health/live").status_code == 200


def test_a_connection_too_many_is_told_so_and_closed(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_protocol, "MOST_CONNECTIONS", 3)
    with served(scheme.app) as server, ExitStack() as open_lines:
        live = f"http://127.0.0.1:{server.config.port}/api/v1/health/live"
        clients = [open_lines.enter_context(httpx.Client()) for _ in range(3)]
        assert [client.get(live).status_code for client in clients] == [200, 200, 200]
        with closing(connected(server)) as one_more:
            one_more.sendall(ASK)
            said = b"".join(iter(lambda: one_more.recv(4096), b""))
        assert said.startswith(b"HTTP/1.1 503")
        assert b"too-many-connections" in said
        assert b"retry-after" in said.lower()
        assert clients[0].get(live).status_code == 200


def refused(answer: httpx.Response, kind: str) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    assert answer.json()["type"] == f"urn:vouchsafe:problem:{kind}"

"""Clients of a running service that keep every response, with whoever received it."""

import re
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.auth.callers import SESSION_COOKIE
from tests.leaks.searching import Hit, Searcher
from tests.leaks.sentinels import Sentinel, Sentinels
from tests.papers import words_of

NOBODY = "somebody who is not signed in"
PATIENCE_SECONDS = 60.0
LISTEN_SECONDS = 3.0
"""What is told at once is told within this; the next heartbeat comes much later."""
CERTIFICATES = ssl.create_default_context()
"""Read once: reading them takes longer than most requests."""
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


WHOLE_RECORD = {"GET /api/v1/me/record", "GET /my-record/bag"}
"""Shows somebody all that they said, by whatever route they said it."""
PAPER = b"%PDF-"
LINK = "video link of "
GIVEN = (
    "name of",
    "mail address of",
    "telephone number of",
    "reasons for",
    "answer to the concern of",
    "gist of the suggestion of",
    "answer to the suggestion of",
    "refusal to",
)


@dataclass(frozen=True)
class Exchange:
    """One response: who received it from which route, all of its bytes, and the body of what they had sent."""

    who: str
    route: str
    status: int
    content: bytes
    sent: bytes = b""

    @property
    def place(self) -> str:
        return f"{self.status} of {self.route} to {self.who}"


@dataclass
class Recorder:
    """Makes the clients and keeps what they hear."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)
    sessions: list[tuple[str, str]] = field(default_factory=list)
    _clients: list[httpx.Client] = field(default_factory=list)

    def close(self) -> None:
        """Let go of every connection."""
        for client in self._clients:
            client.close()

    def client(self, who: str, token: str | None = None) -> httpx.Client:
        """A client that speaks for somebody below the API's prefix."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._client(who, f"{self.url}/api/v1", headers)

    def browser(self, who: str, token: str | None = None) -> httpx.Client:
        """A client of pages with cookies of its own, signed in if a token is given."""
        client = self._client(who, self.url, {"Accept": "text/html"})
        if token:
            client.post("/api/v1/session", json={"token": token}).raise_for_status()
            self.sessions.append((who, client.cookies[SESSION_COOKIE]))
        return client

    def listen(self, who: str, token: str | None, path: str) -> None:
        """Keep what a stream tells at once, or how it is refused; a stream has no end to wait for."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx.stream(
            "GET", self.url + path, headers=headers, timeout=LISTEN_SECONDS
        ) as answer:
            told = b"\n".join(name + b": " + value for name, value in answer.headers.raw)
            with suppress(httpx.ReadTimeout):
                for part in answer.iter_raw():
                    told += b"\n" + part
                    if b"\nid: " in part:
                        break
            self.hear(who, route_of(answer.request), answer.status_code, told)

    def hear(self, who: str, route: str, status: int, content: bytes, sent: bytes = b"") -> None:
        """Keep what somebody received by another way."""
        self.exchanges.append(Exchange(who, route, status, content, sent))

    def _client(self, who: str, url: str, headers: dict[str, str]) -> httpx.Client:
        def keep(response: httpx.Response) -> None:
            content, sent = bytes_of(response), response.request.read()
            self.hear(who, route_of(response.request), response.status_code, content, sent)

        hooks: dict[str, list[Any]] = {"response": [keep]}
        client = httpx.Client(
            base_url=url,
            headers=headers,
            event_hooks=hooks,
            timeout=PATIENCE_SECONDS,
            verify=CERTIFICATES,
        )
        self._clients.append(client)
        return client


def route_of(request: httpx.Request) -> str:
    """The route as this test names it: a caller names a request whose address is a secret."""
    if "route" in request.extensions:
        return str(request.extensions["route"])
    path = AN_ID.sub("{id}", request.url.path)
    return f"{request.method} {path}"


def bytes_of(response: httpx.Response) -> bytes:
    """Its headers and its body, with the words of a paper; the cookie that signs its receiver in is theirs to have."""
    kept = [
        name + b": " + value
        for name, value in response.headers.raw
        if not (name.lower() == b"set-cookie" and response.request.url.path.endswith("/session"))
    ]
    body = response.read()
    return b"\n".join([*kept, b"", body, *([words_of(body)] if body.startswith(PAPER) else [])])


def shown_to_others(
    exchanges: Iterable[Exchange], searcher: Searcher, sentinels: Sentinels
) -> set[Hit]:
    """Every sentinel that a response brought to somebody, or by a route, it is not for."""
    known, heard = {each.name: each for each in sentinels.all}, list(exchanges)
    own = _own_words(heard, searcher)
    return {
        hit
        for exchange in heard
        for hit in searcher.search(exchange.place, exchange.content)
        if hit.name not in known
        or exchange.status >= httpx.codes.BAD_REQUEST
        or not _may_be_shown(known[hit.name], exchange, own)
    }


def _may_be_shown(sentinel: Sentinel, exchange: Exchange, own: set[tuple[str, str]]) -> bool:
    if exchange.route in WHOLE_RECORD:
        return (exchange.who, sentinel.name) in own or is_given_to(sentinel, exchange.who)
    return sentinel.may_be_shown(exchange.who, exchange.route)


def is_given_to(sentinel: Sentinel, who: str) -> bool:
    """Whether others gave it to somebody for themselves: it stands in their own record too."""
    is_link = sentinel.name.startswith(LINK) and who in {person for person, _ in sentinel.shown}
    return is_link or sentinel.name.startswith(tuple(f"{each} {who}" for each in GIVEN))


def _own_words(exchanges: Iterable[Exchange], searcher: Searcher) -> set[tuple[str, str]]:
    """What each person sent themselves."""
    return {
        (each.who, hit.name) for each in exchanges for hit in searcher.search("sent", each.sent)
    }


def shown_as_meant(
    exchanges: Iterable[Exchange], searcher: Searcher, sentinels: Sentinels
) -> set[tuple[str, str, str]]:
    """Every sentinel that came, by its route, to whom it is for: name, receiver and route."""
    known = {each.name: each for each in sentinels.all}
    return {
        (hit.name, exchange.who, exchange.route)
        for exchange in exchanges
        if exchange.status < httpx.codes.BAD_REQUEST
        for hit in searcher.search(exchange.place, exchange.content)
        if hit.name in known and (exchange.who, exchange.route) in known[hit.name].shown
    }

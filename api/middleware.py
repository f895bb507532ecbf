"""What happens to every request: an id, a limit to its size, safe headers, and one log line."""

import asyncio
import time
from collections.abc import Awaitable
from uuid import uuid4

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.crowding import LimitedCrowd
from api.errors import our_fault, problem

LARGEST_BODY = 512 * 1024
BODY_SECONDS = 30.0
"""The largest body takes a slow line a few seconds; whoever sends it byte by byte is cut off."""

TOO_LARGE = "The request is larger than this service accepts."
TOO_SLOW = "The request took too long to arrive; nothing was recorded."
HUNG_UP = 499
"""What the log shows for a caller who was gone before there was an answer."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
NOT_STORED = b"no-store"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


def add_middleware(app: FastAPI) -> None:
    """Wrap the application; the last added sees a request first."""
    app.add_middleware(LimitedCrowd)
    app.add_middleware(LimitedBody)
    app.add_middleware(AnsweredFault)
    app.add_middleware(SafeHeaders)
    app.add_middleware(LoggedRequest)


class LimitedBody:
    """Hands a body on whole or not at all: it may be cut short, larger than anything accepted, or slow."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what arrives; stop reading at the limit, and when there is nobody left to answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(_whole_body(receive), BODY_SECONDS)
        except _HungUp:
            return
        except _TooLarge:
            refused = problem(413, "body-too-large", TOO_LARGE)
            await refused(scope, receive, send)
        except TimeoutError:
            refused = problem(408, "body-too-slow", TOO_SLOW)
            await refused(scope, receive, send)
        else:
            await self._app(scope, _replayed(body, receive), send)


class _HungUp(Exception):
    """The caller is gone, and the end of the body with them."""


class _TooLarge(Exception):
    """The body is larger than anything this service accepts."""


class AnswerCutShort(Exception):
    """An answer broke off after it had begun."""


class AnsweredFault:
    """Answers what nobody foresaw, and logs its kind; its text may quote anything, so it ends here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let no exception out to the server, which would write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        fault = await _fault_of(self._app(scope, receive, send_noting))
        if fault is None:
            return
        log.error("fault", error=fault)
        if begun:
            raise AnswerCutShort
        await our_fault()(scope, receive, send)


class SafeHeaders:
    """Sets the headers that keep a page's contents and its origin to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what a route has not set itself."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_defaults(message["headers"])
            await send(message)

        await self._app(scope, receive, send_safely)


class LoggedRequest:
    """Writes one line a request: its route as declared, never its address, and how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Time the request, give it an id, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, request_id, status = time.perf_counter(), uuid4().hex, HUNG_UP

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_noting)
            finally:
                log.info(
                    "request",
                    method=_known_method(scope["method"]),
                    route=getattr(scope.get("route"), "path", "-"),
                    status=status,
                    milliseconds=round(1000 * (time.perf_counter() - started), 1),
                )


def _known_method(method: str) -> str:
    """The method for the log; HTTP lets a caller make one up, and then it is what they wrote."""
    return method if method in METHODS else "-"


async def _fault_of(running: Awaitable[None]) -> str | None:
    """The name of the error in which this ends; the error itself stays here."""
    try:
        await running
    except Exception as error:  # noqa: BLE001 - the edge is where all the rest arrives
        return type(error).__name__
    return None


async def _whole_body(receive: Receive) -> bytes:
    """The body; what arrived before the caller hung up is none, though it may read like one."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _HungUp
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            raise _TooLarge
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Hand the body on once, then whatever the server says next."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_defaults(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    added = [(name, value) for name, value in HEADERS.items() if name not in present]
    if b"cache-control" not in present:
        added.append((b"cache-control", NOT_STORED))
    return [*headers, *added]

"""HTTP for callers who come to the point: a connection without a whole request in time is closed.

One connection more than can be served is told so.
"""

import asyncio
from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.crowding import too_many_connections

HEAD_SECONDS = 10.0
"""From the first byte of a request to the end of its head; no line that works at all needs longer."""


MOST_CONNECTIONS = 200
"""With the largest body each, this is 100 MB, and a fifth of the files a process may have open."""


class PromptProtocol(H11Protocol):
    """The server has no such limit of its own, and connections are few enough to be used up."""

    _cut: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the server's own has it
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self.app = too_many_connections
        self._await_request()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._await_request()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._come_to_the_point()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        """Bytes that trickle in do not begin the time anew; a request under way ends it."""
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._come_to_the_point()
        elif self._cut is None:
            self._cut = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _come_to_the_point(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None

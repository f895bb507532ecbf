"""Sends away at once whoever would only wait: requests that need a thread while many wait for one, and connections too many.

A slow database holds every thread that answers requests. Whoever comes then would wait for those who
wait for it, and nobody knows how long.
"""

import structlog
from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem

MOST_WAITING = 40
"""As many as there are threads: whoever is let in waits for one turn of them, not for several."""

NEEDS_NO_THREAD = "/api/v1/health/live"
TOO_MANY_REQUESTS = "More is asked of this service than it can answer now; nothing was recorded. Try again in a moment."
TOO_MANY_CONNECTIONS = "More connections are open than this service can serve; nothing was recorded. Try again in a moment."

log = structlog.get_logger()


class LimitedCrowd:
    """Lets in as many as can be answered before long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say at once that it is too much."""
        if scope["type"] == "http" and scope["path"] != NEEDS_NO_THREAD and _is_crowded():
            refused = problem(503, "too-many-requests", TOO_MANY_REQUESTS)
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def too_many_connections(scope: Scope, receive: Receive, send: Send) -> None:
    """What a connection too many is told before it is closed."""
    log.warning("too many connections")
    refused = problem(503, "too-many-connections", TOO_MANY_CONNECTIONS)
    refused.headers["Connection"] = "close"
    await refused(scope, receive, send)


def _is_crowded() -> bool:
    return to_thread.current_default_thread_limiter().statistics().tasks_waiting >= MOST_WAITING

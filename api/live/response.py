"""A stream as an answer: it leaves the list however it ends, and a reader who does not read is cut off."""

import asyncio
from collections.abc import Callable

from fastapi.sse import EventSourceResponse
from starlette.types import Message, Receive, Scope, Send
from typing_extensions import override

from api.live.stream import Stream

SEND_SECONDS = 30.0
"""A few bytes that have not gone out after this never will."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class StreamAnswer(EventSourceResponse):
    """Server-sent events as the framework writes them, but kept nowhere."""

    def __init__(self, stream: Stream, lasts_seconds: float, leave: Callable[[], None]) -> None:
        super().__init__(stream.lines(lasts_seconds), headers=HEADERS)
        self._leave = leave

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            self._leave()

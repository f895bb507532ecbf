"""One open stream: it carries positions and nothing else, and only those of what its person may see."""

import asyncio
from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from time import monotonic
from uuid import UUID

from fastapi.sse import format_sse_event

from projections.reader import Changes

HEARTBEAT_SECONDS = 15.0
"""Shorter than what proxies take for silence; a line to nobody is how a lost one is noticed."""

OPENED = format_sse_event(comment="open")
HEARTBEAT = format_sse_event(comment="still here")


class TooManyOfOnePerson(Exception):
    """As many of your pages update live as may; close some, or try again later."""


class TooManyStreams(Exception):
    """As many pages update live as this process can serve; yours works without, or try again later."""


class Told(StrEnum):
    """What a stream tells: something changed, or whoever opened it is signed in no more."""

    CHANGED = "changed"
    SIGNED_OUT = "signed-out"


class Stream:
    """Remembers one position, however much happens and however slowly its reader reads.

    It is made on the event loop that sends it; every method but `lines` may be called on any thread.
    """

    def __init__(
        self, person: UUID, changes: Changes, *, after: int, is_live: Callable[[], bool]
    ) -> None:
        self.person = person
        self.changes = changes
        self.is_live = is_live
        self._told = after
        self._has_unsent = False
        self._over: Told | None = None
        self._is_over = False
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()

    def has_news(self, newest: int) -> bool:
        """Whether its reader has not heard of a change yet; a position beyond it is taken back."""
        self._told = min(self._told, newest)
        return newest > self._told

    def tell(self, position: int) -> None:
        """Say that something changed, up to a position."""
        self._told = position
        self._has_unsent = True
        self._wake()

    def sign_out(self) -> None:
        """End, and say why."""
        self._over = Told.SIGNED_OUT
        self.end()

    def end(self) -> None:
        """End; its reader may open another."""
        self._is_over = True
        self._wake()

    async def lines(self, lasts_seconds: float) -> AsyncIterator[bytes]:
        """What is sent, until the stream is over or its time is."""
        until = monotonic() + lasts_seconds
        yield OPENED
        while not self._is_over and (left := until - monotonic()) > 0:
            if not await self._is_woken(min(left, HEARTBEAT_SECONDS)):
                yield HEARTBEAT
            elif self._has_unsent and not self._is_over:
                self._has_unsent = False
                yield _changed(self._told)
        if self._over is not None:
            yield format_sse_event(event=self._over, data_str="null")

    async def _is_woken(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._woken.set)
        except RuntimeError:
            # The loop is closed, and whoever listened is gone with it.
            self._is_over = True


def _changed(position: int) -> bytes:
    return format_sse_event(event=Told.CHANGED, data_str=str(position), id=str(position))

"""Somebody who listens to a stream of changes over a real connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

PATIENCE_SECONDS = 60.0


class Listener:
    """Hands on what a stream tells, event by event; comments are passed over."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()
        self.raw = ""

    def next(self) -> dict[str, str] | None:
        """The next event by its fields; None at the end of the stream."""
        event: dict[str, str] = {}
        for line in self._lines:
            self.raw += f"{line}\n"
            if not line and event:
                return event
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                event[name] = value
        return None

    def changed(self) -> int:
        """The position of the next event, which must be a change."""
        event = self.next()
        assert event is not None
        assert event["event"] == "changed"
        assert event["id"] == event["data"]
        return int(event["data"])

    def is_over(self) -> bool:
        """Wait for the end, whatever is told before."""
        while self.next() is not None:
            pass
        return True


@contextmanager
def listening(url: str, path: str, token: str | None = None, **options: Any) -> Iterator[Listener]:
    """Open a stream by bearer token, or with a cookie among the options."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= options.pop("headers", {})
    timeout = httpx.Timeout(PATIENCE_SECONDS)
    with (
        httpx.Client(base_url=f"{url}/api/v1", timeout=timeout, **options) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        # A listener that nobody keeps is closed, and the stream with it.
        listener = Listener(answer)
        yield listener

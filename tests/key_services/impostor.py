"""An HTTP server that is anything but a key service: it answers whatever a test tells it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


class Impostor:
    """Answers the same to everything, or nothing at all while it is silent."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] = 200, b"{}"
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: dict[str, Any] = {}
        self.silent = False
        self.released = Event()
        self._http = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("ImpostorHandler", (Handler,), {"impostor": self})
        )
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), name="impostor")
        self._thread.start()

    def says(self, status: int, content: Any, *, to: str | None = None) -> None:
        """Answer so to all operations of KMS, or to one."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        if to is None:
            self.answer = status, body
        else:
            self.answers[to] = status, body

    def forget(self) -> None:
        """Be as it was at first."""
        self.answer, self.answers, self.silent = (200, b"{}"), {}, False
        self.asked = {}

    def stop(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """Reads a request, notes it, and looks at its operation alone."""

    impostor: Impostor

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.impostor.silent:
            self.impostor.released.wait(60)
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        self.impostor.asked[operation] = json.loads(asked or b"{}")
        status, body = self.impostor.answers.get(operation, self.impostor.answer)
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing."""


@contextmanager
def impostor() -> Iterator[Impostor]:
    running = Impostor()
    try:
        yield running
    finally:
        running.stop()

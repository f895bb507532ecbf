"""The process that serves the API and the pages."""

import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from api.bootstrap import joined
from api.exposure import is_exposed
from api.logs import set_up_logs
from api.main import create_app
from api.prompt_protocol import PromptProtocol
from api.settings import ReadingSettings
from projections.reader import Reader

GRACE_SECONDS = 5
KEEP_ALIVE_SECONDS = 5
LARGEST_HEAD = 16 * 1024
"""Our own addresses, cookie and headers are far shorter; what is half read is kept in memory."""

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """uvicorn raises a caught signal again once it has stopped, which would skip our own ending.

    It also waits for answers under way, and one that lasts has to be told that it is over.
    """

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: object) -> None:
            self.should_exit = True

        before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(settings: ReadingSettings) -> None:
    """Serve until a signal says stop; requests under way are finished."""
    set_up_logs("api", settings.log_file)
    if is_exposed(settings.host, settings.public_url):
        log.warning("exposed without tls", port=settings.port)
    with joined(settings) as parts, Reader(settings.reader_url.get_secret_value()) as reader:
        app = create_app(parts, reader)
        config = config_of(app, settings.host, settings.port)
        # What is there now stays: a full collection that went over it would hold up every request.
        gc.freeze()
        _Server(config, app.state.streams.end_all).run()


def config_of(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """How the application is served: without logs or headers of the server's own, and with limits."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PromptProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )

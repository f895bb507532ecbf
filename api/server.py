"""The process that serves the API and the pages."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api.bootstrap import joined
from api.logs import set_up_logs
from api.main import create_app
from api.settings import Settings
from projections.reader import Reader

GRACE_SECONDS = 5


class _Server(uvicorn.Server):
    """uvicorn raises a caught signal again once it has stopped, which would skip our own ending."""

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


def serve(settings: Settings) -> None:
    """Serve until a signal says stop; requests under way are finished."""
    set_up_logs("api", settings.log_file)
    with joined(settings) as parts, Reader(settings.database_url.get_secret_value()) as reader:
        config = uvicorn.Config(
            create_app(parts, reader),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        _Server(config).run()

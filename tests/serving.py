"""An application behind the server that the service runs, on a port of its own, and raw lines to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.types import ASGIApp

from api.server import config_of

PATIENCE_SECONDS = 60.0


@contextmanager
def served(app: ASGIApp) -> Iterator[uvicorn.Server]:
    """The server, which is stopped at the end."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        config = config_of(app, "127.0.0.1", listening.getsockname()[1])
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield server
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()


def connected(server: uvicorn.Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.config.port), timeout=PATIENCE_SECONDS)

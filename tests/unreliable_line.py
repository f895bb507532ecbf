"""A line to the database that can be cut: before a request arrives, or before its answer does."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from threading import Thread


class Cut(Enum):
    """What the next request meets."""

    NOTHING = "nothing"
    BEFORE_THE_REQUEST = "before the request"
    BEFORE_THE_ANSWER = "before the answer"


class UnreliableLine:
    """Stands between a client and the database's socket."""

    def __init__(self, real: Path, mine: Path) -> None:
        self.next_cut = Cut.NOTHING
        self.cuts = 0
        self._real = real
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(mine))
        self._listener.listen()
        self._thread = Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        """Carry what comes, in threads of its own."""
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._carry, args=(client,), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self._real))
            Thread(target=self._answers, args=(server, client), daemon=True).start()
            while request := client.recv(65536):
                if self._cuts(Cut.BEFORE_THE_REQUEST):
                    break
                server.sendall(request)
            shut(server, client)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(65536):
                if self._cuts(Cut.BEFORE_THE_ANSWER):
                    break
                client.sendall(answer)
        shut(server, client)

    def _cuts(self, kind: Cut) -> bool:
        if self.next_cut is not kind:
            return False
        self.next_cut = Cut.NOTHING
        self.cuts += 1
        return True


def shut(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def unreliable_line(real: Path, folder: Path) -> Iterator[UnreliableLine]:
    """Connect to `folder` instead of the folder of the real socket."""
    line = UnreliableLine(real, folder / real.name)
    line.start()
    try:
        yield line
    finally:
        line.close()

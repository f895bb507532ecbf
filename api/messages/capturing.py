"""The mail server of a trial: keeps each mail as a file that its owner alone can read, and passes none on."""

import asyncio
import os
import signal
import socket
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope

from api.settings import CaptureSettings

HOST = "127.0.0.1"
NAME = "localhost"


@dataclass(frozen=True)
class Keeping:
    """What becomes of a mail, in the words of the library that receives it."""

    folder: Path

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802 - the library calls it so
        """Keep a mail whole or not at all; its sender is told only then."""
        keep(self.folder, envelope.original_content or b"")
        return "250 Kept"


def keep(folder: Path, mail: bytes) -> Path:
    """Put a mail into a file of its own, named by when it came."""
    kept = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid4().hex[:8]}.eml"
    unfinished = kept.with_suffix(".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, so that nobody else ever reads it
        file.write(mail)
    return unfinished.rename(kept)


def capture_mail(settings: CaptureSettings) -> None:
    """Receive until a signal asks to stop."""
    settings.capture_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.capture_folder.chmod(0o700)
    with closing(_listening(settings)) as listening:
        asyncio.run(_receive(listening, settings.capture_folder))


def _listening(settings: CaptureSettings) -> socket.socket:
    if settings.capture_descriptor is not None:
        return socket.socket(fileno=settings.capture_descriptor)
    return socket.create_server((HOST, settings.capture_port))


async def _receive(listening: socket.socket, folder: Path) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(Keeping(folder), hostname=NAME, enable_SMTPUTF8=True), sock=listening
    )
    await stop.wait()
    server.close()

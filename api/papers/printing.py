"""Has papers set: within a time, a size, and so many at once; what goes wrong repeats nothing of the words."""

import json
import subprocess
import sys
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

AT_ONCE = 2
WAIT_SECONDS = 10.0
SECONDS = 60.0
LARGEST_PAPER = 32 * 1024**2

PRESS = [sys.executable, "-I", "-m", "api.papers.press"]
ROOM = BoundedSemaphore(AT_ONCE)


class PaperNotMade(Exception):
    """Your paper could not be made now, perhaps because others are being made; try again in a moment."""


def printed(template: str, words: Any, made_at: datetime) -> bytes:
    """The paper as a PDF; raises PaperNotMade when it takes too long or comes out too large."""
    given = {"template": template, "words": words, "made_at": int(made_at.timestamp())}
    if not ROOM.acquire(timeout=WAIT_SECONDS):
        raise PaperNotMade
    try:
        return _set(json.dumps(given).encode())
    finally:
        ROOM.release()


def _set(given: bytes) -> bytes:
    try:
        # Nothing of this process's environment goes along, and nothing that the press says comes back.
        done = subprocess.run(
            PRESS,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        raise PaperNotMade from None
    if len(done.stdout) > LARGEST_PAPER:
        raise PaperNotMade
    return done.stdout

"""The log as a process sets it up, for tests that look at its lines; everything is put back at their end."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from api.logs import set_up_logs

HOOKS = ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"))


@contextmanager
def logging_to(file: Path, process: str) -> Iterator[Path]:
    """Write to the file meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, hook in HOOKS:
            patch.setattr(owner, hook, getattr(owner, hook))
        lines = set_up_logs(process, file)
        try:
            yield file
        finally:
            lines.close()
            structlog.reset_defaults()
            structlog.contextvars.clear_contextvars()

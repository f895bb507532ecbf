"""Logs: ids and counts from an allow-list; whatever else is handed in is left out."""

import logging
import sys
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "process",
        "child",
        "request_id",
        "method",
        "route",
        "status",
        "milliseconds",
        "position",
        "count",
        "read_model",
        "policy",
        "record",
        "error",
        "pid",
        "exit_code",
        "command_id",
        "role",
        "port",
        "applied",
    }
)
"""Every key a log line may carry. None of them holds what a person wrote, is called or looked for."""


class LogLines:
    """Where lines go. One that finds no room on the disk is left out, and nobody fails for it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """Take a line."""
        if not self._stream.closed:
            with suppress(OSError):
                self._stream.write(line)

    def flush(self) -> None:
        """Write down what was taken; what finds no room now is tried again with the next line."""
        if not self._stream.closed:
            with suppress(OSError):
                self._stream.flush()

    def close(self) -> None:
        """Take no more."""
        with suppress(OSError):
            self._stream.close()


def set_up_logs(process: str, file: Path | None = None) -> LogLines:
    """Write one JSON object a line to the file, or to standard error, to the end of the process."""
    lines = LogLines(file.open("a", encoding="utf-8") if file else sys.stderr)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _of_process(process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", lines)),
        cache_logger_on_first_use=True,
    )
    _silence_libraries()
    _name_faults_alone()
    return lines


def _of_process(process: str) -> structlog.typing.Processor:
    """Say on every line, of whichever thread, which process wrote it."""
    return lambda _logger, _method, line: {**line, "process": process}


def keep_allowed(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop what the allow-list does not name, and every value that is not short and plain."""
    return {key: _plain(value) for key, value in line.items() if key in ALLOWED}


def _plain(value: Any) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:200]


def _silence_libraries() -> None:
    """Libraries' own log lines may quote requests and rows, so none of them is written."""
    root = logging.getLogger()
    root.handlers = [logging.NullHandler()]
    root.setLevel(logging.CRITICAL)


def _name_faults_alone() -> None:
    """What nobody caught is a line like any other: a traceback ends in text that may quote anything."""

    def tell(fault: type[BaseException] | None) -> None:
        structlog.get_logger().error("fault", error=fault.__name__ if fault else "unknown")

    sys.excepthook = lambda fault, _error, _traceback: tell(fault)
    threading.excepthook = lambda told: None if told.exc_type is SystemExit else tell(told.exc_type)
    sys.unraisablehook = lambda told: tell(told.exc_type)

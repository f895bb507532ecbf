"""One way in to what this program reads, and what is wrong with how it treats bytes."""

import base64
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

SECRET = b"Sentinel: ferrule und Zwinge"
NOTEBOOK = UUID(int=1)


@dataclass(frozen=True)
class Door:
    """One way in; `is_right` judges an answer to other bytes than the good ones."""

    name: str
    good: bytes
    open: Callable[[bytes], Any]
    refusals: tuple[type[Exception], ...]
    secrets: tuple[bytes, ...] = ()
    is_right: Callable[[bytes, Any], bool] = lambda _data, _answer: False

    def knock(self, data: bytes) -> str | None:
        """What is wrong with how the door treats these bytes, or None."""
        try:
            answer = self.open(data)
        except self.refusals as refused:
            return self._told_by(refused, data)
        except Exception as other:  # noqa: BLE001 - that no other error leaves is what is tested
            return f"{self.name}: {type(other).__name__} leaves"
        if data == self.good or self.is_right(data, answer):
            return None
        return f"{self.name}: an answer to bytes that are not the good ones"

    def _told_by(self, refused: BaseException, data: bytes) -> str | None:
        told = "".join(_all_told(refused))
        for secret in (*self.secrets, *([data] if len(data) >= 8 else [])):
            if any(form in told for form in _forms(secret)):
                return f"{self.name}: {type(refused).__name__} repeats what it was given"
        return None


def _all_told(error: BaseException | None) -> Iterator[str]:
    """The text of an error, and whatever hangs on it or on those before it."""
    while error is not None:
        yield from (repr(error), str(error), repr(vars(error)), repr(error.args))
        yield from traceback.format_exception_only(error)
        error = error.__cause__ or error.__context__


def _forms(secret: bytes) -> tuple[str, ...]:
    return (
        repr(secret)[2:-1],
        secret.hex(),
        base64.b64encode(secret).decode(),
        secret.decode("utf-8", "replace"),
    )

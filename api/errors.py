"""The one table from errors to HTTP answers: problem documents (RFC 9457) that repeat no input."""

import hmac
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from starlette.exceptions import HTTPException

from api.carrying_out import TooManyAtOnce
from api.live.stream import TooManyOfOnePerson, TooManyStreams
from api.papers.printing import PaperNotMade
from api.tries import TooManyTries
from crypto.errors import (
    AlreadyRecorded,
    Erased,
    EventTooLarge,
    KeyServiceError,
    RecorderUnavailable,
    RecordingError,
    SealedRecordError,
)
from domain.consent import ConsentIsNotLive
from domain.errors import DomainError, NotAllowed
from domain.mentoring import NotFound, VersionIsStale
from domain.portfolio import PieceIsUnknown


class NotSignedIn(Exception):
    """Sign in first."""


class TokenNotKnown(NotSignedIn):
    """This token is not known, or its time is over."""


class TokenMayNot(Exception):
    """This token may not do that."""


class FormIsNotOurs(Exception):
    """This form did not come from a page of this service; open the page again and send it from there."""


class FormNotUnderstood(Exception):
    """Something in the form is missing or not of its form; nothing was recorded."""


class KeyUsedForAnother(Exception):
    """This Idempotency-Key was used for a different request; use a new one."""


class KeyIsTooShort(Exception):
    """Links are made from the Idempotency-Key, so that a repetition shows the same; give a random one of 22 characters or more, or none."""


class BodyTooLarge(Exception):
    """The request is larger than anything this service accepts."""


class RecordIsTooLarge(Exception):
    """Your record is larger than can be handed out at once; ask the data protection lead for it."""


class NotThereYet(Exception):
    """What you asked to see has not been shown yet; try again in a moment."""


class DatabaseAway(Exception):
    """The database cannot be reached now; try again in a moment."""


class NotReady(Exception):
    """The service cannot answer now: its database is away, or no worker has started yet."""


STATUS: dict[type[Exception], int] = {
    NotSignedIn: 401,
    TokenMayNot: 403,
    FormIsNotOurs: 403,
    NotAllowed: 403,
    NotFound: 404,
    PieceIsUnknown: 404,
    TooManyAtOnce: 409,
    ConsentIsNotLive: 409,
    DomainError: 409,
    Erased: 410,
    VersionIsStale: 412,
    BodyTooLarge: 413,
    EventTooLarge: 413,
    RecordIsTooLarge: 413,
    KeyUsedForAnother: 422,
    KeyIsTooShort: 422,
    FormNotUnderstood: 422,
    TooManyOfOnePerson: 429,
    TooManyTries: 429,
    TooManyStreams: 503,
    PaperNotMade: 503,
    NotThereYet: 503,
    NotReady: 503,
    DatabaseAway: 503,
    RecorderUnavailable: 503,
    KeyServiceError: 503,
    RecordingError: 503,
    SealedRecordError: 500,
}
"""An error answers with its own status, or with that of its nearest ancestor here."""

DATABASE_FAULTS = (
    psycopg.InternalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolClosed,
    PoolTimeout,
    TooManyRequests,
)
"""What a driver says when its database is away; its own words stay here."""

TITLES = {
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Against a rule",
    410: "Erased",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not JSON",
    422: "Not understood",
    429: "Too many",
    500: "Our fault",
    503: "Not now",
}
OUR_FAULT = "Something went wrong on our side; nothing was recorded unless you were told so."
RETRY_AFTER_SECONDS = "2"
MAY_PASS = frozenset({429, 503})
"""With these an answer says when to try again."""


def add_error_answers(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    for kind in STATUS:
        app.add_exception_handler(kind, _known)
    for away in DATABASE_FAULTS:
        app.add_exception_handler(away, _database_away)
    app.add_exception_handler(AlreadyRecorded, _recorded_before)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _plain)


def problem(status: int, kind: str, detail: str, **more: Any) -> Response:
    """A problem document; `kind` names the error for programs, `detail` for people."""
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if status in MAY_PASS else {}
    content = {
        "type": f"urn:vouchsafe:problem:{kind}",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        **more,
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def status_of(error: Exception) -> int:
    """The status of an error, by its nearest ancestor in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def sentence_of(error: Exception) -> str:
    """What the caller is told: the error's docstring, on one line."""
    return " ".join((type(error).__doc__ or "").split())


def recorded_meanwhile(request: Request) -> AlreadyRecorded | None:
    """The outcome of the request's twin, if that was recorded while this one was being decided."""
    command_id = getattr(request.state, "command_id", None)
    outcome: AlreadyRecorded | None = None
    if command_id is not None:
        outcome = request.app.state.parts.recorder.outcome(command_id)
    return outcome


def _known(request: Request, error: Exception) -> Response:
    twin = recorded_meanwhile(request) if isinstance(error, DomainError) else None
    if twin is not None:
        return _recorded_before(request, twin)
    return _problem_of(error)


def _problem_of(error: Exception) -> Response:
    status = status_of(error)
    detail = sentence_of(error)
    more = {"record": error.record} if isinstance(error, SealedRecordError) else {}
    return problem(status, _kebab(type(error).__name__), detail, **more)


def _database_away(_request: Request, _error: Exception) -> Response:
    return _problem_of(DatabaseAway())


def _recorded_before(request: Request, recorded: Exception) -> Response:
    """Answer a repeated command as the first was answered, if it asks for the same."""
    assert isinstance(recorded, AlreadyRecorded)  # noqa: S101 - registered for nothing else
    if not hmac.compare_digest(recorded.request_mac, getattr(request.state, "request_mac", b"")):
        return _problem_of(KeyUsedForAnother())
    content = {
        "id": str(recorded.subject),
        "version": recorded.version,
        "position": recorded.position,
        **_made_before(request, recorded),
    }
    headers = {
        "ETag": f'"{recorded.version}"',
        "Vouchsafe-Position": str(recorded.position),
        "Idempotency-Replayed": "true",
    }
    status = getattr(request.scope.get("route"), "status_code", None) or 200
    return JSONResponse(content, status, headers)


def _made_before(request: Request, recorded: AlreadyRecorded) -> dict[str, Any]:
    """What the first answer told besides, for those routes that make a part of a record, or a receipt."""
    answer = getattr(request.scope.get("route"), "response_model", None)
    again = getattr(answer, "again", None)
    if again is not None:
        return dict(again(request, recorded))
    if "made" not in getattr(answer, "model_fields", {}):
        return {}
    return {"made": str(request.state.command_id)}


def _not_understood(_request: Request, error: Exception) -> Response:
    """Name the fields that are wrong and how, never their values."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    faults = [{"field": _field(fault), "problem": fault["type"]} for fault in error.errors()]
    detail = "Some fields are missing, unknown or not of their form."
    return problem(422, "not-understood", detail, fields=faults)


def _field(fault: dict[str, Any]) -> str:
    """Where a fault lies, in the words of our own schema; a name the caller made up is left out."""
    location = fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"]
    return ".".join(str(part) for part in location)


def _plain(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    answer = problem(error.status_code, "refused", TITLES.get(error.status_code, "Refused"))
    if error.status_code == 405 and error.headers:  # noqa: PLR2004 - its Allow header is ours
        answer.headers.update(error.headers)
    return answer


def our_fault() -> Response:
    """What is said of anything that nobody foresaw."""
    return problem(500, "our-fault", OUR_FAULT)


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")

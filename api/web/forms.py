"""Plain HTML forms: read once, before anybody asks who sent them; their faults repeat no input."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from api.auth.callers import SAFE_METHODS
from api.errors import FormIsNotOurs, FormNotUnderstood

MOST_FIELDS = 80
KEY_LENGTHS = range(8, 201)
NO_ORIGIN = "null"
"""What a browser names for a page that sends no referrer: ours do not, and neither do others."""
DEFAULT_PORTS = {"http": 80, "https": 443}
URLENCODED = "application/x-www-form-urlencoded"

AForm = TypeVar("AForm", bound=BaseModel)


async def read_form(request: Request) -> None:
    """Leave a form's fields, its token and its key where callers and orders look for them.

    Empty fields count as not filled in. The key, made anew for each page that is shown, lets a form
    that is sent twice be carried out once. A form of another site is refused before it is read.
    """
    if request.method not in SAFE_METHODS:
        require_from_here(request)
    fields = _fields(await request.body()) if _is_form(request) else {}
    request.state.form_token = fields.pop("csrf", "")
    key = fields.pop("key", "")
    request.state.form_key = key if len(key) in KEY_LENGTHS else None
    request.state.form = fields


ReadForm = Depends(read_form)


def posted(kind: type[AForm]) -> Callable[[Request], Awaitable[AForm]]:
    """A dependency that hands a form on in its declared shape; raises FormNotUnderstood."""

    async def form(request: Request) -> AForm:
        try:
            return kind.model_validate(request.state.form)
        except ValidationError:
            raise FormNotUnderstood from None

    return form


def require_from_here(request: Request) -> None:
    """Refuse a form of another site, by whatever its browser says of where it comes from."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormIsNotOurs
    origin = request.headers.get("origin", NO_ORIGIN)
    if origin != NO_ORIGIN and not _is_ours(request, origin):
        raise FormIsNotOurs


def require_from_here_for_certain(request: Request) -> None:
    """The same for a form that no session vouches for: one from nowhere in particular is refused too."""
    require_from_here(request)
    if request.headers.get("origin") == NO_ORIGIN and "sec-fetch-site" not in request.headers:
        raise FormIsNotOurs


def _is_ours(request: Request, origin: str) -> bool:
    """The address that people are told, or the one under which this request arrived."""
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    ours = {_parts_of(own), _parts_of(request.app.state.parts.settings.public_url)}
    given = _parts_of(origin)
    return given is not None and given in ours


def _parts_of(origin: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port; None for what is no origin."""
    try:
        split = urlsplit(origin)
        port = split.port or DEFAULT_PORTS.get(split.scheme)
    except ValueError:
        return None
    return split.scheme, split.hostname, port


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() == URLENCODED


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise FormNotUnderstood from None
    return dict(pairs)

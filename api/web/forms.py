"""Plain HTML forms: read once, before anybody asks who sent them; their faults repeat no input."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from api.errors import FormIsNotOurs, FormNotUnderstood

MOST_FIELDS = 40
KEY_LENGTHS = range(8, 201)
URLENCODED = "application/x-www-form-urlencoded"

AForm = TypeVar("AForm", bound=BaseModel)


async def read_form(request: Request) -> None:
    """Leave a form's fields, its token and its key where callers and orders look for them.

    Empty fields count as not filled in. The key, made anew for each page that is shown, lets a form
    that is sent twice be carried out once.
    """
    fields = _fields(await request.body()) if _is_form(request) else {}
    request.state.form_token = fields.pop("csrf", "")
    key = fields.pop("key", "")
    request.state.form_key = key if len(key) in KEY_LENGTHS else None
    request.state.form = fields


ReadForm = Depends(read_form)


def posted(kind: type[AForm]) -> Callable[[Request], AForm]:
    """A dependency that hands a form on in its declared shape; raises FormNotUnderstood."""

    def form(request: Request) -> AForm:
        try:
            return kind.model_validate(request.state.form)
        except ValidationError:
            raise FormNotUnderstood from None

    return form


def require_from_here(request: Request) -> None:
    """Refuse a form of another site where no session can tell: browsers say where one comes from."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormIsNotOurs


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() == URLENCODED


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise FormNotUnderstood from None
    return dict(pairs)

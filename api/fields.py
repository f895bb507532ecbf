"""Kinds of fields that several bodies and answers share."""

import base64
import binascii
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

BASE64URL = re.compile(r"([A-Za-z0-9_-]{4})*([A-Za-z0-9_-]{2,3})?")
DIGEST_HEX = r"^[0-9a-f]{64}$"


def _decoded(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise PydanticCustomError("base64", "This is not base64.") from None


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


Base64 = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(_encoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""Bytes, in JSON as strict base64."""


def _decoded_for_addresses(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or not BASE64URL.fullmatch(value):
        raise PydanticCustomError("base64url", "This is not base64url.")
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def _encoded_for_addresses(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


Base64Url = Annotated[
    bytes,
    BeforeValidator(_decoded_for_addresses),
    PlainSerializer(_encoded_for_addresses),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}),
]
"""Bytes, in JSON as browsers write those of passkeys: base64url without padding."""

Digest = Annotated[str, Field(pattern=DIGEST_HEX)]
"""A SHA-256, in hexadecimal."""

PersonName = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$")]
Telephone = Annotated[str, Field(pattern=r"^\+?[0-9 ()-]{5,32}$")]
LanguageTag = Annotated[
    str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$", max_length=12)
]
OwnWords = Annotated[str, Field(min_length=1, max_length=4000)]
Limit = Annotated[int, Field(ge=1, le=200)]


def named_by(names: type[StrEnum]) -> BeforeValidator:
    """Refuse a mapping whole that has other keys: a fault inside it is told by its key, which the caller made up."""
    known = frozenset(names)

    def require_known(value: Any) -> Any:
        if isinstance(value, Mapping) and not known.issuperset(value):
            raise PydanticCustomError("unknown_name", "This names what is not known.")
        return value

    return BeforeValidator(require_known)

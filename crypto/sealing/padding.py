"""The body of an entry: its kind and text in one of four sizes, so that neither shows from outside."""

from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from crypto.sealing.errors import BodyIsMalformed, EntryTooLarge, NotText

BUCKETS: Final = (1024, 4096, 16384, 65536)
_PREAMBLE_BYTES: Final = 5


class Kind(IntEnum):
    """What an entry is to its readers; the service never learns it (section 4.3)."""

    NOTE = 1
    GOAL = 2
    GOAL_REVIEW = 3
    REFLECTION = 4


@dataclass(frozen=True, repr=False)
class Body:
    """What a participant wrote; it prints as `<sealed>`."""

    kind: Kind
    text: str

    def __repr__(self) -> str:
        return "<sealed>"


def pad(body: Body) -> bytes:
    """The padded body, exactly one bucket long (section 4.3); raises EntryTooLarge and NotText."""
    content = _content(body)
    return content + bytes(_bucket_for(len(content)) - len(content))


def unpad(padded: bytes) -> Body:
    """The body inside, if it is padded as `pad` would have done; raises BodyIsMalformed."""
    length = int.from_bytes(padded[1:_PREAMBLE_BYTES], "big")
    text = padded[_PREAMBLE_BYTES : _PREAMBLE_BYTES + length]
    # A decoder's own error carries the text, so it does not travel with ours.
    with suppress(ValueError, IndexError):
        body = Body(Kind(padded[0]), text.decode("utf-8"))
        # Section 4.3: one body has one encoding, so whatever differs from ours is refused.
        if pad(body) == padded:
            return body
    raise BodyIsMalformed


def _content(body: Body) -> bytes:
    with suppress(UnicodeEncodeError):
        text = body.text.encode("utf-8")
        return bytes((body.kind,)) + len(text).to_bytes(4, "big") + text
    raise NotText


def _bucket_for(length: int) -> int:
    for bucket in BUCKETS:
        if length <= bucket:
            return bucket
    raise EntryTooLarge

"""Slips: what lets somebody say how mentoring went, once, without anybody knowing who they are.

A slip is a random number, what it is about, its last day, and the mark of the service's stamp over them. It is
recorded nowhere: not when it is made, and of its use only a digest. From whoever took one nothing leads to it.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from api.errors import KeyIsTooShort
from api.inviting import SHORTEST_KEY
from domain.errors import DomainError
from domain.feedback_slips import SLIPS

PREFIX = "slip_"
"""A recognisable beginning, so that scanners for leaked secrets find one."""
NUMBER_BYTES = ABOUT_BYTES = MARK_BYTES = 16
DAY_BYTES = 4
PAYLOAD_BYTES = NUMBER_BYTES + ABOUT_BYTES + DAY_BYTES
LASTS = timedelta(days=60)


class SlipCannotBeUsed(DomainError):
    """This slip cannot be used. A part of it may be missing, it may be used, or its time may be over."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip says."""

    number: bytes
    about: UUID
    last_day: date

    def __repr__(self) -> str:
        return "<sealed>"

    @property
    def id(self) -> UUID:
        """What is recorded of its use; from this nobody gets to the slip."""
        return uuid5(SLIPS, self.number.hex())

    def token(self, stamp: bytes) -> str:
        """The slip as it is handed over."""
        day = self.last_day.toordinal().to_bytes(DAY_BYTES, "big")
        payload = self.number + self.about.bytes + day
        return PREFIX + base64.urlsafe_b64encode(payload + _mark(stamp, payload)).decode()


def new_slip(about: UUID, now: datetime, *, command_id: UUID, key: str | None) -> Slip:
    """A new slip; under a key a repetition makes the same number, so that a lost answer is no loss.

    The key is kept nowhere: from the command that is recorded nobody gets to the number.
    """
    last_day = now.astimezone(UTC).date() + LASTS
    if key is None:
        return Slip(secrets.token_bytes(NUMBER_BYTES), about, last_day)
    if len(key) < SHORTEST_KEY:
        raise KeyIsTooShort
    what = b"vouchsafe/slip/1" + command_id.bytes
    number = hmac.new(key.encode(), what, hashlib.sha256).digest()[:NUMBER_BYTES]
    return Slip(number, about, last_day)


def read_slip(token: str, stamp: bytes, now: datetime) -> Slip:
    """What a slip says that bears the stamp and whose time is not over; whatever keeps another out is said alike."""
    raw = _decoded(token)
    payload, mark = raw[:PAYLOAD_BYTES], raw[PAYLOAD_BYTES:]
    if len(payload) != PAYLOAD_BYTES or not hmac.compare_digest(mark, _mark(stamp, payload)):
        raise SlipCannotBeUsed
    about = payload[NUMBER_BYTES : NUMBER_BYTES + ABOUT_BYTES]
    last_day = date.fromordinal(int.from_bytes(payload[-DAY_BYTES:], "big"))
    if now.astimezone(UTC).date() > last_day:
        raise SlipCannotBeUsed
    return Slip(payload[:NUMBER_BYTES], UUID(bytes=about), last_day)


def link_of(public_url: str, token: str, *, is_of_scheme: bool) -> str:
    """The slip stands in the fragment, which no browser sends and no server logs."""
    page = "/feedback/scheme" if is_of_scheme else "/feedback"
    return f"{public_url.rstrip('/')}{page}#{token}"


def _mark(stamp: bytes, payload: bytes) -> bytes:
    return hmac.new(stamp, b"vouchsafe/slip/1" + payload, hashlib.sha256).digest()[:MARK_BYTES]


def _decoded(token: str) -> bytes:
    if not token.startswith(PREFIX):
        raise SlipCannotBeUsed
    try:
        return base64.urlsafe_b64decode(token.removeprefix(PREFIX).encode("ascii"))
    except (binascii.Error, ValueError):
        raise SlipCannotBeUsed from None

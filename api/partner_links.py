"""The token by which a partner comes whom a mentee has found: it names the relationship, and opens nothing else."""

import base64
import binascii
from uuid import UUID

from api.inviting import TOKEN_BYTES
from domain.commands.partners import PartnerLink
from domain.relationship_partner import link_of

PREFIX = "partner_"
"""A recognisable beginning, so that scanners for leaked secrets find one, and that the door knows who comes."""
ID_BYTES = 16


def is_partner_token(token: str) -> bool:
    """Whether somebody comes to a person, not to a place."""
    return token.startswith(PREFIX)


def partner_token(relationship: UUID, secret: bytes) -> str:
    """The token of a new link."""
    return PREFIX + base64.urlsafe_b64encode(relationship.bytes + secret).rstrip(b"=").decode()


def read_partner_token(token: str) -> PartnerLink | None:
    """Where a token leads, whether or not it is good; nothing for what cannot be one."""
    text = token.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != ID_BYTES + TOKEN_BYTES:
        return None
    return PartnerLink(UUID(bytes=raw[:ID_BYTES]), link_of(token))

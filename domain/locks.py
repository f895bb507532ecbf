"""Second locks on what participants sealed: which key of the service each lies under, and which keys an event ends.

A lock opens no note. What it holds stays sealed to its readers; without the lock even they cannot reach it.
"""

from uuid import UUID

from domain.errors import DomainError
from domain.strand import Audience
from domain.values import Compartment, Sealed

ENTRY_PURPOSE = "entry"
GRANT_FIELD = "sealed_key"
ENTRY_FIELD = "wrapped_entry_key"


class NotLocked(DomainError):
    """What is sealed to a reader is kept under that reader's own lock, and this is not."""


def lock_purpose(notebook: UUID, audience: Audience, epoch: int) -> str:
    """What a reader's lock key is for: one epoch of one strand."""
    return f"lock/{notebook}/{audience.value}/{epoch}"


def require_locked(value: Sealed | None, owner: UUID, purpose: str, field: str) -> Sealed:
    """Refuse what lies under another lock, or under none."""
    if value is None or value.compartment is not Compartment.LOCKS:
        raise NotLocked
    if (value.owner, value.purpose, value.field) != (owner, purpose, field):
        raise NotLocked
    return value

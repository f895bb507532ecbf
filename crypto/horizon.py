"""Says from when on erased data is unreadable in old copies too: in the write-ahead log and in backups.

Follows docs/specs/keyring.md, "Erasure horizon". A destroyed key's wrapped bytes stay in old copies; they
are dead once every epoch that began before is destroyed in the key service.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch of a compartment: when it began and how far its end has come; no key."""

    compartment: str
    epoch: int
    made_at: datetime
    closing_at: datetime | None = None
    emptied_at: datetime | None = None
    destroyed_at: datetime | None = None


def next_rotation(epochs: Iterable[Epoch], period: timedelta) -> datetime | None:
    """When the next rotation is due: once the newest epoch of any compartment is older than the period."""
    newest: dict[str, datetime] = {}
    for each in epochs:
        newest[each.compartment] = max(each.made_at, newest.get(each.compartment, each.made_at))
    return min(newest.values()) + period if newest else None


def unreadable_before(epochs: Iterable[Epoch]) -> datetime | None:
    """What was erased before this moment opens in no old copy any more."""
    return min((each.made_at for each in epochs if each.destroyed_at is None), default=None)


def unreadable_since(epochs: Iterable[Epoch], erased_at: datetime) -> datetime | None:
    """Since when nothing erased at that moment opens in old copies; None while it still might."""
    before = [each.destroyed_at for each in epochs if each.made_at <= erased_at]
    destroyed = [moment for moment in before if moment is not None]
    return max(destroyed) if before and len(destroyed) == len(before) else None

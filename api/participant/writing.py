"""What a participant hands in, as the service's routes take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crypto.sealing import Audience, Body, Granted, NotebookKey, PublicIdentity, SealedEntry, Slot


@dataclass(frozen=True)
class Draft:
    """What is to be written and for whom; `shares` names the own entry that it shares, `amends` what it stands in place of."""

    body: Body
    audience: Audience
    shares: UUID | None = None
    amends: UUID | None = None


def name_of(audience: Audience) -> str:
    """An audience in the words of the service."""
    return audience.name.lower()


def entry_to_hand_in(slot: Slot, sealed: SealedEntry, key: NotebookKey) -> dict[str, Any]:
    """A sealed entry with its place."""
    return {
        "id": slot.entry_id,
        "epoch": key.epoch.number,
        "position": slot.position,
        "sealed_entry": sealed.entry,
        "wrapped_entry_key": sealed.wrapped_key,
        "amends": slot.amends,
    }


def epoch_to_hand_in(granted: Granted, readers: Mapping[UUID, PublicIdentity]) -> dict[str, Any]:
    """A new epoch with the key sealed to each reader."""
    epoch = granted.notebook_key.epoch
    return {
        "audience": name_of(epoch.strand.audience),
        "number": epoch.number,
        "statement": granted.statement,
        "readers": [
            {
                "person": person,
                "key_id": each.key_id,
                "sealed_key": granted.sealed_keys[each.key_id],
            }
            for person, each in readers.items()
        ],
    }

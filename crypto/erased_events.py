"""Tells an event that an erasure emptied from one that was tampered with, whatever is in memory.

Follows docs/specs/erasure.md (Late and stale): a process may still hold the key of a stream that another one has
erased since. An empty state opens under no key, so the key is asked for anew before anything is said.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import StoredEvent
from typing_extensions import override

from crypto.errors import Tampered
from crypto.event_store.mapper import ErasedEvent, SealingMapper


class RecheckingMapper(SealingMapper):
    """Answers Erased where the key is destroyed by now, and Tampered where it is live."""

    @override
    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        try:
            return super().to_domain_event(stored_event)
        except Tampered:
            if stored_event.state:
                raise
            self._forget([stored_event])
            return super().to_domain_event(stored_event)

    @override
    def open_many(
        self, stored_events: Sequence[StoredEvent]
    ) -> list[DomainEventProtocol[UUID] | ErasedEvent | Tampered]:
        opened = super().open_many(stored_events)
        pairs = enumerate(zip(stored_events, opened, strict=True))
        emptied = {n: stored for n, (stored, found) in pairs if _is_in_doubt(stored, found)}
        if emptied:
            self._forget(emptied.values())
            again = super().open_many(list(emptied.values()))
            for n, found in zip(emptied, again, strict=True):
                opened[n] = found
        return opened

    def _forget(self, stored_events: Iterable[StoredEvent]) -> None:
        streams = (each.originator_id for each in stored_events)
        self._keyring.forget({stream for stream in streams if isinstance(stream, UUID)})


def _is_in_doubt(stored: StoredEvent, found: object) -> bool:
    return isinstance(found, Tampered) and not stored.state

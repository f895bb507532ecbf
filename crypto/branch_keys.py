"""The branch keys of the compartments that this process may open, unwrapped once and kept in memory.

Another process may begin an epoch or end one at any time, so the store is asked again when an epoch
is not known, when a new key was refused, and otherwise after a while.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from threading import Lock
from uuid import UUID

from crypto.envelope import DataKey, new_secret, place
from crypto.errors import Absent, CompartmentIsClosed, Erased, KeyServiceError, SealedRecordError
from crypto.key_store import KeyStore
from crypto.kms import KeyService

LOOK_SECONDS = 30.0
"""The longest that new keys are made under an epoch after the next was begun, and that the branch key
of an emptied one stays in the memory of a process that is using keys."""

Timer = Callable[[], float]
KeyPlace = Callable[[bytes, bytes, bytes], bytes]
ID_LENGTH = (16).to_bytes(4)
MOST_PURPOSES = 1_000


class BranchKeys:
    """Answers the branch key of an epoch; asks the key service once for each."""

    def __init__(
        self, store: KeyStore, service: KeyService, *, timer: Timer = time.monotonic
    ) -> None:
        self._store = store
        self._service = service
        self._timer = timer
        self._lock = Lock()
        self._doubts = 0
        self._settled = dict.fromkeys(service.compartments(), 0)
        self._ended: set[tuple[str, int]] = set()
        self._known: dict[str, dict[int, DataKey]] = {}
        self._look_at: dict[str, float] = {}
        for compartment in service.compartments():
            self._known[compartment] = {}
            self._look(compartment)

    def require_open(self, compartment: str) -> None:
        """Raise CompartmentIsClosed where this process has no key."""
        if compartment not in self._known:
            raise CompartmentIsClosed(compartment)

    def newest(self, compartment: str) -> tuple[int, DataKey]:
        """The epoch under which new keys are made; Absent when the compartment has none yet."""
        self.require_open(compartment)
        if self._doubts > self._settled[compartment]:
            self._settle(compartment)
        else:
            self._look_after_a_while(compartment)
        known = self._known[compartment]
        if not known:
            raise Absent(f"branch key of {compartment}")
        epoch = max(known)
        return epoch, known[epoch]

    def of(self, compartment: str, epoch: int, *, record: str) -> DataKey:
        """The branch key of an epoch; Erased when the epoch ended, Absent when it never was."""
        self.require_open(compartment)
        self._look_after_a_while(compartment)
        if epoch not in self._known[compartment]:
            self._look(compartment)
        known = self._known[compartment]
        if epoch in known:
            return known[epoch]
        has_ended = (compartment, epoch) in self._ended or 0 < epoch < max(known, default=0)
        raise (Erased if has_ended else Absent)(record)

    def look_again(self) -> None:
        """Ask the store before the next new key: one may have been refused because its epoch closed."""
        self._doubts += 1

    def _look_after_a_while(self, compartment: str) -> None:
        """Ask again if it is time; what cannot be read now leaves what is known as it is."""
        if self._timer() < self._look_at[compartment] or not self._lock.acquire(blocking=False):
            return
        try:
            self._look_at[compartment] = self._timer() + LOOK_SECONDS
            with suppress(KeyServiceError, SealedRecordError):
                self._look(compartment)
        finally:
            self._lock.release()

    def _settle(self, compartment: str) -> None:
        """Look, and only then take the doubts that there were before for settled."""
        doubts = self._doubts
        self._look(compartment)
        self._settled[compartment] = doubts

    def _look(self, compartment: str) -> None:
        known, found = self._known[compartment], {}
        for epoch, wrapped in self._store.branch_keys(compartment).items():
            if (compartment, epoch) in self._ended:
                continue
            try:
                found[epoch] = known.get(epoch) or self._unwrap(compartment, epoch, wrapped)
            except Erased:
                # The record of a destroyed epoch's branch key may still be there, or be there again.
                self._ended.add((compartment, epoch))
        self._known[compartment] = found
        self._look_at[compartment] = self._timer() + LOOK_SECONDS

    def _unwrap(self, compartment: str, epoch: int, wrapped: bytes) -> DataKey:
        where = branch_place(compartment, epoch)
        return DataKey(self._service.unwrap(compartment, epoch, wrapped, where))


def new_branch_key(service: KeyService, compartment: str) -> tuple[int, bytes]:
    """Make a branch key for the newest epoch; answer the epoch and the wrapped key."""
    epoch = service.epoch(compartment)
    return epoch, service.wrap(compartment, epoch, new_secret(), branch_place(compartment, epoch))


def branch_place(compartment: str, epoch: int) -> bytes:
    """Where a wrapped branch key lives."""
    return place("branch-key", compartment.encode(), epoch.to_bytes(4))


def key_place(compartment: str, key_id: UUID, owner: UUID, purpose: str, epoch: int) -> bytes:
    """Where a wrapped data key lives."""
    return key_places(compartment, epoch)(key_id.bytes, owner.bytes, purpose.encode())


@cache
def key_places(compartment: str, epoch: int) -> KeyPlace:
    """The places of a compartment's data keys in one epoch, made from key id, owner and purpose.

    What they share is encoded once, since a rotation makes two for each key there is.
    """
    beginning = place("data-key", compartment.encode()) + ID_LENGTH

    @lru_cache(MOST_PURPOSES)
    def end(purpose: bytes) -> bytes:
        return len(purpose).to_bytes(4) + purpose + (4).to_bytes(4) + epoch.to_bytes(4)

    def of(key_id: bytes, owner: bytes, purpose: bytes) -> bytes:
        return beginning + key_id + ID_LENGTH + owner + end(purpose)

    return of

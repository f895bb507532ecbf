"""Key services: each holds key-encryption keys (KEKs) that never leave it, one a compartment.

A KEK has epochs. A new epoch is made on schedule; once everything live is wrapped under it, the
old epoch is destroyed, and with it whatever old copies of wrapped keys were left behind.
"""

from typing import Protocol


class KeyService(Protocol):
    """Wraps and unwraps short secrets, bound to a context that must be the same both times."""

    def compartments(self) -> frozenset[str]:
        """The compartments that this process may use."""

    def epoch(self, compartment: str) -> int:
        """The newest epoch; CompartmentIsClosed when there is no key for the compartment here."""

    def wrap(self, compartment: str, epoch: int, secret: bytes, context: bytes) -> bytes:
        """Wrap a secret under the compartment's KEK of an epoch."""

    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        """Unwrap what was wrapped with the same context.

        Tampered when anything differs, Erased when the epoch was destroyed, Absent when there
        never was such an epoch.
        """

    def new_epoch(self, compartment: str) -> int:
        """Make the next epoch and answer its number."""

    def destroy_epoch(self, compartment: str, epoch: int) -> None:
        """Begin to destroy an epoch for good, also if that was begun before.

        From now on nothing is wrapped or unwrapped under it, and no number is given again.
        NewestEpochStays when it is the newest, Absent when there never was such an epoch.
        """

    def is_destroyed(self, compartment: str, epoch: int) -> bool:
        """Whether the destruction is confirmed: nobody can unwrap or call it back any more.

        Some services destroy after a waiting time; until then the answer is no. It is asked of the
        service each time. Absent when there never was such an epoch.
        """

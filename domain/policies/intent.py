"""What policies have in common: an intent is given the same command id however often it is found.

So the command that follows from an event is recorded once, through restarts and repetitions.
"""

from typing import Protocol
from uuid import UUID, uuid5


class Fact(Protocol):
    """An event, as far as naming it goes."""

    @property
    def originator_id(self) -> UUID:
        """Which aggregate it happened to."""

    @property
    def originator_version(self) -> int:
        """Its number in the history of that aggregate."""


def command_id_of(fact: Fact, what: str, target: UUID) -> UUID:
    """The id of the one command that an event brings about for a target."""
    return uuid5(fact.originator_id, f"{fact.originator_version}:{what}:{target}")

"""Both strands of a notebook, verified apart: nothing that a partner does to the shared one closes one's own notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.participant.epochs import Cause
from api.participant.memory import Memory
from api.participant.pair import Pair, trusted_pair
from api.participant.strand import ReadEntry, VerifiedStrand, verified_strand
from api.participant.wire import ShownNotebook, notebook_id
from crypto.sealing import Audience, Identity, Kind, Strand

GOALS = frozenset({Kind.GOAL, Kind.GOAL_REVIEW})


@dataclass(frozen=True)
class SharedTrouble:
    """Why the shared notes end early and take no more entries, in a sentence for the person."""

    cause: Cause

    def __str__(self) -> str:
        """What happened, and what it does not touch."""
        return (
            "Your shared notes are shown only as far as they can be trusted, and nothing is added to them. "
            f"{self.cause} Your own notes are not touched by this."
        )


class Reading(list[ReadEntry]):
    """The entries that can be read, own ones first, and what is wrong with the shared ones, if anything."""

    def __init__(self, entries: list[ReadEntry], trouble: SharedTrouble | None) -> None:
        """Keep the trouble beside the entries."""
        super().__init__(entries)
        self.trouble = trouble


def goals_of(reading: Reading) -> Reading:
    """The goals and reviews among these, without those that a later one stands in place of."""
    replaced = {each.amends for each in reading}
    goals = [each for each in reading if each.kind in GOALS and each.id not in replaced]
    return Reading(goals, reading.trouble)


@dataclass(frozen=True)
class VerifiedNotebook:
    """A notebook whose own strand passed every check, and whose shared one did up to its trouble."""

    pair: Pair
    own: VerifiedStrand
    shared: VerifiedStrand

    @property
    def trouble(self) -> SharedTrouble | None:
        """Whatever stands in the way of the shared strand; doubts about the partner come first."""
        cause = self.pair.doubt or self.shared.cause
        return SharedTrouble(cause) if cause else None

    @property
    def reading(self) -> Reading:
        """What is there to read."""
        return Reading([*self.own.entries, *self.shared.entries], self.trouble)

    def to_write(self, audience: Audience) -> VerifiedStrand:
        """One of its strands, to go on with; raises what is wrong with it."""
        if audience is Audience.OWN:
            return self.own
        if self.trouble:
            raise self.trouble.cause
        return self.shared

    @property
    def memory(self) -> Memory:
        """What to remember of it."""
        pair = self.pair
        return Memory(pair.my_person, pair.partner, self.own.memory, self.shared.memory)


def verified(
    shown: ShownNotebook,
    relationship: UUID,
    me: Identity,
    memory: Memory,
    earlier: Sequence[Identity] = (),
) -> VerifiedNotebook:
    """The notebook; raises ServiceUntrustworthy or SealingError kinds for what only the service can do."""
    pair = trusted_pair(shown, me, memory, earlier)
    notebook = notebook_id(relationship)
    own, shared = (
        verified_strand(shown, Strand(notebook, audience), pair, memory.strand(audience))
        for audience in (Audience.OWN, Audience.SHARED)
    )
    if own.cause:
        raise own.cause
    return VerifiedNotebook(pair, own, shared)

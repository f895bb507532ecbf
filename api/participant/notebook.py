"""Both strands of a notebook, verified apart: nothing that a partner does to the shared one closes one's own notes."""

from dataclasses import dataclass
from uuid import UUID

from api.participant.circle import Circle, Known, trusted_circle
from api.participant.epochs import Cause
from api.participant.errors import OnlyToRead
from api.participant.memory import Memory
from api.participant.strand import ReadEntry, VerifiedStrand, verified_strand
from api.participant.wire import ShownNotebook, notebook_id
from crypto.sealing import Audience, Kind, Strand

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
    """The entries that can be read, own ones first, and what is wrong with the shared ones, if anything.

    `since` is the first period of the shared ones that is for this reader: 1 unless they joined later.
    """

    def __init__(
        self, entries: list[ReadEntry], trouble: SharedTrouble | None, since: int = 1
    ) -> None:
        """Keep the trouble beside the entries."""
        super().__init__(entries)
        self.trouble, self.since = trouble, since


def goals_of(reading: Reading) -> Reading:
    """The goals and reviews among these, without those that a later one stands in place of."""
    replaced = {each.amends for each in reading}
    goals = [each for each in reading if each.kind in GOALS and each.id not in replaced]
    return Reading(goals, reading.trouble, reading.since)


@dataclass(frozen=True)
class VerifiedNotebook:
    """A notebook whose own strand passed every check, and whose shared one did up to its trouble."""

    circle: Circle
    own: VerifiedStrand
    shared: VerifiedStrand

    @property
    def trouble(self) -> SharedTrouble | None:
        """Whatever stands in the way of the shared strand; doubts about the partner come first."""
        cause = self.circle.doubt or self.shared.cause
        return SharedTrouble(cause) if cause else None

    @property
    def is_closed_to_visitor(self) -> bool:
        """Whether something was passed on to us, and by nobody whom we know."""
        is_shown = bool(self.circle.shown.epochs_of(Audience.SHARED))
        is_open = any(each.key for each in self.shared.epochs)
        return self.circle.is_visitor and is_shown and not is_open

    @property
    def reading(self) -> Reading:
        """What is there to read."""
        entries = [*self.own.entries, *self.shared.entries]
        return Reading(entries, self.trouble, self.shared.since)

    def to_write(self, audience: Audience) -> VerifiedStrand:
        """One of its strands, to go on with; raises what is wrong with it."""
        if audience is Audience.OWN:
            return self.own
        if self.circle.is_visitor:
            raise OnlyToRead
        if self.trouble:
            raise self.trouble.cause
        return self.shared

    @property
    def memory(self) -> Memory:
        """What to remember of it."""
        seen = Memory(self.circle.my_person, own=self.own.memory, shared=self.shared.memory)
        return seen.with_others(self.circle.others)


def verified(shown: ShownNotebook, relationship: UUID, known: Known) -> VerifiedNotebook:
    """The notebook; raises ServiceUntrustworthy or SealingError kinds for what only the service can do."""
    own, shared = (
        Strand(notebook_id(relationship), each) for each in (Audience.OWN, Audience.SHARED)
    )
    circle = trusted_circle(shown, shared, known)
    read = [
        verified_strand(shown, each, circle, known.memory.strand(each.audience))
        for each in (own, shared)
    ]
    if read[0].cause:
        raise read[0].cause
    return VerifiedNotebook(circle, *read)

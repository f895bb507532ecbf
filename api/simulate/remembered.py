"""What the simulated world remembers of who is there: mentors, pairs, agreements, and whoever takes part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from api.simulate.people import Person

Life = Iterator[datetime]
"""What somebody does, step by step; it yields the moment at which it goes on."""


class PairingIsOver(Exception):
    """One of the two has ended it, or has withdrawn."""


@dataclass(eq=False)
class Agreement:
    """What an employer bought, and the links that are not handed out yet."""

    id: UUID
    number: int
    sponsor: Person
    terms: dict[str, Any]
    buyer: UUID | None = None
    links: list[str] = field(default_factory=list)
    pairings: list["Pairing"] = field(default_factory=list)
    invoices: int = 0
    is_over: bool = False
    is_settled: bool = False

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/agreements/{self.id}"

    def hand_out(self) -> str | None:
        """The token of the next invitation, while there is one."""
        if self.is_over or not self.links:
            return None
        return self.links.pop(0).partition("#")[2]


@dataclass(eq=False)
class Mentor:
    """A mentor as the world remembers them."""

    person: Person
    name: str
    capacity: int = 0
    is_here: bool = True
    is_paused: bool = False
    pairings: list["Pairing"] = field(default_factory=list)

    @property
    def has_room(self) -> bool:
        """Whether one more relationship can be matched."""
        return self.is_here and not self.is_paused and len(self.pairings) < self.capacity


@dataclass(frozen=True, slots=True)
class Found:
    """A mentor who was proposed for a request, and where the API has the proposal."""

    mentor: Mentor
    proposal: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A place, as whoever has it knows it."""

    place: UUID
    agreement: Agreement
    sessions: int


@dataclass(eq=False)
class Pairing:
    """One request, and the relationship that came of it."""

    mentee: Person
    relationship: UUID
    grant: Grant
    is_weekly: bool
    is_virtual: bool
    chance: Random
    number: int
    coordinator: Person
    turn: int = 0
    is_by_hand: bool = False
    """Whether no matching looks for somebody."""
    found: Found | None = None
    sessions_left: int = 0
    mentor: Mentor | None = None
    is_over: bool = False
    declined_by: set[UUID] = field(default_factory=set)
    proposals_made: int = 0

    def __post_init__(self) -> None:
        self.sessions_left = self.grant.sessions

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/relationships/{self.relationship}"

    @property
    def key(self) -> str:
        """What its steps are called after."""
        return f"{self.mentee.key}-{self.number}"

    def partners(self) -> tuple[Person, Person]:
        """The mentee and the mentor of a match."""
        if self.mentor is None:
            raise PairingIsOver
        return self.mentee, self.mentor.person

    def until(self, moment: datetime) -> Life:
        """Wait; raises PairingIsOver when it was ended meanwhile."""
        yield moment
        if self.is_over:
            raise PairingIsOver


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Somebody whose consent is live, and what becomes of them when it ends."""

    person: Person
    leave: Callable[[], None]

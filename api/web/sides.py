"""The two sides of a relationship: the same pages, each in its own words and under its own address."""

from dataclasses import dataclass, replace

from domain.access import Caller
from domain.relationship_events import Kind
from domain.values import Role

PARTNER = "your mentoring partner"


@dataclass(frozen=True, slots=True)
class Side:
    """One side: where its pages are, and what they call the other person."""

    role: Role
    prefix: str
    title: str
    partner: str

    @property
    def is_mentee(self) -> bool:
        """Whether these are the mentee's pages."""
        return self.role is Role.MENTEE

    def in_kind(self, kind: Kind) -> "Side":
        """The same side in a relationship of a kind; where the less senior guides, nobody is a mentee to the other."""
        return replace(self, partner=PARTNER) if kind is Kind.REVERSE else self

    def home(self, relationship: object) -> str:
        """The page on which a relationship is shown."""
        return self.prefix if self.is_mentee else f"{self.prefix}/{relationship}"


MENTEES = Side(Role.MENTEE, "/my-mentoring", "My mentoring", PARTNER)
MENTORS = Side(Role.MENTOR, "/my-caseload", "My caseload", "your mentee")
SIDES = (MENTEES, MENTORS)


def side_of(caller: Caller) -> Side:
    """The side on which somebody calls."""
    return MENTEES if caller.role is Role.MENTEE else MENTORS

"""One piece of professional development under the regulator's headings, as its owner writes it (docs/specs/portfolio.md)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.errors import DomainError
from domain.policies.keeping import day_of

VERSION = 1
LONGEST_TITLE = 200
LONGEST_PART = 4_000


class PieceIsNotWell(DomainError):
    """A piece has a kind, a day, what it was and what was learned, each within its length."""


class PieceIsOfTheFuture(DomainError):
    """A piece is about something that has happened."""


class PieceKind(StrEnum):
    """Of what type it was."""

    BEING_MENTORED = "being_mentored"
    MENTORING_SOMEBODY = "mentoring_somebody"
    COURSE = "course"
    READING = "reading"
    RESEARCH = "research"
    PRACTICE = "practice"
    DISCUSSION = "discussion"
    OTHER = "other"


PIECE_KIND_WORDS = {
    PieceKind.BEING_MENTORED: "Being mentored",
    PieceKind.MENTORING_SOMEBODY: "Mentoring somebody",
    PieceKind.COURSE: "A course or event",
    PieceKind.READING: "Reading, watching or listening",
    PieceKind.RESEARCH: "Research",
    PieceKind.PRACTICE: "Something in my practice",
    PieceKind.DISCUSSION: "A discussion with others",
    PieceKind.OTHER: "Something else",
}

HEADINGS = {
    "about": "What it was, and why it is relevant",
    "learned": "What I learned",
    "impact": "Its impact on my practice, and on the people I work with",
    "peer": "What I learned from discussing it with a peer",
}
"""The parts that are written in one's own words, under the regulator's headings."""


@dataclass(frozen=True, slots=True)
class WrittenPiece:
    """Everything somebody writes of one piece; without words of a peer it was not talked over with one.

    `session` names a session of theirs for whose day and length the service vouches.
    """

    kind: PieceKind
    title: str
    done_on: date
    about: str
    learned: str
    impact: str = ""
    peer: str = ""
    session: UUID | None = None

    def __post_init__(self) -> None:
        parts = [self.about, self.learned, self.impact, self.peer]
        if not (self.title and self.about and self.learned) or len(self.title) > LONGEST_TITLE:
            raise PieceIsNotWell
        if any(len(each) > LONGEST_PART for each in parts):
            raise PieceIsNotWell

    def __repr__(self) -> str:
        """What somebody wrote for themselves does not print."""
        return "<sealed>"

    @property
    def is_with_peer(self) -> bool:
        """Whether they say what they learned from a peer."""
        return bool(self.peer)

    def require_happened(self, at: datetime) -> None:
        """Refuse a day that has not come by the calendar on the wall."""
        if self.done_on > day_of(at):
            raise PieceIsOfTheFuture

    @property
    def words(self) -> dict[str, str]:
        """What is written in their own words, by part."""
        return {"title": self.title} | {name: getattr(self, name) for name in HEADINGS}

    def encode(self) -> str:
        """The text that is sealed; there is one for each piece."""
        members = {
            "version": VERSION,
            "kind": self.kind.value,
            "title": self.title,
            "done_on": self.done_on.isoformat(),
            "about": self.about,
            "learned": self.learned,
            "impact": self.impact,
            "peer": self.peer,
            "session": str(self.session) if self.session else None,
        }
        return json.dumps(members, separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> "WrittenPiece":
        """What was sealed; raises PieceIsNotWell for what this version did not write."""
        try:
            piece = cls._of(json.loads(text))
        except (KeyError, TypeError, ValueError):
            raise PieceIsNotWell from None
        if piece.encode() != text:
            raise PieceIsNotWell
        return piece

    @classmethod
    def _of(cls, said: dict[str, Any]) -> "WrittenPiece":
        return cls(
            PieceKind(said["kind"]),
            said["title"],
            date.fromisoformat(said["done_on"]),
            said["about"],
            said["learned"],
            said["impact"],
            said["peer"],
            UUID(said["session"]) if said["session"] else None,
        )

"""Somebody's own evidence of their professional development: what they wrote, which nobody opens but them.

Each piece lies under a key of its own, so that each can be destroyed by itself. Beside it stands only for which
registration year it is and whether it was talked over with a peer (docs/specs/portfolio.md).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError, NotAllowed, SealedForAnotherPurpose
from domain.registration_year import RegistrationYear, StillMissing
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed

MOST_PIECES = 300
PIECE_PURPOSE = "cpd"


class NotYourPortfolio(NotAllowed):
    """Only the person writes in their own portfolio."""


class PieceIsUnknown(DomainError):
    """There is no such piece in your portfolio; perhaps you destroyed it."""


class PieceIsThere(DomainError):
    """This piece is in your portfolio already."""


class TooManyPieces(DomainError):
    """You have 300 pieces, the most that are kept; destroy one that you do not need any more."""


class YearIsUnreal(DomainError):
    """A piece belongs to a registration year that has begun."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as it stands now; `kept_at` is when it was first written."""

    year: int
    is_with_peer: bool
    written: Sealed
    kept_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes of one piece, and what stands beside it."""

    year: int
    is_with_peer: bool
    written: Sealed


class Portfolio(Aggregate):
    """One for each person, whatever their part; theirs alone."""

    TOPIC = "portfolio"

    class Created(Aggregate.Created):
        TOPIC = "portfolio.begun"
        person: UUID

    class PieceKept(Aggregate.Event):
        TOPIC = "portfolio.piece_kept"
        piece: UUID
        year: int
        is_with_peer: bool
        written: Sealed

    class PieceAmended(Aggregate.Event):
        """What stood there before lies under the same key, and goes with it."""

        TOPIC = "portfolio.piece_amended"
        piece: UUID
        year: int
        is_with_peer: bool
        written: Sealed

    class PieceDestroyed(Aggregate.Event):
        """`person` is whose key goes."""

        TOPIC = "portfolio.piece_destroyed"
        person: UUID
        piece: UUID

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of a person's portfolio."""
        return uuid5(person, "portfolio")

    @staticmethod
    def purpose_of(piece: UUID) -> str:
        """For what the words of one piece are sealed."""
        return f"{PIECE_PURPOSE}:{piece}"

    @classmethod
    def begin_for(cls, person: UUID, act: Act) -> Self:
        """Begin, once; the person's own order."""
        if act.actor != person:
            raise NotYourPortfolio
        return cls.begin(cls.id_of(person), act, person=person)

    @event(Created)
    def __init__(self, person: UUID) -> None:
        self.person = person
        self.pieces: dict[UUID, Piece] = {}

    def keep(self, piece: UUID, writing: Writing, act: Act) -> None:
        """Add a piece."""
        if piece in self.pieces:
            raise PieceIsThere
        if len(self.pieces) >= MOST_PIECES:
            raise TooManyPieces
        self._require_right(piece, writing, act)
        self._write(self.PieceKept, piece, writing, act)

    @event(PieceKept)
    def _kept(
        self, piece: UUID, year: int, is_with_peer: bool, written: Sealed, timestamp: datetime
    ) -> None:
        self.pieces[piece] = Piece(year, is_with_peer, written, timestamp, timestamp)

    def amend(self, piece: UUID, writing: Writing, act: Act) -> None:
        """Write a piece anew."""
        self.piece(piece)
        self._require_right(piece, writing, act)
        self._write(self.PieceAmended, piece, writing, act)

    @event(PieceAmended)
    def _amended(
        self, piece: UUID, year: int, is_with_peer: bool, written: Sealed, timestamp: datetime
    ) -> None:
        kept_at = self.pieces[piece].kept_at
        self.pieces[piece] = Piece(year, is_with_peer, written, kept_at, timestamp)

    def destroy(self, piece: UUID, act: Act) -> None:
        """Destroy a piece, and with its key everything that it ever said."""
        self._require_own(act)
        self.piece(piece)
        self.record(self.PieceDestroyed, act, person=self.person, piece=piece)

    @event(PieceDestroyed)
    def _destroyed(self, piece: UUID) -> None:
        self.pieces.pop(piece, None)

    def piece(self, piece: UUID) -> Piece:
        """One piece; raises PieceIsUnknown."""
        found = self.pieces.get(piece)
        if found is None:
            raise PieceIsUnknown
        return found

    def of_year(self, year: RegistrationYear) -> dict[UUID, Piece]:
        """The pieces of one registration year, in the order in which they were first written."""
        return {id: each for id, each in self.pieces.items() if each.year == year.begins}

    def missing_in(self, year: RegistrationYear) -> StillMissing:
        """What the year still lacks of what is asked."""
        found = self.of_year(year).values()
        return StillMissing.after(len(found), sum(each.is_with_peer for each in found))

    def _write(self, kind: type[Aggregate.Event], piece: UUID, writing: Writing, act: Act) -> None:
        facts = {"year": writing.year, "is_with_peer": writing.is_with_peer}
        self.record(kind, act, piece=piece, written=writing.written, **facts)

    def _require_right(self, piece: UUID, writing: Writing, act: Act) -> None:
        self._require_own(act)
        if RegistrationYear(writing.year) > RegistrationYear.of(act.at.date()):
            raise YearIsUnreal
        require_sealed_for(self.person, Compartment.PERSONAL, writing.written)
        if writing.written.purpose != self.purpose_of(piece):
            raise SealedForAnotherPurpose

    def _require_own(self, act: Act) -> None:
        if act.actor != self.person:
            raise NotYourPortfolio


PortfolioBegun = Portfolio.Created

"""Somebody's portfolio as they read it: their own pieces, opened for them alone, and what the service vouches for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from api.errors import NotThereYet
from api.records.openings import Openings, Whose, Why
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.portfolios import find_portfolio
from domain.mentoring import Mentoring
from domain.piece import WrittenPiece
from domain.portfolio import Piece, PieceIsUnknown, Portfolio, Writing
from domain.registration_year import RegistrationYear, StillMissing
from domain.values import Compartment, Sealed
from projections.cpd_questions import HeldSession, held_sessions
from projections.reader import NotYet, Reader

ONES_OWN = Why(RecordKind.PORTFOLIO, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
FIELD = "piece"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenedPiece:
    """One piece, opened."""

    id: UUID
    piece: Piece
    written: WrittenPiece


@dataclass(frozen=True, slots=True)
class YearSeen:
    """What a registration year has without anything being opened."""

    year: RegistrationYear
    pieces: int
    missing: StillMissing


@dataclass(frozen=True)
class PortfolioDesk:
    """Reads one owner's portfolio for them."""

    mentoring: Mentoring
    openings: Openings
    reader: Reader
    caller: Caller
    now: datetime

    @property
    def this_year(self) -> RegistrationYear:
        """The registration year of this moment."""
        return RegistrationYear.of(self.now.date())

    def years(self, sessions: Iterable[HeldSession]) -> list[YearSeen]:
        """This year, and every other in which something is, the newest first."""
        found, portfolio = {self.this_year.begins}, self._portfolio()
        found |= {RegistrationYear.of(day_of(each)).begins for each in sessions}
        if portfolio is not None:
            found |= {each.year for each in portfolio.pieces.values()}
        return [self.year_seen(RegistrationYear(each)) for each in sorted(found, reverse=True)]

    def year_seen(self, year: RegistrationYear) -> YearSeen:
        """What one year has and lacks."""
        portfolio = self._portfolio()
        if portfolio is None:
            return YearSeen(year, 0, StillMissing.after(0, 0))
        return YearSeen(year, len(portfolio.of_year(year)), portfolio.missing_in(year))

    def pieces_of(self, year: RegistrationYear) -> list[OpenedPiece]:
        """What they wrote for a year, by its days; one look for all of it."""
        portfolio = self._portfolio()
        return self._opened(portfolio.of_year(year)) if portfolio else []

    def every_piece(self) -> list[OpenedPiece]:
        """All that they wrote."""
        portfolio = self._portfolio()
        return self._opened(portfolio.pieces) if portfolio else []

    def piece(self, id: UUID) -> OpenedPiece:
        """One piece; raises PieceIsUnknown."""
        portfolio = self._portfolio()
        if portfolio is None:
            raise PieceIsUnknown
        return self._opened({id: portfolio.piece(id)})[0]

    def sessions(self) -> Sequence[HeldSession]:
        """Every session at which they were; raises NotThereYet before a worker has made the list."""
        tomorrow = self.now + timedelta(days=1)
        try:
            return held_sessions(self.reader, self.caller.person, after=LONG_AGO, before=tomorrow)
        except NotYet:
            raise NotThereYet from None

    def _portfolio(self) -> Portfolio | None:
        return find_portfolio(self.mentoring, self.caller.person)

    def _opened(self, pieces: dict[UUID, Piece]) -> list[OpenedPiece]:
        sealed = [each.written for each in pieces.values()]
        texts = self.openings.open_all(self.caller, sealed, ONES_OWN, now=self.now)
        found = [
            OpenedPiece(id, piece, WrittenPiece.decode(text))
            for (id, piece), text in zip(pieces.items(), texts, strict=True)
        ]
        return sorted(found, key=lambda each: (each.written.done_on, each.piece.kept_at))


def sealed_piece(openings: Openings, owner: UUID, piece: UUID, written: WrittenPiece) -> Writing:
    """Seal one piece under its own key, with what stands beside it."""
    sealed: Sealed = openings.seal(
        Whose(Compartment.PERSONAL, owner, Portfolio.purpose_of(piece), FIELD), written.encode()
    )
    year = RegistrationYear.of(written.done_on)
    return Writing(year.begins, written.is_with_peer, sealed)


def day_of(session: HeldSession) -> date:
    """The day of a session by the wall clock of its own zone."""
    return session.starts_at.astimezone(ZoneInfo(session.time_zone)).date()


def sessions_of(sessions: Iterable[HeldSession], year: RegistrationYear) -> list[HeldSession]:
    """Those of one registration year."""
    return [each for each in sessions if RegistrationYear.of(day_of(each)) == year]

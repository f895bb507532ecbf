"""Somebody's own professional development: pieces under the regulator's headings, what a year still lacks, and a paper of it."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.at_the_door import RoomForPaper
from api.auth.callers import Now, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MadeResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
)
from api.records.cpd_paper import cpd_paper
from api.records.known_names import Acquaintance
from api.records.portfolio import (
    OpenedPiece,
    PortfolioDesk,
    YearSeen,
    day_of,
    sealed_piece,
    sessions_of,
)
from domain.commands import portfolios as commands
from domain.confidential_words import Suspicion, suspected_in
from domain.piece import LONGEST_PART, LONGEST_TITLE, PieceKind, WrittenPiece
from domain.registration_year import EARLIEST, LATEST, RegistrationYear
from domain.relationship_events import Mode
from projections.cpd_questions import HeldSession

router = APIRouter(prefix="/me/cpd", tags=["professional development"])

Year = Annotated[int | None, Query(ge=EARLIEST, le=LATEST)]
"""The year in whose December a registration year begins; this one, if none is named."""


class PieceWords(Body):
    """What is written of a piece in one's own words; nothing confidential may stand there."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE, examples=["An hour about leading"])
    about: str = Field(
        min_length=1, max_length=LONGEST_PART, examples=["What it was, and why it is relevant."]
    )
    learned: str = Field(min_length=1, max_length=LONGEST_PART, examples=["What I learned."])
    impact: str = Field(default="", max_length=LONGEST_PART, examples=["Its impact."])
    peer: str = Field(
        default="", max_length=LONGEST_PART, examples=["What I learned from a peer about it."]
    )


class KeepPiece(PieceWords):
    """A piece under the regulator's headings; with words of a peer it counts as talked over with one."""

    kind: PieceKind = Field(examples=["being_mentored"])
    done_on: date = Field(examples=["2026-03-02"])
    session: UUID | None = Field(
        default=None, description="A session of one's own that it is about, if any."
    )

    def written(self) -> WrittenPiece:
        """The same, checked by the domain."""
        return WrittenPiece(**self.model_dump())


class SessionAnswer(BaseModel):
    """What the service vouches for: day, minutes and how; never with whom."""

    session: UUID
    day: date
    minutes: int
    mode: Mode

    @classmethod
    def of(cls, held: HeldSession) -> Self:
        """The same as it is recorded."""
        return cls(session=held.session, day=day_of(held), minutes=held.minutes, mode=held.mode)


class PieceAnswer(KeepPiece):
    """A piece as it stands, for its owner."""

    id: UUID
    registration_year: int
    kept_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, opened: OpenedPiece) -> Self:
        """The same, opened."""
        written, piece = opened.written, opened.piece
        return cls(
            id=opened.id,
            registration_year=piece.year,
            kept_at=piece.kept_at,
            changed_at=piece.changed_at,
            kind=written.kind,
            done_on=written.done_on,
            session=written.session,
            **written.words,
        )


class YearAnswer(BaseModel):
    """A registration year: how many pieces there are, and what is missing of the two that are asked."""

    begins: int
    first_day: date
    last_day: date
    pieces: int
    pieces_missing: int
    is_peer_missing: bool

    @classmethod
    def of(cls, seen: YearSeen) -> Self:
        """The same in a line."""
        return cls(
            begins=seen.year.begins,
            first_day=seen.year.first_day,
            last_day=seen.year.last_day,
            pieces=seen.pieces,
            pieces_missing=seen.missing.pieces,
            is_peer_missing=seen.missing.peer,
        )


class PortfolioAnswer(BaseModel):
    """Every year in which something is, the newest first, and the sessions at which one was; nothing is opened."""

    years: list[YearAnswer]
    sessions: list[SessionAnswer]


class PiecesAnswer(BaseModel):
    """The pieces of a registration year, by their days."""

    pieces: list[PieceAnswer]


class SuspectedAnswer(BaseModel):
    """In which part something may be confidential, and what; never the words themselves."""

    part: str
    what: Suspicion


class CheckAnswer(BaseModel):
    """What to look at again before saving; it keeps nobody from saving."""

    suspected: list[SuspectedAnswer]


@router.get("")
def show(
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    now: Now,
) -> PortfolioAnswer:
    """Show what each year has and lacks; no piece is opened for it."""
    desk = PortfolioDesk(mentoring, openings, reader, caller, now)
    sessions = desk.sessions()
    return PortfolioAnswer(
        years=list(map(YearAnswer.of, desk.years(sessions))),
        sessions=list(map(SessionAnswer.of, sessions)),
    )


@router.get("/pieces")
def show_pieces(
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    now: Now,
    year: Year = None,
) -> PiecesAnswer:
    """Open what one wrote for a registration year; that is recorded as one's own look."""
    desk = PortfolioDesk(mentoring, openings, reader, caller, now)
    found = desk.pieces_of(_year(desk, year))
    return PiecesAnswer(pieces=list(map(PieceAnswer.of, found)))


@router.get("/pieces/{piece}")
def show_piece(
    piece: UUID,
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    now: Now,
) -> PieceAnswer:
    """Open one piece."""
    desk = PortfolioDesk(mentoring, openings, reader, caller, now)
    return PieceAnswer.of(desk.piece(piece))


@router.post("/check")
def check(
    body: PieceWords,
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    now: Now,
) -> CheckAnswer:
    """Look through words for what may be confidential, before they are kept; nothing of them is."""
    known = Acquaintance(mentoring, openings, reader, caller, now).known_names()
    found = suspected_in(body.model_dump(include=set(PieceWords.model_fields)), known)
    return CheckAnswer(
        suspected=[SuspectedAnswer(part=each.part, what=each.what) for each in found]
    )


@router.post("/pieces", status_code=201)
def keep(
    body: KeepPiece,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> MadeResult:
    """Add a piece to one's own portfolio; it needs nobody's consent."""
    # The command's id, which a repetition shares.
    id, written = carrier.order.command_id, body.written()
    written.require_happened(carrier.order.act.at)
    return carrier.make(
        lambda mentoring, order: commands.keep_piece(
            mentoring, order, piece=id, writing=sealed_piece(openings, caller.person, id, written)
        )
    )


@router.put("/pieces/{piece}")
def amend(
    piece: UUID,
    body: KeepPiece,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Write a piece anew; what it said before goes when the piece is destroyed."""
    written = body.written()
    written.require_happened(carrier.order.act.at)
    commands.require_piece(carrier.mentoring, caller.person, piece)
    return carrier.carry_out(
        lambda mentoring, order: commands.amend_piece(
            mentoring,
            order,
            piece=piece,
            writing=sealed_piece(openings, caller.person, piece, written),
        )
    )


@router.delete("/pieces/{piece}")
def destroy(piece: UUID, caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Destroy a piece with its key, so that nobody reads it ever again."""
    return carrier.carry_out(commands.destroy_piece, piece=piece)


@router.get(
    "/paper",
    dependencies=[RoomForPaper],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "A tagged PDF."}},
)
def show_paper(
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    now: Now,
    year: Year = None,
) -> Response:
    """Print a registration year; the paper is made in memory and kept nowhere."""
    desk = PortfolioDesk(mentoring, openings, reader, caller, now)
    of = _year(desk, year)
    sessions = sessions_of(desk.sessions(), of)
    paper = cpd_paper(desk.year_seen(of), desk.pieces_of(of), sessions, now)
    headers = {
        "Content-Disposition": f'attachment; filename="professional-development-{of.begins}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(paper, media_type="application/pdf", headers=headers)


def _year(desk: PortfolioDesk, begins: int | None) -> RegistrationYear:
    return desk.this_year if begins is None else RegistrationYear(begins)

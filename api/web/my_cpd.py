"""Somebody's own professional development, on both sides: what a year has and lacks, and a form for each piece.

Before anything is kept, a form is looked through for what may be confidential; it warns once, and never refuses.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, ValidationError

from api.at_the_door import RoomForPaper
from api.dependencies import CarrierPart, CommandResult, ReaderPart
from api.records.cpd_paper import missing_in_words, vouched_for, year_in_words
from api.records.openings import Openings
from api.records.portfolio import PortfolioDesk, sessions_of
from api.routes import portfolio as routes
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.party import Party, PartyPart
from domain.access import Caller
from domain.confidential_words import Suspicion
from domain.mentoring import Mentoring
from domain.piece import HEADINGS, LONGEST_PART, LONGEST_TITLE, PIECE_KIND_WORDS, PieceKind
from domain.registration_year import RegistrationYear
from projections.cpd_questions import HeldSession
from projections.reader import Reader

router = APIRouter(prefix="/my-cpd", include_in_schema=False, dependencies=[ReadForm])

SUSPICIONS = {
    Suspicion.PARTNER: "a name of somebody you were mentored with",
    Suspicion.ORGANISATION: "the name of the organisation that pays for your place",
    Suspicion.MAIL_ADDRESS: "a mail address",
    Suspicion.TELEPHONE: "a telephone number",
    Suspicion.POSTCODE: "a postcode",
    Suspicion.STREET: "a street",
    Suspicion.LINK: "a link",
}
PARTS = {"title": "Title", **HEADINGS}
HINTS = {
    "about": "Nothing confidential: no names, nothing by which somebody could be known.",
    "learned": "",
    "impact": "You can write this later.",
    "peer": "At least one piece a year is talked over with a peer. Leave it empty if this one was not.",
}


class PieceForm(TypedForm):
    """A piece as somebody fills it in."""

    faults: ClassVar[Mapping[str, str]] = {
        "title": "Write a title, in 200 characters at most.",
        "kind": "Choose what type it was.",
        "done_on": "Enter the day, such as 2026-03-02. It must not be one to come.",
        "about": "Write what it was and why it is relevant, in 4,000 characters at most.",
        "learned": "Write what you learned, in 4,000 characters at most.",
        "impact": "Write at most 4,000 characters.",
        "peer": "Write at most 4,000 characters.",
    }
    blamed: ClassVar[str] = "done_on"

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    kind: PieceKind
    done_on: date
    about: str = Field(min_length=1, max_length=LONGEST_PART)
    learned: str = Field(min_length=1, max_length=LONGEST_PART)
    impact: str = Field(default="", max_length=LONGEST_PART)
    peer: str = Field(default="", max_length=LONGEST_PART)
    session: UUID | None = None
    looked_at: str = Field(default="", max_length=64)

    def said(self) -> routes.KeepPiece:
        """The same as the API takes it."""
        return routes.KeepPiece(**self.model_dump(exclude={"looked_at"}))

    @property
    def digest(self) -> str:
        """What these words are known by on the page that warned of them; other words are looked through anew."""
        words = [str(getattr(self, name)) for name in PARTS]
        return hashlib.sha256("\0".join(words).encode(errors="replace")).hexdigest()


@dataclass(frozen=True)
class Owner:
    """Who looks at their own portfolio."""

    party: Party
    reader: Reader

    @property
    def parts(self) -> tuple[Caller, Mentoring, Openings, Reader, datetime]:
        """What every look takes."""
        party = self.party
        return party.caller, party.mentoring, party.openings, self.reader, party.now

    @property
    def desk(self) -> PortfolioDesk:
        """What reads it."""
        caller, mentoring, openings, reader, now = self.parts
        return PortfolioDesk(mentoring, openings, reader, caller, now)


async def owner_of(party: PartyPart, reader: ReaderPart) -> Owner:
    """Gather it."""
    return Owner(party, reader)


OwnerPart = Annotated[Owner, Depends(owner_of)]


@router.get("")
def show(owner: OwnerPart, year: routes.Year = None, at_least: AtLeast = None) -> Response:
    """A registration year; its pieces are opened, which is recorded as one's own look."""
    desk = owner.desk
    of = desk.this_year if year is None else RegistrationYear(year)
    sessions = desk.sessions()
    return owner.party.page(
        "my_cpd.html",
        seen=desk.year_seen(of),
        years=desk.years(sessions),
        in_words=year_in_words,
        missing=missing_in_words,
        pieces=desk.pieces_of(of),
        sessions=sessions_of(sessions, of),
        vouched_for=vouched_for,
        kinds=PIECE_KIND_WORDS,
        headings=HEADINGS,
        is_saved=at_least is not None,
    )


@router.get("/new")
def begin(owner: OwnerPart, session: Annotated[UUID | None, Query()] = None) -> Response:
    """The form, empty or begun with a session that was held."""
    held = _held(owner, session)
    kind = "being_mentored" if owner.party.side.is_mentee else "mentoring_somebody"
    begun = {"session": str(held.session), "kind": kind} if held else {}
    if held:
        begun["done_on"] = routes.SessionAnswer.of(held).day.isoformat()
    return _form(owner, Filled(begun, form="new"), held)


@router.post("/new")
def keep(owner: OwnerPart, carrier: CarrierPart) -> Response:
    """Keep a piece, unless something in it should be looked at again first."""
    party = owner.party

    def carry(form: PieceForm) -> CommandResult:
        return routes.keep(form.said(), party.caller, carrier, party.openings)

    return _kept(owner, carry)


@router.get("/paper", dependencies=[RoomForPaper])
def show_paper(owner: OwnerPart, year: routes.Year = None) -> Response:
    """A registration year as a PDF."""
    return routes.show_paper(*owner.parts, year)


@router.get("/{piece}")
def show_one(piece: UUID, owner: OwnerPart) -> Response:
    """One piece, to be written anew or destroyed."""
    opened = owner.desk.piece(piece)
    written = opened.written
    fields = {"kind": written.kind.value, "done_on": written.done_on.isoformat(), **written.words}
    fields |= {"session": str(written.session)} if written.session else {}
    return _form(owner, Filled(fields, form=str(piece)), _held(owner, written.session), piece)


@router.post("/{piece}")
def amend(piece: UUID, owner: OwnerPart, carrier: CarrierPart) -> Response:
    """Write it anew."""
    party = owner.party

    def carry(form: PieceForm) -> CommandResult:
        return routes.amend(piece, form.said(), party.caller, carrier, party.openings)

    return _kept(owner, carry, piece)


@router.post("/{piece}/destruction")
def destroy(piece: UUID, owner: OwnerPart, carrier: CarrierPart) -> Response:
    """Destroy it for ever."""
    party = owner.party

    def carry(_form: ButtonForm) -> CommandResult:
        return routes.destroy(piece, party.caller, carrier)

    return carried_out(party.request, ButtonForm, carry, lambda _filled: show_one(piece, owner))


def _kept(owner: Owner, carry: Any, piece: UUID | None = None) -> Response:
    request = owner.party.request
    warnings = _warnings(owner, request)
    if warnings is not None:
        filled = Filled(request.state.form, form=_form_name(piece))
        return _form(owner, filled, _held(owner, _session_in(filled)), piece, warnings)

    def again(filled: Filled) -> Response:
        return _form(owner, filled, _held(owner, _session_in(filled)), piece)

    return carried_out(request, PieceForm, carry, again)


@dataclass(frozen=True, slots=True)
class Warned:
    """What to look at again, and of which words that was said."""

    sentences: list[str]
    digest: str


def _warnings(owner: Owner, request: Request) -> Warned | None:
    """What to look at again; nothing where it was, or where the form has faults to mend first."""
    try:
        form = PieceForm.model_validate(request.state.form)
    except ValidationError:
        return None
    if form.looked_at == form.digest:
        return None
    words = routes.PieceWords(**form.model_dump(include=set(routes.PieceWords.model_fields)))
    found = routes.check(words, *owner.parts).suspected
    said = [f"{PARTS[each.part]}: there may be {SUSPICIONS[each.what]}." for each in found]
    return Warned(said, form.digest) if said else None


def _held(owner: Owner, session: UUID | None) -> HeldSession | None:
    """A session of their own that was held; any other id is nothing."""
    if session is None:
        return None
    return next((each for each in owner.desk.sessions() if each.session == session), None)


def _session_in(filled: Filled) -> UUID | None:
    try:
        return UUID(filled.fields.get("session", ""))
    except ValueError:
        return None


def _form_name(piece: UUID | None) -> str:
    return str(piece) if piece else "new"


def _form(
    owner: Owner,
    filled: Filled = NOTHING_FILLED,
    held: HeldSession | None = None,
    piece: UUID | None = None,
    warned: Warned | None = None,
) -> Response:
    return owner.party.page(
        "my_cpd_piece.html",
        filled=filled,
        form=_form_name(piece),
        piece=piece,
        vouched=vouched_for(held) if held else None,
        warned=warned,
        kinds=PIECE_KIND_WORDS,
        headings=HEADINGS,
        hints=HINTS,
    )

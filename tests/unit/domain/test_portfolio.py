import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.access import Caller, consent_needed, may_open
from domain.consent_keys import EndedKey, keys_ended_by
from domain.errors import SealedForAnotherPurpose
from domain.piece import PieceIsNotWell, PieceIsOfTheFuture, PieceKind, WrittenPiece
from domain.portfolio import (
    MOST_PIECES,
    NotYourPortfolio,
    PieceIsThere,
    PieceIsUnknown,
    Portfolio,
    TooManyPieces,
    Writing,
    YearIsUnreal,
)
from domain.registration_year import NotARegistrationYear, RegistrationYear, StillMissing
from domain.sealed import SealedForAnother, WrongCompartment
from domain.values import Act, Compartment, Role, Sealed

ME = UUID(int=7)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ACT = Act(ME, NOW)
YEAR = RegistrationYear(2025)


def written(piece: UUID, **other: Any) -> Sealed:
    facts: dict[str, Any] = {
        "compartment": Compartment.PERSONAL,
        "owner": ME,
        "purpose": Portfolio.purpose_of(piece),
        "field": "piece",
        "key_id": uuid4(),
        "ciphertext": b"\x01",
    }
    return Sealed(**(facts | other))


def writing(piece: UUID, *, year: int = 2025, peer: bool = False, **other: Any) -> Writing:
    return Writing(year, peer, written(piece, **other))


@pytest.fixture
def portfolio() -> Portfolio:
    return Portfolio.begin_for(ME, ACT)


def kept(portfolio: Portfolio, **options: Any) -> UUID:
    piece = uuid4()
    portfolio.keep(piece, writing(piece, **options), ACT)
    return piece


def test_a_year_lacks_two_pieces_and_one_with_a_peer(portfolio: Portfolio) -> None:
    assert portfolio.missing_in(YEAR) == StillMissing(2, peer=True)
    kept(portfolio)
    assert portfolio.missing_in(YEAR) == StillMissing(1, peer=True)
    kept(portfolio, year=2024, peer=True)
    kept(portfolio)
    assert portfolio.missing_in(YEAR) == StillMissing(0, peer=True)
    kept(portfolio, peer=True)
    assert portfolio.missing_in(YEAR).is_nothing


@pytest.mark.parametrize(
    ("day", "begins"),
    [(date(2025, 11, 30), 2024), (date(2025, 12, 1), 2025), (date(2026, 11, 30), 2025)],
)
def test_a_registration_year_begins_on_the_first_of_december(day: date, begins: int) -> None:
    year = RegistrationYear.of(day)

    assert year.begins == begins
    assert year.first_day <= day <= year.last_day
    assert RegistrationYear.of(year.last_day + timedelta(days=1)).begins == begins + 1


def test_no_year_is_named_by_what_is_none() -> None:
    with pytest.raises(NotARegistrationYear):
        RegistrationYear(99)


def test_a_piece_is_amended_and_keeps_its_beginning(portfolio: Portfolio) -> None:
    piece, later = kept(portfolio), NOW + timedelta(days=3)
    portfolio.amend(piece, writing(piece, year=2024, peer=True), Act(ME, later))

    found = portfolio.piece(piece)
    assert (found.year, found.is_with_peer) == (2024, True)
    assert (found.kept_at, found.changed_at) == (NOW, later)


def test_destroying_a_piece_ends_its_key_alone(portfolio: Portfolio) -> None:
    piece, other = kept(portfolio), kept(portfolio)
    portfolio.collect_events()
    portfolio.destroy(piece, ACT)

    (fact,) = portfolio.collect_events()
    assert keys_ended_by(fact) == (EndedKey("personal", ME, f"cpd:{piece}"),)
    assert list(portfolio.pieces) == [other]
    with pytest.raises(PieceIsUnknown):
        portfolio.destroy(piece, ACT)
    with pytest.raises(PieceIsUnknown):
        portfolio.amend(piece, writing(piece), ACT)


def test_nobody_else_writes_in_it(portfolio: Portfolio) -> None:
    piece, other = kept(portfolio), Act(uuid4(), NOW)
    for wrong in (
        lambda: portfolio.keep(new := uuid4(), writing(new), other),
        lambda: portfolio.amend(piece, writing(piece), other),
        lambda: portfolio.destroy(piece, other),
        lambda: Portfolio.begin_for(ME, other),
    ):
        with pytest.raises(NotYourPortfolio):
            wrong()


def test_only_what_is_sealed_for_this_piece_is_kept(portfolio: Portfolio) -> None:
    piece = uuid4()
    for other, refusal in (
        ({"owner": uuid4()}, SealedForAnother),
        ({"compartment": Compartment.SPECIAL}, WrongCompartment),
        ({"purpose": "take_part"}, SealedForAnotherPurpose),
        ({"purpose": Portfolio.purpose_of(uuid4())}, SealedForAnotherPurpose),
    ):
        with pytest.raises(refusal):
            portfolio.keep(piece, writing(piece, **other), ACT)
    with pytest.raises(YearIsUnreal):
        portfolio.keep(piece, writing(piece, year=2026), ACT)
    portfolio.keep(piece, writing(piece), ACT)
    with pytest.raises(PieceIsThere):
        portfolio.keep(piece, writing(piece), ACT)


def test_a_portfolio_is_full_one_day_and_has_room_again(portfolio: Portfolio) -> None:
    first = kept(portfolio)
    for _ in range(MOST_PIECES - 1):
        kept(portfolio)
    with pytest.raises(TooManyPieces):
        kept(portfolio)
    portfolio.destroy(first, ACT)
    kept(portfolio)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("compartment", Compartment)
def test_nobody_opens_a_piece_but_its_owner_as_a_party(
    role: Role, compartment: Compartment
) -> None:
    purpose = Portfolio.purpose_of(uuid4())
    is_party = role in {Role.MENTEE, Role.MENTOR}
    is_own = compartment is Compartment.PERSONAL and is_party

    assert may_open(Caller(ME, role), compartment, ME, purpose) == is_own
    other = Caller(uuid4(), role)
    assert not may_open(other, compartment, ME, purpose, shown_to=[other.person])
    assert consent_needed(compartment, purpose) is None


PIECE = WrittenPiece(
    PieceKind.BEING_MENTORED,
    "An hour about leading",
    date(2026, 3, 2),
    "What it was: Zoë 🌱",
    "What I learned.",
    session=UUID(int=5),
)


def test_a_piece_reads_as_it_was_written() -> None:
    assert WrittenPiece.decode(PIECE.encode()) == PIECE
    assert PIECE.encode().isascii()
    assert "Zoë" not in repr(PIECE)
    assert not PIECE.is_with_peer


def changed(**members: Any) -> str:
    return json.dumps(json.loads(PIECE.encode()) | members, separators=(",", ":"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        changed(version=2),
        changed(kind="supper"),
        changed(title=""),
        changed(about="x" * 4001),
        changed(about=5),
        changed(session="no"),
        changed(done_on="2026-02-30"),
        changed(more=1),
        PIECE.encode() + " ",
    ],
)
def test_what_is_no_piece_is_refused(text: str) -> None:
    with pytest.raises(PieceIsNotWell):
        WrittenPiece.decode(text)


def test_a_piece_is_about_something_that_has_happened() -> None:
    noon = datetime.combine(PIECE.done_on, time(12), tzinfo=UTC)
    PIECE.require_happened(noon)
    with pytest.raises(PieceIsOfTheFuture):
        PIECE.require_happened(noon - timedelta(days=1))


def test_a_day_begins_by_the_clock_on_the_wall_and_in_summer_an_hour_early() -> None:
    summer = replace(PIECE, done_on=date(2026, 7, 2))
    summer.require_happened(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    with pytest.raises(PieceIsOfTheFuture):
        summer.require_happened(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))


def test_the_longest_piece_fits_into_an_event() -> None:
    longest = WrittenPiece(
        PieceKind.OTHER,
        "🌱" * 200,
        date(2026, 3, 2),
        "🌱" * 4000,
        "🌱" * 4000,
        "🌱" * 4000,
        "🌱" * 4000,
    )

    # An event takes a megabyte; sealed bytes are written in base64.
    assert len(longest.encode()) * 4 / 3 < 512 * 1024


FROZEN = (
    '{"version":1,"kind":"being_mentored","title":"Zo\\u00eb","done_on":"2026-03-02","about":"a\\nb",'
    '"learned":"l","impact":"","peer":"p","session":"00000000-0000-0000-0000-000000000005"}'
)


def test_what_was_sealed_in_version_1_is_read_for_ever() -> None:
    piece = WrittenPiece.decode(FROZEN)

    assert (piece.title, piece.about, piece.is_with_peer) == ("Zoë", "a\nb", True)
    assert piece.session == UUID(int=5)
    assert piece.encode() == FROZEN

"""Papers: what is written is printed as it stands and never carried out, in every script that there are letters for."""

import unicodedata
import zlib
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from api.papers import printing
from api.papers.lettering import LONGEST_UNBROKEN, SHOWN, UNSEEN, lacks_characters, lines_of
from api.papers.printing import PaperNotMade, printed
from api.records.cpd_paper import cpd_paper
from api.records.portfolio import OpenedPiece, YearSeen
from domain.piece import PieceKind, WrittenPiece
from domain.portfolio import Piece
from domain.registration_year import RegistrationYear, StillMissing
from domain.relationship_events import Mode
from domain.values import Compartment, Sealed
from projections.cpd_questions import HeldSession
from tests.papers import words_of

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
SEEN = YearSeen(RegistrationYear(2025), 1, StillMissing.after(1, 0))
SESSION = HeldSession(UUID(int=5), AT, "Europe/London", 60, Mode.VIRTUAL)
SEALED = Sealed(Compartment.PERSONAL, UUID(int=1), "cpd", "piece", UUID(int=2), b"\x01")
HOSTILE = {
    '#panic() #eval("1+1") #read("/etc/passwd") #import "@preview/x:0.1.0" *b* _e_ $x^2$ `raw`': (
        '#panic() #eval("1+1") #read("/etc/passwd") #import "@preview/x:0.1.0" *b* _e_ $x^2$ `raw`'
    ),
    "<label> @reference \\ // comment /* open #[ ] { } ~ -- --- ... = Heading + - / \u0000\u0007": (
        "<label> @reference \\ // comment /* open #[ ] { } ~ -- --- ... = Heading + - /"
    ),
    "שלום עולם with Latin, مرحبا بالعالم 123": "with Latin",
    "\u202eevil\u202c 😀 👩🏽‍⚕️ 中文字 \ud800 Ŵŷ Łódź": (
        "evil [grinning face] [woman][emoji modifier fitzpatrick type-4]⚕ […] Ŵŷ Łódź"
    ),
    "w" * 4000: " ".join(["w" * LONGEST_UNBROKEN] * 4),
    "=\n" * 2000: " ".join("=" * 50),
}
"""What is written, and what a reader finds of it on the paper."""


def pieces(count: int, words: str) -> list[OpenedPiece]:
    written = WrittenPiece(
        PieceKind.COURSE, words[:200], date(2026, 3, 2), words, words, words, words, SESSION.session
    )
    piece = Piece(2025, is_with_peer=True, written=SEALED, kept_at=AT, changed_at=AT)
    return [OpenedPiece(UUID(int=n), piece, written) for n in range(count)]


def paper_of(found: list[OpenedPiece], sessions: list[HeldSession]) -> bytes:
    return cpd_paper(SEEN, found, sessions, AT)


def test_a_year_without_anything_is_a_paper_too() -> None:
    assert paper_of([], []).startswith(b"%PDF-")


def test_a_paper_says_that_it_is_tagged_and_made_for_everybody() -> None:
    paper = paper_of(pieces(1, "Some words."), [SESSION])

    assert b"/StructTreeRoot" in paper
    assert b"pdfuaid:part" in paper
    assert b"/Lang (en-GB)" in paper or b"/Lang(en-GB)" in paper


@pytest.mark.parametrize(
    ("words", "shown"), HOSTILE.items(), ids=[str(n) for n in range(len(HOSTILE))]
)
def test_whatever_is_written_is_printed_and_never_carried_out(words: str, shown: str) -> None:
    """A word that were carried out would stop the press, or come out as something else."""
    assert shown.encode() in words_of(paper_of(pieces(1, words), [SESSION]))


def test_two_hundred_pieces_are_one_paper() -> None:
    paper = paper_of(pieces(200, "Some words. " * 20), [SESSION] * 40)

    assert paper.startswith(b"%PDF-")
    assert len(paper) > 200_000


def test_every_character_that_is_said_to_be_there_is_there() -> None:
    """The press refuses a paper with a character that its fonts do not have."""
    shown = [chr(each) for first, last in SHOWN for each in range(first, last + 1)]
    letters = [each for each in shown if unicodedata.category(each) not in UNSEEN]
    everything = " ".join(letters)

    assert not lacks_characters(everything)
    assert paper_of(pieces_with(everything), []).startswith(b"%PDF-")


def pieces_with(text: str) -> list[OpenedPiece]:
    parts = [text[start : start + 3000] for start in range(0, len(text), 3000)]
    return [each for part in parts for each in pieces(1, part)]


def test_what_cannot_be_printed_is_named_or_marked() -> None:
    (line,) = lines_of("Well 😀 done 中文字 here\ufe0f\u200d.")

    assert line.text == "Well [grinning face] done […] here."
    assert lacks_characters("😀")
    assert not lacks_characters("Zoë\u202e\n")


def test_lines_are_read_from_their_own_side_and_long_words_break() -> None:
    first, second, third = lines_of("123 שלום\n\nLatin שלום\n" + "w" * 100)

    assert (first.is_from_right, second.is_from_right) == (True, False)
    assert third.text.replace("\u200b", "") == "w" * 100
    assert max(map(len, third.text.split("\u200b"))) == LONGEST_UNBROKEN


def test_a_press_that_fails_tells_nothing_of_the_words(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PaperNotMade) as refused:
        printed("portfolio", {"title": "Zinnober"}, AT)

    assert "Zinnober" not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert capfd.readouterr() == ("", "")


def test_a_paper_larger_than_any_should_be_is_not_handed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printing, "LARGEST_PAPER", 1000)
    with pytest.raises(PaperNotMade):
        paper_of([], [])


def test_while_others_are_being_made_a_paper_waits_and_is_then_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printing, "WAIT_SECONDS", 0.01)
    for _ in range(printing.AT_ONCE):
        assert printing.ROOM.acquire(timeout=30)
    try:
        with pytest.raises(PaperNotMade):
            paper_of([], [])
    finally:
        for _ in range(printing.AT_ONCE):
            printing.ROOM.release()
    assert paper_of([], []).startswith(b"%PDF-")


def test_a_paper_carries_nothing_of_the_machine() -> None:
    """Neither a path nor a name of it, packed or not."""
    paper = paper_of(pieces(1, "Some words."), [])
    for unpacked in (paper, *_streams(paper)):
        assert b"/work/" not in unpacked
        assert b"/home/" not in unpacked


def _streams(paper: bytes) -> list[bytes]:
    found = []
    for part in paper.split(b"stream\n")[1:]:
        unpacker = zlib.decompressobj()
        try:
            found.append(unpacker.decompress(part))
        except zlib.error:
            continue
    return found

"""A registration year of somebody's portfolio on paper, to be handed to their regulator or employer by themselves."""

from collections.abc import Sequence
from datetime import date, datetime

from api.papers.lettering import lacks_characters, lines_of
from api.papers.printing import printed
from api.records.portfolio import OpenedPiece, YearSeen, day_of
from domain.piece import HEADINGS, PIECE_KIND_WORDS
from domain.registration_year import RegistrationYear, StillMissing
from domain.relationship_events import Mode
from projections.cpd_questions import HeldSession

TITLE = "Continuing professional development"
MODES = {Mode.VIRTUAL.value: "By video", Mode.IN_PERSON.value: "In person"}
VOUCHED = (
    "Where a session is named, its day and its length are taken from the record of the mentoring service.",
    "Everything else was written by the owner of this paper, and was read by nobody else there. The service does not vouch for it.",
)
LACKING = (
    "Some characters could not be printed. They are named in square brackets, or stand as […]."
)


def cpd_paper(
    seen: YearSeen,
    pieces: Sequence[OpenedPiece],
    sessions: Sequence[HeldSession],
    made_at: datetime,
) -> bytes:
    """The PDF; raises PaperNotMade."""
    lacks = any(
        map(lacks_characters, (text for each in pieces for text in each.written.words.values()))
    )
    words = {
        "title": TITLE,
        "year": f"Registration year {year_in_words(seen.year)}",
        "standing": missing_in_words(seen.missing),
        "pieces": [_piece(each, sessions) for each in pieces],
        "sessions_heading": "Sessions in this year, as the service recorded them",
        "sessions": [_session(each) for each in sessions],
        "vouching_heading": "What this paper rests on",
        "vouching": [*VOUCHED, *([LACKING] if lacks else [])],
    }
    return printed("portfolio", words, made_at)


def year_in_words(year: RegistrationYear) -> str:
    """1 December 2025 to 30 November 2026."""
    return f"{plain_day(year.first_day)} to {plain_day(year.last_day)}"


def plain_day(day: date) -> str:
    """2 March 2026."""
    return f"{day.day} {day:%B %Y}"


def missing_in_words(missing: StillMissing) -> str:
    """What a year lacks, in a sentence."""
    if missing.is_nothing:
        return "The two pieces that are asked for each year are here, one of them talked over with a peer."
    lacks = {0: "", 1: "one more piece", 2: "two pieces"}[missing.pieces]
    peer = "one with what you learned from a peer" if missing.peer else ""
    return f"Still missing of what is asked for this year: {' and '.join(filter(None, [lacks, peer]))}."


def vouched_for(session: HeldSession) -> str:
    """What the service says of a session: when, how long and how, never with whom."""
    return (
        f"A session of {session.minutes} minutes on {plain_day(day_of(session))}, "
        f"{MODES[session.mode].lower()}"
    )


def _piece(opened: OpenedPiece, sessions: Sequence[HeldSession]) -> dict[str, object]:
    written = opened.written
    known = next((each for each in sessions if each.session == written.session), None)
    return {
        "title": [each.as_words() for each in lines_of(written.title)],
        "kind": PIECE_KIND_WORDS[written.kind],
        "done_on": plain_day(written.done_on),
        "vouched": f"{vouched_for(known)}, as the service recorded it." if known else None,
        "parts": [
            {"heading": HEADINGS[name], "lines": [each.as_words() for each in lines_of(text)]}
            for name, text in written.words.items()
            if text and name in HEADINGS
        ],
    }


def _session(session: HeldSession) -> dict[str, str]:
    return {
        "day": plain_day(day_of(session)),
        "minutes": str(session.minutes),
        "mode": MODES[session.mode],
    }

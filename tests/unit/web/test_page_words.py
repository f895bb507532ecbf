"""The words of pages: there is one for everything that can be recorded, and none that we never use."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from api.web import (
    asking,
    my_consents_view,
    my_mentoring,
    my_profile_view,
    my_rights_view,
    pair_arrangements,
    pair_proposal,
    pair_view,
    pipeline_view,
    session_view,
    times,
)
from api.web.answers import is_safe
from api.web.forms import _fields
from api.web.rendering import short_reference
from domain.access_register import AccessPurpose, RecordKind
from domain.consent_terms import ConsentMethod
from domain.mentor_profile_events import ProfileStage
from domain.proposal import DeclineReason
from domain.relationship_events import Cadence, Mode, RematchReason
from domain.relationship_state import Stage
from domain.sealed_words import SaidOf
from domain.session import Outcome
from domain.values import Purpose, Role
from projections.reader import Cursor

PAGES = Path(my_mentoring.__file__).parent
NEVER = re.compile(
    r"\b(clients?|cases?|patients?|tickets?|customers?|supervisions?|counselling)\b", re.IGNORECASE
)
MENTEE_PAGES = (
    "my_mentoring",
    "relationship",
    "request",
    "plan_session",
    "session",
    "arrangements",
    "my_availability",
    "proposal",
    "partner",
    "agreement",
    "my_consents",
    "who_looked",
)
NOON = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "everything"),
    [
        (pair_proposal.DECLINE_REASONS, DeclineReason),
        (pair_view.STEP_OF, Stage),
        (pair_view.CADENCES, Cadence),
        (session_view.SESSION_WORDS[Role.MENTEE], Outcome),
        (session_view.SESSION_WORDS[Role.MENTOR], Outcome),
        (pair_arrangements.REMATCH_REASONS, RematchReason),
        (my_profile_view.STAGES, ProfileStage),
        (asking.MODES, Mode),
        (my_consents_view.PURPOSES, Purpose),
        (my_consents_view.METHODS, ConsentMethod),
        (my_rights_view.WHO, Role),
        (my_rights_view.WHAT, RecordKind),
        (my_rights_view.WHY, AccessPurpose),
        (pipeline_view.STAGE_WORDS, Stage),
        (pipeline_view.SAID_OF, SaidOf),
    ],
)
def test_there_are_words_for_everything(words: dict[str, object], everything: type[Stage]) -> None:
    assert set(everything) <= set(words)


@pytest.mark.parametrize("file", [*PAGES.glob("templates/*.html"), *PAGES.glob("*.py")], ids=str)
def test_no_page_uses_a_word_that_we_never_use(file: Path) -> None:
    text = re.sub(r"\bcase _:|\bcase Stage\.", "", file.read_text())

    assert NEVER.findall(text) == []


@pytest.mark.parametrize("page", MENTEE_PAGES)
def test_mentees_read_of_a_mentoring_partner(page: str) -> None:
    text = (PAGES / "templates" / f"{page}.html").read_text()
    shown = re.sub(r"{[{%].*?[%}]}|<[^>]*>", "", text)

    assert re.findall(r"\bmentors?\b", shown) == []


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON, "Wednesday 1 July 2026 at 12pm, London time"),
        (datetime(2026, 1, 5, 10, 30, tzinfo=UTC), "Monday 5 January 2026 at 10:30am, London time"),
        (datetime(2026, 6, 30, 23, 5, tzinfo=UTC), "Wednesday 1 July 2026 at 12:05am, London time"),
    ],
)
def test_moments_are_told_by_the_clock_of_their_zone(moment: datetime, words: str) -> None:
    assert times.moment(moment) == words


def test_a_zone_is_named_as_people_name_it() -> None:
    assert times.zone_name("America/New_York") == "New York time"


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "less than a day"), (0, "less than a day"), (1, "1 day"), (9, "9 days")],
)
def test_waiting_is_told_in_whole_days(days: int, words: str) -> None:
    assert times.how_long(NOON - timedelta(days=days), NOON) == words


def test_the_parts_of_the_bar_fill_it() -> None:
    counts = dict.fromkeys(Stage, 0) | {Stage.REQUESTED: 1, Stage.ACTIVE: 2}
    parts = [part for part in pipeline_view.stages_shown(counts) if part.count]

    assert [(part.left, part.width) for part in parts] == [(0, 33.33), (33.33, 66.67)]


def test_a_place_shows_each_session_once() -> None:
    used = pair_view.Used(granted=3, used=1, reserved=1)

    assert used.marks == ["used", "planned", "free"]
    assert used.words == "1 of 3 sessions used, 1 planned"


BEYOND = "9" * 30 + ".3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"


@pytest.mark.parametrize("text", ["", "7", "x.y", "7.not-an-id", BEYOND])
def test_a_cursor_that_is_none_begins_at_the_first_page(text: str) -> None:
    assert pipeline_view.as_cursor(text) is None


def test_a_cursor_goes_through_an_address_unchanged() -> None:
    cursor = Cursor(7, UUID("3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21"))

    assert pipeline_view.as_cursor(pipeline_view.as_text(cursor)) == cursor


def test_a_reference_is_short_enough_to_say() -> None:
    assert short_reference("3d0c7a4e-8d0f-4b8e-a9c5-6c1f0b7f2e21") == "3D0C-7A4E"


@pytest.mark.parametrize("address", ["/pipeline?token=x", "//a", "a", "", "/a b", "/a?stage=x&"])
def test_no_address_leads_away_or_carries_what_we_do_not_put_there(address: str) -> None:
    assert not is_safe(address)


def test_empty_fields_count_as_not_filled_in() -> None:
    assert _fields(b"reason=&version=1") == {"version": "1"}

"""How a mentor stands with the scheme, in words."""

from dataclasses import dataclass

from domain.mentor_profile_events import ProfileStage
from projections.my_caseload import MentorStanding

STAGES = {
    ProfileStage.APPLIED: (
        "Thank you for offering to mentor.",
        "A coordinator is looking at your application. As soon as it is decided, it says so here.",
    ),
    ProfileStage.APPROVED: ("You can be suggested to somebody.", ""),
    ProfileStage.NOT_APPROVED: (
        "We cannot take up your offer now.",
        "If you would like to know more, ask a coordinator.",
    ),
    ProfileStage.PAUSED: (
        "You take nobody new for now.",
        "Those you work with already are not touched by that.",
    ),
    ProfileStage.LEFT: ("You have left the scheme.", "Thank you for the hours you gave."),
}
NOT_APPLIED = (
    "You have not offered to mentor yet.",
    "Tell us that you would like to; a coordinator then gets in touch.",
)


@dataclass(frozen=True, slots=True)
class StandingShown:
    """What the page says first, and what is missing before anybody can be suggested."""

    stage: ProfileStage | None
    sentence: str
    more: str
    capacity: str
    missing: tuple[str, ...]


def standing_shown(standing: MentorStanding | None) -> StandingShown:
    """Put a mentor's standing into words."""
    if standing is None:
        return StandingShown(None, *NOT_APPLIED, "", ())
    sentence, more = STAGES[standing.stage]
    missing = _missing(standing)
    if standing.stage is ProfileStage.APPROVED and missing:
        sentence = "You are approved. Nobody can be suggested to you yet."
    return StandingShown(standing.stage, sentence, more, _capacity(standing), missing)


def _missing(standing: MentorStanding) -> tuple[str, ...]:
    if standing.stage is not ProfileStage.APPROVED:
        return ()
    needed = {
        "Say how many people you can work with at a time.": standing.capacity == 0,
        "Write what people read about you before they say yes.": not standing.is_published,
    }
    return tuple(words for words, is_missing in needed.items() if is_missing)


def _capacity(standing: MentorStanding) -> str:
    if standing.capacity == 0:
        return ""
    people = "person" if standing.capacity == 1 else "people"
    engaged = standing.capacity - standing.free
    return f"You can work with {standing.capacity} {people} at a time, and work with {engaged} now."

"""What somebody wishes of the matching, on a page of ticks; backgrounds stand apart, under a consent of their own."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from fastapi import APIRouter, Response
from pydantic import ConfigDict

from api.dependencies import CommandResult
from api.routes import preferences
from api.routes.preferences import StateBackground, StatePreferences
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm, carried_out
from api.web.looking import AtLeast
from api.web.party import Party, PartyPart, SenderPart
from domain.commands.loading import find_ledger
from domain.matching.aspects import CHOICES, LANGUAGES, OWN, Aspect, Dimension
from domain.matching.words import (
    ALIKE_WORDS,
    CHOICE_WORDS,
    DIMENSION_WORDS,
    IMPORTANCE_WORDS,
    LANGUAGE_WORDS,
    OWN_WORDS,
)
from domain.values import Purpose

router = APIRouter(prefix="/preferences", include_in_schema=False)

Legends = Mapping[Aspect, str]
ABOUT_MENTEE: Legends = {
    Aspect.PRACTICE: "Where do you work?",
    Aspect.CAREER: "Where are you in your career?",
}
WISHES_OF_MENTEE: Legends = {
    Aspect.THEMES: "What would you like to think through?",
    Aspect.PRACTICE: "Which work should they know?",
    Aspect.APPROACH: "Which way of theirs would suit you?",
    Aspect.CAREER: "Where should they be in their career?",
}
ABOUT_MENTOR: Legends = {
    Aspect.THEMES: "What can you think through with somebody?",
    Aspect.PRACTICE: "Which work do you know?",
    Aspect.APPROACH: "What is your way?",
    Aspect.CAREER: "Where are you in your career?",
}
WISHES_OF_MENTOR: Legends = {
    Aspect.PRACTICE: "Where should somebody work?",
    Aspect.CAREER: "Where should somebody be in their career?",
}


class TickedForm(TypedForm):
    """A form of ticks: a field that is there is ticked, and what it stands for is in its name."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    @property
    def fields(self) -> Mapping[str, str]:
        """What was sent."""
        return {name: str(value) for name, value in (self.model_extra or {}).items()}


class PreferencesForm(TickedForm):
    """What somebody says of themselves and wishes of the other."""

    faults: ClassVar[Mapping[str, str]] = {
        "employer": "Write at most 120 characters.",
        "team": "Write at most 120 characters.",
    }
    blamed: ClassVar[str] = "employer"

    employer: str = ""
    team: str = ""

    def said(self) -> StatePreferences:
        """The same as the API takes it."""
        fields = self.fields
        return StatePreferences.model_validate(
            {
                "languages": list(_ticked(fields, "language", LANGUAGES)),
                "about": {
                    each: list(_ticked(fields, f"about_{each}", CHOICES[each])) for each in CHOICES
                },
                "wishes": list(_wishes(fields)),
                "employer": self.employer,
                "team": self.team,
                "same_employer_welcome": "same_employer_welcome" in fields,
            }
        )


class BackgroundForm(TickedForm):
    """What somebody says of their background, and wishes of a partner's."""

    blamed: ClassVar[str] = "together"

    def said(self) -> StateBackground:
        """The same as the API takes it."""
        fields = self.fields
        wished = {each: fields.get(f"alike_{each}", "") for each in Dimension}
        return StateBackground.model_validate(
            {
                "own": {each: list(_ticked(fields, f"own_{each}", OWN[each])) for each in OWN},
                "wishes": {each: alike for each, alike in wished.items() if alike},
                "importance": _number(fields.get("importance_background", "1")),
                "together": "together" in fields,
            }
        )


@router.get("")
def show(party: PartyPart, at_least: AtLeast = None) -> Response:
    """What they said, opened for this page; that is recorded as their own look."""
    return _page(party, is_saved=at_least is not None)


@router.post("")
def save(sender: SenderPart) -> Response:
    """Say what one wishes; it replaces what was said before."""

    def carry(form: PreferencesForm) -> CommandResult:
        return preferences.state(form.said(), *sender.carried_with_words)

    party = sender.party
    return carried_out(party.request, PreferencesForm, carry, lambda filled: _page(party, filled))


@router.post("/background")
def save_background(sender: SenderPart) -> Response:
    """Say something of backgrounds."""

    def carry(form: BackgroundForm) -> CommandResult:
        return preferences.state_background(form.said(), *sender.carried_with_words)

    party = sender.party
    return carried_out(party.request, BackgroundForm, carry, lambda filled: _page(party, filled))


@router.post("/background-removal")
def take_background_back(sender: SenderPart) -> Response:
    """Let it count for nothing."""

    def carry(_form: ButtonForm) -> CommandResult:
        return preferences.take_background_back(*sender.carried)

    party = sender.party
    return carried_out(party.request, ButtonForm, carry, lambda filled: _page(party, filled))


def _page(party: Party, filled: Filled = NOTHING_FILLED, *, is_saved: bool = False) -> Response:
    is_mentee = party.side.is_mentee
    ledger = find_ledger(party.mentoring, party.caller.person)
    may_say_background = ledger is not None and ledger.is_live(
        Purpose.IDENTITY_PREFERENCE, party.now
    )
    return party.page(
        "my_preferences.html",
        filled=filled,
        said=_said(party) | (dict(filled.fields) if filled.faults else {}),
        is_saved=is_saved,
        languages=LANGUAGE_WORDS,
        choices_of=CHOICE_WORDS,
        about=ABOUT_MENTEE if is_mentee else ABOUT_MENTOR,
        wishes=WISHES_OF_MENTEE if is_mentee else WISHES_OF_MENTOR,
        importances={each.value: words for each, words in IMPORTANCE_WORDS.items()},
        dimensions=DIMENSION_WORDS,
        own=OWN_WORDS,
        alike={"": "no wish", **ALIKE_WORDS},
        may_say_background=may_say_background,
    )


def _said(party: Party) -> dict[str, str]:
    """The forms as they were sent last; only what can be opened."""
    parts = (party.caller, party.now, party.mentoring, party.openings)
    fields: dict[str, str] = {}
    stated = preferences.show(*parts).preferences
    if stated is not None:
        fields |= _fields_of(stated)
    background = preferences.show_background(*parts).background
    if background is not None:
        fields |= _fields_of_background(background)
    return fields


def _fields_of(stated: StatePreferences) -> dict[str, str]:
    ticks = [f"language_{each}" for each in stated.languages]
    ticks += [
        f"about_{aspect}_{each}" for aspect, values in stated.about.items() for each in values
    ]
    ticks += [f"wish_{wish.aspect}_{each}" for wish in stated.wishes for each in wish.any_of]
    ticks += ["same_employer_welcome"] if stated.same_employer_welcome else []
    importances = {f"importance_{w.aspect}": str(w.importance.value) for w in stated.wishes}
    words = {"employer": stated.employer, "team": stated.team}
    return dict.fromkeys(ticks, "on") | importances | words


def _fields_of_background(said: StateBackground) -> dict[str, str]:
    ticks = [f"own_{dimension}_{each}" for dimension, values in said.own.items() for each in values]
    ticks += ["together"] if said.together else []
    alike = {f"alike_{dimension}": alike.value for dimension, alike in said.wishes.items()}
    importance = {"importance_background": str(said.importance.value)}
    return dict.fromkeys(ticks, "on") | alike | importance


def _wishes(fields: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for aspect, offered in CHOICES.items():
        any_of = list(_ticked(fields, f"wish_{aspect}", offered))
        if any_of:
            importance = _number(fields.get(f"importance_{aspect}", "1"))
            yield {"aspect": aspect, "any_of": any_of, "importance": importance}


def _ticked(fields: Mapping[str, str], name: str, offered: tuple[str, ...]) -> Iterator[str]:
    return (each for each in offered if f"{name}_{each}" in fields)


def _number(text: str) -> object:
    """A number where it is one; anything else is for the API's own fields to refuse."""
    return int(text) if text.isascii() and text.isdigit() else text

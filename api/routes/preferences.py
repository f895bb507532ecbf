"""What a party states for the matching: what they say of themselves, and what they wish of the other."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.callers import Now, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
)
from api.fields import named_by
from api.records.openings import Why
from api.records.statements import seal_background, seal_stated
from api.records.words import WordsAnswer, WordsState, open_words
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import preferences as commands
from domain.matching.aspects import Alike, Aspect, Dimension, Importance
from domain.matching.stated import LONGEST_WORKPLACE, Background, Stated, Wish
from domain.relationship_events import Part
from domain.values import Role

router = APIRouter(prefix="/me/preferences", tags=["preferences"])

MOST_CHOICES = 20
Choices = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=MOST_CHOICES)]
Workplace = Annotated[str, Field(max_length=LONGEST_WORKPLACE)]


class WishBody(Body):
    """Any of these would do; 1 is a wish, 2 a strong wish, 3 a need."""

    aspect: Aspect = Field(examples=["themes"])
    any_of: Choices = Field(examples=[["leading"]])
    importance: Importance = Field(default=Importance.WISH, examples=[1])


class StatePreferences(Body):
    """What somebody says and wishes; what is left out is not said, and restricts nothing."""

    languages: Choices = Field(default_factory=list, examples=[["en"]])
    about: Annotated[dict[Aspect, Choices], named_by(Aspect)] = Field(
        default_factory=dict, max_length=len(Aspect), examples=[{"practice": ["adults"]}]
    )
    wishes: list[WishBody] = Field(default_factory=list, max_length=len(Aspect))
    employer: Workplace = Field(default="", examples=["Borough of Fernley"])
    team: Workplace = Field(default="", examples=["Duty"])
    same_employer_welcome: bool = False

    def said(self) -> Stated:
        """The same, checked by the domain."""
        return Stated(
            tuple(self.languages),
            tuple((aspect, tuple(values)) for aspect, values in self.about.items()),
            tuple(Wish(each.aspect, tuple(each.any_of), each.importance) for each in self.wishes),
            self.employer,
            self.team,
            self.same_employer_welcome,
        )

    @classmethod
    def of(cls, stated: Stated) -> "StatePreferences":
        """How a statement is shown."""
        return cls(
            languages=list(stated.languages),
            about={aspect: list(values) for aspect, values in stated.about},
            wishes=[
                WishBody(aspect=each.aspect, any_of=list(each.any_of), importance=each.importance)
                for each in stated.wishes
            ],
            employer=stated.employer,
            team=stated.team,
            same_employer_welcome=stated.same_employer_welcome,
        )


class StateBackground(Body):
    """What somebody chose to say of their own background and, for a mentee, wishes about the other's.

    Needs a live consent to `identity_preference`. With `together` all wishes must hold at once.
    """

    own: Annotated[dict[Dimension, Choices], named_by(Dimension)] = Field(
        default_factory=dict, max_length=len(Dimension), examples=[{"faith": ["sikh"]}]
    )
    wishes: Annotated[dict[Dimension, Alike], named_by(Dimension)] = Field(
        default_factory=dict, max_length=len(Dimension)
    )
    importance: Importance = Field(default=Importance.WISH, examples=[1])
    together: bool = False

    def said(self, part: Part) -> Background:
        """The same, checked by the domain; a mentor's wishes are left out, since none of them counts."""
        return Background(
            tuple((dimension, tuple(values)) for dimension, values in self.own.items()),
            tuple(self.wishes.items()) if part is Part.MENTEE else (),
            self.importance,
            self.together,
        )

    @classmethod
    def of(cls, background: Background) -> "StateBackground":
        """How a statement is shown."""
        return cls(
            own={dimension: list(values) for dimension, values in background.own},
            wishes=dict(background.wishes),
            importance=background.importance,
            together=background.together,
        )


class PreferencesAnswer(BaseModel):
    """What one stated oneself, as far as it can be shown."""

    state: WordsState
    preferences: StatePreferences | None = None


class BackgroundAnswer(BaseModel):
    """The same of backgrounds."""

    state: WordsState
    background: StateBackground | None = None


@router.put("")
def state(
    body: StatePreferences,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say what one wishes of a mentoring partner, or of a mentee; it replaces what was said before."""
    stated, part = body.said(), Part(caller.role.value)
    return carrier.carry_out(
        lambda mentoring, order: commands.state_preferences(
            mentoring, order, part=part, stated=seal_stated(openings, caller.person, stated)
        )
    )


@router.get("")
def show(
    caller: PartyCaller, now: Now, mentoring: MentoringPart, openings: OpeningsPart
) -> PreferencesAnswer:
    """Open what one stated oneself; like every look it is recorded."""
    found = commands.find_preferences(mentoring, caller.person)
    value = found.stated.get(_part(caller.role)) if found else None
    why = Why(RecordKind.PREFERENCES, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
    opened = open_words(openings, caller, value, why, now=now)
    if opened.text is None:
        return PreferencesAnswer(state=opened.state)
    shown = StatePreferences.of(Stated.decode(opened.text))
    return PreferencesAnswer(state=opened.state, preferences=shown)


@router.put("/background")
def state_background(
    body: StateBackground,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say something of one's own background, and a mentee what they wish of a partner's."""
    part = _part(caller.role)
    background = body.said(part)
    return carrier.carry_out(
        lambda mentoring, order: commands.state_detail(
            mentoring, order, part=part, detail=seal_background(openings, caller.person, background)
        )
    )


@router.get("/background")
def show_background(
    caller: PartyCaller, now: Now, mentoring: MentoringPart, openings: OpeningsPart
) -> BackgroundAnswer:
    """Open what one said of backgrounds oneself."""
    found = commands.find_preferences(mentoring, caller.person)
    value = found.details.get(_part(caller.role)) if found else None
    why = Why(RecordKind.IDENTITY, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
    opened: WordsAnswer = open_words(openings, caller, value, why, now=now)
    if opened.text is None:
        return BackgroundAnswer(state=opened.state)
    shown = StateBackground.of(Background.decode(opened.text))
    return BackgroundAnswer(state=opened.state, background=shown)


@router.delete("/background")
def take_background_back(caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Let what one said of backgrounds count for nothing; the consent stays as it is."""
    part = _part(caller.role)
    return carrier.carry_out(commands.take_detail_back, part=part)


def _part(role: Role) -> Part:
    """The side on which a party calls."""
    return Part(role.value)

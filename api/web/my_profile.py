"""A mentor's own profile on a page: offering to mentor, what others read of them, and how many at a time."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.auth.callers import may_call
from api.dependencies import CommandResult
from api.fields import PersonName
from api.records.words import LONGEST_WORDS, WordsState
from api.routes import mentor_profiles
from api.web.filled import NOTHING_FILLED, AnyForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.my_profile_view import standing_shown
from api.web.pair_proposal import profile_of
from api.web.party import Party, PartyPart, Sender, SenderPart
from domain.mentor_profile import MOST_CAPACITY, MentorProfile
from domain.mentor_profile_events import ProfileStage
from domain.mentoring import NotFound
from domain.programme import Programme
from domain.relationship_events import Kind
from domain.values import Role
from projections.my_caseload import MentorStanding

router = APIRouter(
    prefix="/my-caseload/profile",
    include_in_schema=False,
    dependencies=[ReadForm, Depends(may_call(Role.MENTOR))],
)

KINDS = {
    Kind.FORMAL: "With somebody who would like to learn from my experience",
    Kind.REVERSE: "With somebody more senior than I am, who would like to learn from my view",
    Kind.FOR_DIVERSITY: "With somebody who looks for a partner with a background that they name",
    Kind.GROUP: "With a small group",
}
"""What a mentor offers, in the words in which they would say it."""

DECIDED_AGAINST = frozenset({ProfileStage.NOT_APPROVED, ProfileStage.LEFT})


class ApplicationForm(TypedForm):
    """An offer to mentor."""

    faults: ClassVar[Mapping[str, str]] = {"words": "Write at most 4,000 characters."}
    blamed: ClassVar[str] = "words"

    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


class PublishForm(TypedForm):
    """What people read of a mentor before they say yes."""

    faults: ClassVar[Mapping[str, str]] = {
        "display_name": "Enter the name that people should read, in at most 200 characters.",
        "words": "Write something about yourself, in at most 4,000 characters.",
    }
    blamed: ClassVar[str] = "display_name"

    display_name: PersonName
    words: str = Field(min_length=1, max_length=LONGEST_WORDS)


class CapacityForm(TypedForm):
    """How many people at a time."""

    faults: ClassVar[Mapping[str, str]] = {
        "capacity": f"Enter a number from 0 to {MOST_CAPACITY}.",
    }
    blamed: ClassVar[str] = "capacity"

    capacity: int = Field(ge=0, le=MOST_CAPACITY)


class KindsForm(TypedForm):
    """Ticks: a field that is there is ticked."""

    faults: ClassVar[Mapping[str, str]] = {}
    blamed: ClassVar[str] = "kinds"

    formal: str | None = None
    reverse: str | None = None
    for_diversity: str | None = None
    group: str | None = None

    def ticked(self) -> list[Kind]:
        """The kinds that were ticked."""
        return [each for each in KINDS if getattr(self, each.value) is not None]


class NothingToFillIn(TypedForm):
    """The wish alone."""


@router.get("")
def show(party: PartyPart, at_least: AtLeast = None) -> Response:
    """How they stand, always as it is now, and what they show; opening that is recorded as their own look."""
    return _page(party, is_saved=at_least is not None)


@router.post("/application")
def apply(sender: SenderPart) -> Response:
    """Offer to mentor."""

    def carry(form: ApplicationForm) -> CommandResult:
        body = mentor_profiles.ApplyToMentor(words=form.words)
        return mentor_profiles.apply(body, *sender.carried_with_words)

    return _sent(sender, ApplicationForm, carry)


@router.post("/published")
def publish(sender: SenderPart) -> Response:
    """Choose what to show."""

    def carry(form: PublishForm) -> CommandResult:
        body = mentor_profiles.PublishProfile(display_name=form.display_name, words=form.words)
        return mentor_profiles.publish(body, *sender.carried_with_words)

    return _sent(sender, PublishForm, carry)


@router.post("/capacity")
def set_capacity(sender: SenderPart) -> Response:
    """Say how many at a time."""

    def carry(form: CapacityForm) -> CommandResult:
        body = mentor_profiles.SetCapacity(capacity=form.capacity)
        return mentor_profiles.capacity(body, *sender.carried)

    return _sent(sender, CapacityForm, carry)


@router.post("/kinds")
def offer_kinds(sender: SenderPart) -> Response:
    """Say which kinds of mentoring one offers."""

    def carry(form: KindsForm) -> CommandResult:
        body = mentor_profiles.OfferKinds.model_construct(kinds=form.ticked())
        return mentor_profiles.kinds(body, *sender.carried)

    return _sent(sender, KindsForm, carry)


@router.post("/pause")
def pause(sender: SenderPart) -> Response:
    """Take nobody new for a while."""
    return _sent(sender, NothingToFillIn, lambda _form: mentor_profiles.pause(*sender.carried))


@router.post("/resumption")
def resume(sender: SenderPart) -> Response:
    """Take new people again."""
    return _sent(sender, NothingToFillIn, lambda _form: mentor_profiles.resume(*sender.carried))


@router.post("/leaving")
def leave(sender: SenderPart) -> Response:
    """Leave the scheme."""
    return _sent(sender, NothingToFillIn, lambda _form: mentor_profiles.leave(*sender.carried))


def _sent(
    sender: Sender, kind: type[AnyForm], carry: Callable[[AnyForm], CommandResult]
) -> Response:
    party = sender.party
    return carried_out(party.request, kind, carry, lambda filled: _page(party, filled))


def _page(party: Party, filled: Filled = NOTHING_FILLED, *, is_saved: bool = False) -> Response:
    profile = _find(party)
    standing = _standing(profile) if profile else None
    return party.page(
        "my_profile.html",
        filled=filled,
        is_saved=is_saved,
        shown=standing_shown(standing),
        has_applied=profile is not None,
        can_change=profile is not None and profile.stage not in DECIDED_AGAINST,
        capacity=profile.capacity if profile else 0,
        most=MOST_CAPACITY,
        kinds=KINDS,
        offered=_offered(profile, filled.of("kinds")),
        programmes=_programmes(party, profile),
        published=_published(party, profile),
    )


def _offered(profile: MentorProfile | None, filled: Filled) -> set[str]:
    """What is ticked: as it was sent, else as it stands."""
    if filled.fields:
        return set(filled.fields)
    return {each.value for each in profile.kinds} if profile else set()


def _programmes(party: Party, profile: MentorProfile | None) -> list[str]:
    """Where alone they mentor, as a coordinator chose; nothing where it is everywhere."""
    chosen = sorted(profile.programmes) if profile else []
    return sorted(party.mentoring.load(Programme, each).settings.name for each in chosen)


def _standing(profile: MentorProfile) -> MentorStanding:
    is_published = profile.published is not None
    return MentorStanding(profile.stage, is_published, profile.capacity, profile.free)


def _find(party: Party) -> MentorProfile | None:
    try:
        return party.mentoring.load(MentorProfile, MentorProfile.id_of(party.caller.person))
    except NotFound:
        return None


def _published(party: Party, profile: MentorProfile | None) -> Mapping[str, str]:
    """What they show now, to begin from; only what can be opened."""
    if profile is None or profile.published is None:
        return {}
    opened = profile_of(party, profile.person)
    if opened.state is not WordsState.OPEN:
        return {}
    return {"display_name": opened.display_name or "", "words": opened.words or ""}

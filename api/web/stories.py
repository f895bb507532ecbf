"""Stories on pages: what everybody reads, a mentee's own with how it will look, and the desk of whoever checks them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from api.auth.callers import CoordinatorCaller, MenteeCaller, Now, Public
from api.dependencies import (
    ApartPart,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
)
from api.fields import OwnWords
from api.records.known_names import Acquaintance
from api.routes import stories as routes
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm, carried_out, faults_in
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.my_cpd import SUSPICIONS
from api.web.party import Party, PartyPart
from api.web.rendering import page
from domain.access import Caller
from domain.commands.loading import find_ledger
from domain.confidential_words import suspected_in
from domain.story import OUT, SendingBack, Story, StoryStage
from domain.values import Purpose
from projections.reader import Reader
from projections.voices import VoiceStage

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

STAGES = {
    StoryStage.OFFERED: "A coordinator looks at it. It is not shown yet.",
    StoryStage.SENT_BACK: "A coordinator asks you to change something.",
    StoryStage.PUBLISHED: "Everybody can read it.",
    StoryStage.WITHDRAWN: "You took it back. Its words are destroyed.",
}
SENT_BACK = {
    SendingBack.NAMES_SOMEBODY: "It names somebody, or lets readers guess who they are",
    SendingBack.CONFIDENTIAL: "It tells something that should stay confidential",
    SendingBack.NOT_CLEAR: "It is not clear to somebody who was not there",
}
LISTED = {VoiceStage.WAITING: "Waiting", VoiceStage.SHOWN: "Published"}


class StoryForm(TypedForm):
    """A story; it is offered once its writer has seen how it will look."""

    faults: ClassVar[Mapping[str, str]] = {
        "words": "Write your story, in 4,000 characters at most."
    }
    blamed: ClassVar[str] = "words"

    words: OwnWords
    seen: Literal["yes", ""] = ""


class SendBackForm(TypedForm):
    """What is to be changed."""

    faults: ClassVar[Mapping[str, str]] = {"reason": "Choose what is to be changed."}
    blamed: ClassVar[str] = "reason"

    reason: SendingBack


@router.get("/stories", dependencies=[Public])
def show_all(
    request: Request, mentoring: MentoringPart, openings: OpeningsPart, reader: ReaderPart, at: Now
) -> Response:
    """What mentees chose to tell everybody."""
    shown = routes.read_all(mentoring, openings, reader, at).stories
    return page(request, "stories.html", stories=shown)


@router.get("/my-story")
def show_own(
    _caller: MenteeCaller, party: PartyPart, reader: ReaderPart, at_least: AtLeast = None
) -> Response:
    """One's own story and where it stands, or the form."""
    return _own(party, reader, is_saved=at_least is not None)


@router.post("/my-story")
def offer(
    caller: MenteeCaller,
    party: PartyPart,
    reader: ReaderPart,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> Response:
    """Show first how it will look, with what may be confidential in it; then offer it."""
    fields = party.request.state.form
    try:
        form = StoryForm.model_validate(fields)
    except ValidationError as wrong:
        return _own(party, reader, Filled(fields, faults_in(StoryForm, wrong), "my-story"))
    if not form.seen:
        return _own(party, reader, Filled(fields, form="my-story"), preview=form.words)

    def carry(form: StoryForm) -> CommandResult:
        return routes.offer(routes.OfferStory(words=form.words), caller, carrier, openings)

    return carried_out(party.request, StoryForm, carry, lambda filled: _own(party, reader, filled))


@router.post("/my-story/withdrawal")
def withdraw(
    caller: MenteeCaller, party: PartyPart, reader: ReaderPart, carrier: CarrierPart
) -> Response:
    """Take it back, in one step."""

    def carry(_form: ButtonForm) -> CommandResult:
        return routes.withdraw(caller, carrier)

    return carried_out(party.request, ButtonForm, carry, lambda filled: _own(party, reader, filled))


@router.get("/story-desk")
def show_desk(
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    stage: VoiceStage = VoiceStage.WAITING,
    before: Annotated[int | None, Query(ge=0, le=10**15)] = None,
) -> Response:
    """Those that wait, or are published, without their words."""
    found = routes.list_them(caller, mentoring, reader, stage, before)
    return page(request, "story_desk.html", caller=caller, found=found, stage=stage, listed=LISTED)


@router.get("/story-desk/{story}")
def show_one(
    story: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
    at_least: AtLeast = None,
) -> Response:
    """One as everybody will read it; the look is recorded."""
    words = routes.read(story, caller, mentoring, openings, apart, at)
    subject = routes.as_checker(mentoring, apart, caller, story)
    return _one(request, caller, subject, words=words, is_saved=at_least is not None)


@router.post("/story-desk/{story}/publication")
def publish(
    story: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    carrier: CarrierPart,
) -> Response:
    """Show it to everybody."""

    def carry(_form: ButtonForm) -> CommandResult:
        return routes.publish(story, caller, mentoring, apart, carrier)

    def again(filled: Filled) -> Response:
        subject = routes.as_checker(mentoring, apart, caller, story)
        return _one(request, caller, subject, words=None, filled=filled)

    return carried_out(request, ButtonForm, carry, again)


@router.post("/story-desk/{story}/sending-back")
def send_back(
    story: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    carrier: CarrierPart,
) -> Response:
    """Say what is to be changed."""

    def carry(form: SendBackForm) -> CommandResult:
        body = routes.SendStoryBack(reason=form.reason)
        return routes.send_back(story, body, caller, mentoring, apart, carrier)

    def again(filled: Filled) -> Response:
        subject = routes.as_checker(mentoring, apart, caller, story)
        return _one(request, caller, subject, words=None, filled=filled)

    return carried_out(request, SendBackForm, carry, again)


def _own(
    party: Party,
    reader: Reader,
    filled: Filled = NOTHING_FILLED,
    *,
    preview: str | None = None,
    is_saved: bool = False,
) -> Response:
    own = routes.own(party.caller, party.mentoring, party.openings, party.now)
    ledger = find_ledger(party.mentoring, party.caller.person)
    return party.page(
        "my_story.html",
        filled=filled,
        is_saved=is_saved,
        own=own,
        is_out=own.story is not None and own.story.stage in OUT,
        can_take_back=own.story is not None and own.story.stage is not StoryStage.WITHDRAWN,
        may_offer=ledger is not None and ledger.is_live(Purpose.PUBLISH_STORY, party.now),
        preview=preview,
        warnings=_warnings(party, reader, preview),
        stages=STAGES,
        sent_back=SENT_BACK,
    )


def _warnings(party: Party, reader: Reader, preview: str | None) -> list[str]:
    """What in it may be confidential, by its kind."""
    if preview is None:
        return []
    acquaintance = Acquaintance(party.mentoring, party.openings, reader, party.caller, party.now)
    found = suspected_in({"words": preview}, acquaintance.known_names())
    return [SUSPICIONS[each.what] for each in found]


def _one(
    request: Request,
    caller: Caller,
    subject: Story,
    *,
    words: Any,
    is_saved: bool = False,
    filled: Filled = NOTHING_FILLED,
) -> Response:
    return page(
        request,
        "story_checked.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        is_saved=is_saved,
        one=routes.StoryAnswer.of(subject),
        words=words,
        stages=STAGES,
        sent_back=SENT_BACK,
    )

"""Stories of success: offered by a mentee, looked at by a coordinator, read by everybody, taken back at any time."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, MenteeCaller, Now, Public
from api.dependencies import (
    ApartPart,
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
)
from api.errors import NotThereYet
from api.fields import OwnWords
from api.records import stories
from api.records.openings import Openings
from api.records.relations import Apart, own_partners
from api.records.words import WordsAnswer
from domain.access import Caller
from domain.commands.stories import find_story, publish_story, send_story_back, withdraw_story
from domain.mentoring import Mentoring, NotFound
from domain.story import SendingBack, Story, StoryStage
from projections.reader import NotYet, Reader
from projections.voice_questions import voices
from projections.voices import VoiceKind, VoiceStage

router = APIRouter(tags=["stories"])

Before = Annotated[int | None, Query(ge=0, le=10**15)]
MOST_SHOWN = 50


class OfferStory(Body):
    """A story as everybody will read it; it bears no name unless one is written in it."""

    words: OwnWords = Field(examples=["What changed for me, in my own words."])


class SendStoryBack(Body):
    """What is to be changed."""

    reason: SendingBack = Field(examples=["names_somebody"])


class StoryAnswer(BaseModel):
    """Where a story stands, without its words."""

    id: UUID
    stage: StoryStage
    since: datetime
    sent_back_for: SendingBack | None

    @classmethod
    def of(cls, story: Story) -> Self:
        """The same as it stands in its events."""
        return cls(
            id=story.id, stage=story.stage, since=story.since, sent_back_for=story.sent_back_for
        )


class OwnStoryAnswer(BaseModel):
    """One's own story and what it says; null for somebody who never offered one."""

    story: StoryAnswer | None
    words: WordsAnswer | None


class StoryPage(BaseModel):
    """A page of stories without their words, what changed last first, and where the next one begins."""

    stories: list[StoryAnswer]
    next: int | None


class PublishedStories(BaseModel):
    """What mentees chose to tell everybody."""

    stories: list[str]


@router.get("/stories", dependencies=[Public])
def read_all(
    mentoring: MentoringPart, openings: OpeningsPart, reader: ReaderPart, at: Now
) -> PublishedStories:
    """Read what is published at this moment."""
    return PublishedStories(stories=shown_now(mentoring, openings, reader, at))


@router.get("/me/story")
def own(
    caller: MenteeCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> OwnStoryAnswer:
    """See one's own, and where it stands."""
    story = find_story(mentoring, caller.person)
    if story is None:
        return OwnStoryAnswer(story=None, words=None)
    words = stories.read_story(openings, caller, story, now=at)
    return OwnStoryAnswer(story=StoryAnswer.of(story), words=words)


@router.put("/me/story", status_code=201)
def offer(
    body: OfferStory, _caller: MenteeCaller, carrier: CarrierPart, openings: OpeningsPart
) -> CommandResult:
    """Offer a story, under the consent that is for this alone; a coordinator looks at it first."""
    return carrier.carry_out(stories.offer, openings=openings, text=body.words)


@router.delete("/me/story")
def withdraw(_caller: MenteeCaller, carrier: CarrierPart) -> CommandResult:
    """Take it back; it is gone at once, and its key with it."""
    return carrier.carry_out(withdraw_story)


@router.get("/story-desk")
def list_them(
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    stage: VoiceStage = VoiceStage.WAITING,
    before: Before = None,
) -> StoryPage:
    """List stories that wait, or are published, without their words; none of one's own or one's partners."""
    try:
        rows = voices(reader, VoiceKind.STORY, stage, before=before)
        own = own_partners(reader, caller.person)
    except NotYet:
        raise NotThereYet from None
    seen = stories.found(mentoring, [row.record for row in rows if row.person not in own])
    end = rows[-1].position if len(rows) == MOST_SHOWN else None
    return StoryPage(stories=[StoryAnswer.of(each) for each in seen], next=end)


@router.get("/story-desk/{id}/words")
def read(
    id: UUID,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
) -> WordsAnswer:
    """Read one before it is published; the look is recorded."""
    return stories.read_story(openings, caller, as_checker(mentoring, apart, caller, id), now=at)


@router.post("/story-desk/{id}/publication", status_code=201)
def publish(
    id: UUID,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    carrier: CarrierPart,
) -> CommandResult:
    """Show it to everybody, as it was offered."""
    as_checker(mentoring, apart, caller, id)
    return carrier.carry_out(publish_story, story=id)


@router.post("/story-desk/{id}/sending-back", status_code=201)
def send_back(
    id: UUID,
    body: SendStoryBack,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    carrier: CarrierPart,
) -> CommandResult:
    """Say what is to be changed; the mentee reads it."""
    as_checker(mentoring, apart, caller, id)
    return carrier.carry_out(send_story_back, story=id, reason=body.reason)


def as_checker(mentoring: Mentoring, apart: Apart, caller: Caller, id: UUID) -> Story:
    """A story for a coordinator; their own, or their partner's, is another's to look at."""
    story = mentoring.load(Story, id)
    if story.person == caller.person:
        raise NotFound
    apart.require(caller, story.person)
    return story


def shown_now(mentoring: Mentoring, openings: Openings, reader: Reader, at: datetime) -> list[str]:
    """What everybody reads at this moment; raises NotThereYet."""
    try:
        rows = voices(reader, VoiceKind.STORY, VoiceStage.SHOWN, most=MOST_SHOWN)
    except NotYet:
        raise NotThereYet from None
    return stories.published(mentoring, openings, [row.record for row in rows], at)

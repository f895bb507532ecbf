"""Stories: sealed under the consent they rest on, opened by a coordinator, and shown to everybody while both stand."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from api.records.openings import Openings, Why
from api.records.words import WordsAnswer, open_words, seal_words
from crypto.errors import Erased
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.stories import offer_story
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.story import Story, StoryStage
from domain.values import Purpose

OWN = Why(RecordKind.STORY, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
TO_CHECK = Why(RecordKind.STORY, AccessPurpose.ANSWERING, Authority.CONSENT)


def offer(mentoring: Mentoring, order: Order, *, openings: Openings, text: str) -> Recorded:
    """Offer words, sealed anew with each try."""
    purpose = Purpose.PUBLISH_STORY
    words = seal_words(openings, order.act.actor, "story", text, purpose=purpose)
    if words is None:
        raise NotFound
    return offer_story(mentoring, order, words=words)


def read_story(openings: Openings, caller: Caller, story: Story, *, now: datetime) -> WordsAnswer:
    """What it says, for its person or for the coordinator who looks at it; the look is recorded."""
    why = OWN if caller.person == story.person else TO_CHECK
    words = None if story.stage is StoryStage.WITHDRAWN else story.words
    return open_words(openings, caller, words, why, now=now)


def published(
    mentoring: Mentoring, openings: Openings, ids: Iterable[UUID], now: datetime
) -> list[str]:
    """What everybody reads: those that are published at this moment, under a live consent."""
    out = (each for each in found(mentoring, ids) if each.stage is StoryStage.PUBLISHED)
    texts = (openings.open_published(each.words, now=now) for each in out)
    return [text for text in texts if text is not None]


def found(mentoring: Mentoring, ids: Iterable[UUID]) -> list[Story]:
    """Those of them that are there; a person who was erased a moment ago may still be listed."""
    there = []
    for id in ids:
        with suppress(Erased, NotFound):
            there.append(mentoring.load(Story, id))
    return there

"""Given, when, then of stories and suggestions: whose words they are, who may change what, and what goes with them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.consent_keys import EndedKey, keys_ended_by
from domain.errors import SealedForAnotherPurpose
from domain.kept_for import StillKept
from domain.sealed import SealedForAnother
from domain.story import (
    NothingToPublish,
    NothingToTakeBack,
    SendingBack,
    Story,
    StoryIsOut,
    StoryStage,
)
from domain.suggestion import (
    TOLD_PURPOSE,
    Suggestion,
    SuggestionIsAnswered,
    SuggestionIsForgotten,
    SuggestionOutcome,
)
from domain.values import Compartment, Purpose, Sealed
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act, sealed_for

TELLER = uuid4()
BY_COORDINATOR = act(COORDINATOR)


def words() -> Sealed:
    return sealed_for(TELLER, Compartment.PERSONAL, Purpose.PUBLISH_STORY)


def offered() -> Story:
    return Story.offer(words(), act(TELLER))


def test_a_story_is_offered_published_and_taken_back_with_its_key() -> None:
    story = offered()
    assert (story.stage, story.id) == (StoryStage.OFFERED, Story.id_of(TELLER))
    story.publish(BY_COORDINATOR)
    assert story.stage is StoryStage.PUBLISHED

    story.withdraw(act(TELLER))

    assert story.stage is StoryStage.WITHDRAWN
    ended = EndedKey("personal", TELLER, "publish_story")
    assert keys_ended_by(story.pending_events[-1]) == (ended,)
    with pytest.raises(NothingToTakeBack):
        story.withdraw(act(TELLER))
    with pytest.raises(NothingToPublish):
        story.publish(BY_COORDINATOR)


def test_a_story_that_was_sent_back_is_offered_in_other_words_and_none_twice() -> None:
    story = offered()
    with pytest.raises(StoryIsOut):
        story.offer_anew(words(), act(TELLER))
    story.send_back(SendingBack.CONFIDENTIAL, BY_COORDINATOR)
    assert story.sent_back_for is SendingBack.CONFIDENTIAL
    with pytest.raises(NothingToPublish):
        story.publish(BY_COORDINATOR)
    other = words()
    story.offer_anew(other, act(TELLER))
    assert (story.stage, story.words, story.sent_back_for) == (StoryStage.OFFERED, other, None)


def test_a_story_lies_under_the_key_of_the_consent_it_rests_on() -> None:
    for wrong, refusal in (
        (sealed_for(TELLER), SealedForAnotherPurpose),
        (sealed_for(uuid4(), Compartment.PERSONAL, Purpose.PUBLISH_STORY), SealedForAnother),
    ):
        with pytest.raises(refusal):
            Story.offer(wrong, act(TELLER))


def test_a_suggestion_is_answered_once_in_words_under_no_person_s_key() -> None:
    id = uuid4()
    own = sealed_for(TELLER, Compartment.PERSONAL, Suggestion.purpose_of(id))
    made = Suggestion.make(id, own, act(TELLER))
    gist, answer = (sealed_for(id, Compartment.PERSONAL, TOLD_PURPOSE) for _ in range(2))
    for wrong in (own, sealed_for(id, Compartment.PERSONAL, "take_part")):
        with pytest.raises((SealedForAnother, SealedForAnotherPurpose)):
            made.answer(SuggestionOutcome.NOT_NOW, wrong, answer, BY_COORDINATOR)

    made.answer(SuggestionOutcome.TAKEN_UP, gist, answer, BY_COORDINATOR)

    assert (made.outcome, made.gist, made.answer_told) == (SuggestionOutcome.TAKEN_UP, gist, answer)
    with pytest.raises(SuggestionIsAnswered):
        made.answer(SuggestionOutcome.NOT_NOW, gist, answer, BY_COORDINATOR)


def test_the_words_of_a_suggestion_are_sealed_for_it_alone() -> None:
    with pytest.raises(SealedForAnotherPurpose):
        Suggestion.make(uuid4(), sealed_for(TELLER), act(TELLER))


def test_the_words_of_a_suggestion_go_after_their_period_and_the_answer_stays() -> None:
    id, period = uuid4(), timedelta(days=10)
    own = sealed_for(TELLER, Compartment.PERSONAL, Suggestion.purpose_of(id))
    suggestion = Suggestion.make(id, own, act(TELLER))
    with pytest.raises(StillKept):
        suggestion.forget_when_due(period, act(CLERK, MONDAY + 9 * period))
    answered = MONDAY + period
    told = sealed_for(id, purpose=TOLD_PURPOSE)
    suggestion.answer(SuggestionOutcome.TAKEN_UP, told, told, act(COORDINATOR, answered))
    with pytest.raises(StillKept):
        suggestion.forget_when_due(period, act(CLERK, answered + period - timedelta(seconds=1)))

    suggestion.forget_when_due(period, act(CLERK, answered + period))

    assert keys_ended_by(suggestion.pending_events[-1]) == (
        EndedKey("personal", TELLER, Suggestion.purpose_of(id)),
    )
    assert suggestion.gist == told
    with pytest.raises(SuggestionIsForgotten):
        suggestion.forget_when_due(period, act(CLERK, answered + 2 * period))

"""What anybody can say to everybody, at any time: stories under a consent of their own, and suggestions."""

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.commands import consents, stories, suggestions
from domain.story import SendingBack, Story
from domain.suggestion import TOLD_PURPOSE, Suggestion, SuggestionOutcome
from domain.values import Purpose
from tests.properties.scheme_commands import AnybodyDoesAnything, number, pick, seldom, usually
from tests.unit.domain.builders import sealed_for


class VoicesAreHeard(AnybodyDoesAnything):
    """Somebody offers, somebody else decides, and the first may think again."""

    @rule(who=number, by=number, right=usually, then=st.sampled_from("pbpw"), ends=seldom)
    def a_story_is_offered(self, who: int, by: int, then: str, *, right: bool, ends: bool) -> None:
        """Sent back, shown or taken back; now and then the consent ends before somebody shows it."""
        person = pick(self.world.mentees, who)
        words = sealed_for(person, purpose=Purpose.PUBLISH_STORY)
        offers = person if right else pick(self.world.anybody, by)
        self.world.give(stories.offer_story, offers, words=words)
        if ends:
            what = {"person": person, "purpose": Purpose.PUBLISH_STORY}
            self.world.give(consents.withdraw_consent, person, **what)
            self.world.give(stories.offer_story, person, words=words)
        story, coordinator = Story.id_of(person), self.world.coordinator
        if then == "b":
            what_for = {"story": story, "reason": SendingBack.NOT_CLEAR}
            self.world.give(stories.send_story_back, coordinator, **what_for)
            self.world.give(stories.publish_story, coordinator, story=story)
        if then == "w":
            self.world.give(stories.withdraw_story, pick(self.world.parties, by))
        self.world.give(stories.publish_story, coordinator, story=story)

    @rule(who=number, by=number, times=st.integers(1, 2))
    def something_is_suggested(self, who: int, by: int, times: int) -> None:
        id, person = uuid4(), pick(self.world.parties, who)
        words = sealed_for(person, purpose=Suggestion.purpose_of(id))
        self.world.give(suggestions.make_suggestion, person, id=id, words=words)
        for _ in range(times):
            self._answer_suggestion(id, pick([self.world.coordinator, person], by))

    def _answer_suggestion(self, id: UUID, by: UUID) -> None:
        told = sealed_for(id, purpose=TOLD_PURPOSE)
        what = {"suggestion": id, "outcome": SuggestionOutcome.NOT_NOW, "told": (told, told)}
        self.world.give(suggestions.answer_suggestion, by, **what)

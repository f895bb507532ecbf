"""What a log tells of voices: whose story is shown under which consent, and what became of suggestions."""

from typing import Any, ClassVar
from uuid import UUID

from domain.story import Story
from domain.suggestion import Suggestion
from domain.values import Purpose
from tests.properties.scheme_ledgers import LedgerFacts


class VoicesFacts(LedgerFacts):
    """The same of stories and suggestions."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: dict[UUID, UUID] = {}
        self.waiting: set[UUID] = set()
        self.suggested: dict[UUID, bool] = {}

    def _offered_first(self, fact: Any) -> None:
        self.offered[fact.originator_id] = fact.actor
        self._story_offered(fact)

    def _story_offered(self, fact: Any) -> None:
        own = fact.actor == self.offered[fact.originator_id] == fact.words.owner
        self.require("everybody tells their own story", holds=own)
        self._require_consent(fact)
        self.waiting.add(fact.originator_id)

    def _sent_back(self, fact: Any) -> None:
        self.waiting.discard(fact.originator_id)

    def _shown(self, fact: Any) -> None:
        waits = fact.originator_id in self.waiting
        self.require("what is shown was offered as it is", holds=waits)
        self._require_consent(fact)
        self.waiting.discard(fact.originator_id)

    def _taken_back(self, fact: Any) -> None:
        own = fact.actor == self.offered[fact.originator_id]
        self.require("everybody takes back their own story", holds=own)
        self.waiting.discard(fact.originator_id)

    def _require_consent(self, fact: Any) -> None:
        person = self.offered[fact.originator_id]
        consented = self.takes_part(person, fact.timestamp, Purpose.PUBLISH_STORY)
        self.require("3: a story rests on a consent of its own", holds=consented)

    def _suggested(self, fact: Any) -> None:
        self.suggested[fact.originator_id] = False

    def _answered(self, fact: Any) -> None:
        once = not self.suggested[fact.originator_id]
        self.require("an answer is given once", holds=once)
        self.suggested[fact.originator_id] = True

    TELLING: ClassVar[dict[type, Any]] = {
        **LedgerFacts.TELLING,
        Story.Created: _offered_first,
        Story.OfferedAnew: _story_offered,
        Story.SentBack: _sent_back,
        Story.Published: _shown,
        Story.Withdrawn: _taken_back,
        Suggestion.Created: _suggested,
        Suggestion.Answered: _answered,
    }

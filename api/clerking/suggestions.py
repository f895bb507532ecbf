"""Rule 20: destroys what people suggested in their own words, once it was answered for its period."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid5

from api.clerking.errands import Errands
from domain.commands.suggestions import forget_suggestion_when_due
from domain.erasure import ErasureIsHeld
from domain.kept_for import StillKept
from domain.suggestion import SuggestionIsForgotten
from projections.reader import Reader
from projections.voice_questions import answered_before

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class SuggestionsKept:
    """What the scheme said of them stays: it names nobody. What a hold keeps is looked at again tomorrow."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        now = self.errands.parts.clock()
        period = timedelta(days=self.errands.parts.settings.suggestion_days_answered)
        for each in answered_before(self.reader, now - period, most=MOST_AT_ONCE):
            forget = partial(forget_suggestion_when_due, record=each, period=period)
            command_id = uuid5(each, f"forget:{now.date()}")
            done = (SuggestionIsForgotten, StillKept, ErasureIsHeld)
            self.errands.once(command_id, forget, done=done)

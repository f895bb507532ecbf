"""Rule 20: destroys answers about how mentoring went that were kept long enough, or are about somebody who was erased."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid5

from api.clerking.errands import Errands
from domain.commands.feedback import forget_feedback_when_due, forget_with_its_mentor
from domain.feedback import FeedbackIsForgotten
from domain.kept_for import StillKept
from projections.evaluation_questions import ResponseKept, responses_kept
from projections.reader import Reader

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class AnswersKept:
    """Those of one lot were given at one moment, so that they go together."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        now = self.errands.parts.clock()
        period = timedelta(days=self.errands.parts.settings.feedback_days_kept)
        for each in responses_kept(self.reader, before=now - period, most=MOST_AT_ONCE):
            self._forget(each, period)

    def _forget(self, kept: ResponseKept, period: timedelta) -> None:
        forget = partial(forget_feedback_when_due, record=kept.response, period=period)
        if kept.is_orphaned:
            forget = partial(forget_with_its_mentor, record=kept.response)
        command_id = uuid5(kept.response, "forget")
        self.errands.once(command_id, forget, done=(FeedbackIsForgotten, StillKept))

"""What follows when a mentor leaves the scheme: every relationship is closed, and every proposal taken back."""

from dataclasses import dataclass

from api.clerking.errands import Errands
from api.clerking.withdrawals import VISIBLE_WITHIN_SECONDS
from api.whereabouts import Whereabouts
from domain.commands.relationships import end_for_leaving
from domain.mentor_profile import MentorProfile
from domain.policies.leaving import EndForLeaving, intents_of_leaving
from projections.log import Entry


@dataclass(frozen=True)
class Leavings:
    """Ends them one by one; all are tried, so that one that cannot be ended now keeps no other open."""

    errands: Errands
    whereabouts: Whereabouts

    def follow(self, entry: Entry) -> bool:
        """Do what follows from a mentor's leaving; answer whether nothing is left."""
        if not isinstance(entry.event, MentorProfile.Left):
            return True
        mentor = entry.event.actor
        found = self.whereabouts.of(mentor, entry.position, VISIBLE_WITHIN_SECONDS)
        ended = [self._end(intent) for intent in intents_of_leaving(entry.event, found)]
        return all(ended)

    def _end(self, intent: EndForLeaving) -> bool:
        return self.errands.once(
            intent.command_id,
            lambda mentoring, order: end_for_leaving(
                mentoring, order, relationship=intent.relationship, mentor=intent.mentor
            ),
        )

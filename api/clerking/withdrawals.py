"""Rules 2 and 3: what follows from a consent that ended, wherever the person takes part."""

from dataclasses import dataclass

from api.clerking.errands import Errands
from api.whereabouts import Whereabouts
from domain.commands.relationships import end_for_withdrawal, take_back_for_preference
from domain.policies.withdrawal import (
    ENDINGS,
    EndForWithdrawal,
    TakeBackForPreference,
    ends_identity_preference,
    ends_taking_part,
    intents_of_preference,
    intents_of_withdrawal,
)
from projections.log import Entry

VISIBLE_WITHIN_SECONDS = 10.0


@dataclass(frozen=True)
class Withdrawals:
    """Ends and takes back; all of them are tried, so that one that cannot be ended now keeps no other open."""

    errands: Errands
    whereabouts: Whereabouts

    def follow(self, entry: Entry) -> bool:
        """Do what follows from the end of a consent; answer whether nothing is left."""
        if not isinstance(entry.event, ENDINGS) or not _has_consequences(entry.event):
            return True
        found = self.whereabouts.of(entry.event.person, entry.position, VISIBLE_WITHIN_SECONDS)
        ended = [self._end(intent) for intent in intents_of_withdrawal(entry.event, found)]
        taken = [self._take_back(intent) for intent in intents_of_preference(entry.event, found)]
        return all(ended + taken)

    def _end(self, intent: EndForWithdrawal) -> bool:
        return self.errands.once(
            intent.command_id,
            lambda mentoring, order: end_for_withdrawal(
                mentoring, order, relationship=intent.relationship, person=intent.person
            ),
        )

    def _take_back(self, intent: TakeBackForPreference) -> bool:
        return self.errands.once(
            intent.command_id,
            lambda mentoring, order: take_back_for_preference(
                mentoring,
                order,
                relationship=intent.relationship,
                mentee=intent.mentee,
                ended_at=intent.ended_at,
            ),
        )


def _has_consequences(fact: object) -> bool:
    return ends_taking_part(fact) or ends_identity_preference(fact)

"""Rule 8: ends what nobody answered in its time; one that cannot be ended stops no other."""

from dataclasses import dataclass
from uuid import uuid5

from api.clerking.errands import Errands
from domain.commands.proposals import Answer, expire_proposal
from projections.deadlines import Deadline
from projections.reader import Reader


@dataclass(frozen=True)
class Expiries:
    """Ends every open proposal whose time is over."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        for deadline in self.reader.due_deadlines(self.errands.parts.clock()):
            self._expire(deadline)

    def _expire(self, deadline: Deadline) -> None:
        answer = Answer(deadline.relationship, deadline.proposal, deadline.version)
        self.errands.once(
            uuid5(deadline.proposal, f"expire:{deadline.version}"),
            lambda mentoring, order: expire_proposal(mentoring, order, answer=answer),
        )

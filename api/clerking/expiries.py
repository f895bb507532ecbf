"""Rule 8: ends what nobody answered in its time, and reminds people before; one that cannot be done stops no other."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from api.clerking.errands import Errands
from domain.commands.proposals import Answer, expire_proposal
from domain.commands.reminders import break_silence, nudge_or_expire
from domain.policies.quiet import Due
from domain.relationship_reminders import NotQuietEnough
from domain.relationship_state import NotMatched
from projections.deadlines import Deadline
from projections.reader import Reader

NOTHING_TO_SAY = (NotQuietEnough, NotMatched)
"""Somebody was heard of, or reminded, since the deadline was read."""


@dataclass(frozen=True)
class Expiries:
    """Does what falls due in relationships."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        for deadline in self.reader.due_deadlines(self.errands.parts.clock()):
            self._see_to(deadline)

    def _see_to(self, deadline: Deadline) -> None:
        if deadline.proposal is None or deadline.version is None:
            self._break_silence(deadline)
            return
        answer = Answer(deadline.relationship, deadline.proposal, deadline.version)
        if deadline.what is Due.PROPOSAL_NUDGED:
            self._nudge(answer)
        else:
            self._expire(answer)

    def _expire(self, answer: Answer) -> None:
        self.errands.once(
            _id_of("expire", answer),
            lambda mentoring, order: expire_proposal(mentoring, order, answer=answer),
        )

    def _nudge(self, answer: Answer) -> None:
        self.errands.once(
            _id_of("nudge", answer),
            lambda mentoring, order: nudge_or_expire(mentoring, order, answer=answer),
            done=NOTHING_TO_SAY,
        )

    def _break_silence(self, deadline: Deadline) -> None:
        of, due_at = deadline.relationship, deadline.due_at
        self.errands.once(
            uuid5(of, f"{deadline.what}:{due_at.isoformat()}"),
            lambda mentoring, order: break_silence(mentoring, order, relationship=of),
            done=NOTHING_TO_SAY,
        )


def _id_of(what: str, answer: Answer) -> UUID:
    return uuid5(answer.proposal, f"{what}:{answer.version}")

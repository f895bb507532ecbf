"""What is decided about nudges and about offering an ending: rule 8, by the clerk and by nobody else."""

from datetime import datetime
from uuid import UUID

from domain.errors import DomainError
from domain.policies.quiet import Due, next_for_proposal, next_for_silence
from domain.relationship_events import Silence
from domain.relationship_state import RelationshipState
from domain.values import Act


class NotQuietEnough(DomainError):
    """There is nothing to remind anybody of here now."""


class RelationshipReminders(RelationshipState):
    """Decisions about reminding people; none of them changes where a relationship stands."""

    version: int
    modified_on: datetime

    def nudge_proposal(self, proposal: UUID, version: int, act: Act) -> None:
        """Note that those who have not answered are reminded, once for each version."""
        offered = self.require_proposal(proposal, version)
        offered.require_unexpired(act.at)
        due = next_for_proposal(
            offered.proposed_at, offered.expires_at, is_nudged=self.nudged_proposal == offered.id
        )
        if due.what is not Due.PROPOSAL_NUDGED or act.at < due.at:
            raise NotQuietEnough
        self.record(self.ProposalNudged, act, proposal=proposal, version=version)

    def break_silence(self, act: Act) -> None:
        """Note the nudge, or the offer to end without fault, that is due by now."""
        self.require_matched()
        silence = self.silence()
        due = next_for_silence(silence.since, silence.nudges)
        if self.is_paused or silence.is_offered or act.at < due.at:
            raise NotQuietEnough
        if due.what is Due.ENDING_OFFERED:
            self.record(self.EndingOffered, act, quiet_since=silence.since)
        else:
            number = silence.nudges + 1
            self.record(self.SilenceNudged, act, quiet_since=silence.since, number=number)

    def silence(self) -> Silence:
        """Since when nothing was heard: a reminder breaks no silence, and a session planned is none."""
        if self.last_reminder is not None and self.last_reminder.version == self.version:
            return self.last_reminder
        ends = [each.span.ends_at for each in self.sessions.values() if each.outcome is None]
        return Silence(max([self.modified_on, *ends]), nudges=0, version=self.version)

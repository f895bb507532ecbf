"""What is decided about how two go on: their agreement, how often they meet, pauses, and a wish for somebody else."""

from domain.relationship_events import Cadence, RematchReason
from domain.relationship_state import (
    AgreementAlreadyAccepted,
    AlreadyPaused,
    NothingChanges,
    NotPaused,
    RelationshipState,
    RematchAlreadyRequested,
)
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Sealed


class RelationshipArrangements(RelationshipState):
    """Decisions that a participant takes for the pair, once it is one."""

    def accept_agreement(self, version: int, act: Act) -> None:
        """Accept one version of the mentoring agreement, with its limits of confidentiality."""
        self.require_participant(act.actor)
        self.require_matched()
        if self.agreements.get(act.actor) == version:
            raise AgreementAlreadyAccepted
        self.record(self.AgreementAccepted, act, by=act.actor, version=version)

    def change_cadence(self, cadence: Cadence, act: Act) -> None:
        """Agree to meet more or less often; a participant's order."""
        self.require_participant(act.actor)
        self.require_matched()
        if cadence is self.cadence:
            raise NothingChanges
        self.record(self.CadenceChanged, act, cadence=cadence)

    def pause(self, act: Act) -> None:
        """Stop planning for a while; sessions already planned stay until they are cancelled."""
        self.require_participant(act.actor)
        self.require_matched()
        if self.is_paused:
            raise AlreadyPaused
        self.record(self.Paused, act)

    def resume(self, act: Act) -> None:
        """Go on where the pause began."""
        self.require_participant(act.actor)
        self.require_open()
        if not self.is_paused:
            raise NotPaused
        self.record(self.Resumed, act)

    def request_rematch(self, reason: RematchReason, words: Sealed | None, act: Act) -> None:
        """Ask for another mentoring partner, during or after the relationship."""
        self.require_participant(act.actor)
        require_sealed_for(act.actor, Compartment.PERSONAL, words)
        if act.actor in self.rematch_wanted_by:
            raise RematchAlreadyRequested
        self.record(self.RematchRequested, act, by=act.actor, reason=reason, words=words)

"""Rule 2 at the door: a withdrawal takes effect in the commit that records it, and is recorded whatever happens.

Where what rests on it cannot be ended in the same commit, the withdrawal alone is recorded, and the clerk,
who follows every withdrawal, ends the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Request

from api.bootstrap import Parts
from api.carrying_out import carry_out
from api.event_log import EventLog
from api.whereabouts import Whereabouts
from crypto.errors import EventTooLarge, SealedRecordError
from domain.commands.consents import withdraw_consent
from domain.consent_terms import ConsentIsNotLive, LedgerIsClosed
from domain.errors import DomainError
from domain.mentoring import Order, Recorded
from domain.policies.withdrawal import FOLLOWS, Follows
from domain.values import Purpose
from projections.log import LogUnavailable
from projections.reader import NotYet

WAIT_SECONDS = 2.0
"""As long as a page waits; who is in more of a hurry than the worker leaves the rest to the clerk."""
MOST_AT_ONCE = 20
"""Relationships that end in one commit; the clerk ends those beyond."""

NOTHING_TO_WITHDRAW = (ConsentIsNotLive, LedgerIsClosed)
IN_THE_WAY = (NotYet, LogUnavailable, SealedRecordError, EventTooLarge, DomainError)
"""What may stand in the way of ending what rests on a consent; none of it keeps anybody in."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Withdrawing:
    """Takes consents back for whoever asks in their own hand."""

    parts: Parts
    whereabouts: Whereabouts

    def withdraw(self, order: Order, purpose: Purpose) -> Recorded:
        """End a consent of the order's actor, with what rests on it or else by itself."""
        try:
            return carry_out(lambda: self._withdraw(order, purpose, self._open_to(order, purpose)))
        except NOTHING_TO_WITHDRAW:
            raise
        except IN_THE_WAY as error:
            log.warning("withdrawal alone", error=type(error).__name__)
        return carry_out(lambda: self._withdraw(order, purpose, ()))

    def _open_to(self, order: Order, purpose: Purpose) -> Sequence[UUID]:
        if FOLLOWS[purpose] is Follows.ENDS_KEYS_ALONE:
            return ()
        newest = self.parts.recorder.max_notification_id() or 0
        return self.whereabouts.of(order.act.actor, newest, WAIT_SECONDS)[:MOST_AT_ONCE]

    def _withdraw(self, order: Order, purpose: Purpose, found: Sequence[UUID]) -> Recorded:
        return withdraw_consent(
            self.parts.mentoring,
            order,
            person=order.act.actor,
            purpose=purpose,
            open_relationships=found,
        )


def withdrawing_of(request: Request) -> Withdrawing:
    """What takes consents back in this process."""
    parts: Parts = request.app.state.parts
    log_of_events = EventLog(parts.recorder, parts.mapper)
    return Withdrawing(parts, Whereabouts(log_of_events, request.app.state.reader))


WithdrawingPart = Annotated[Withdrawing, Depends(withdrawing_of)]

"""Rule 8: when an unanswered proposal is nudged and expires, and when silence between two people is.

Pure: what falls due next follows from what is known of a relationship, and nothing is ever due twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.proposal import nudge_due_at

NUDGED_AFTER = (timedelta(days=14), timedelta(days=28))
"""Two weeks are long for a pair that means to meet, and four are a question."""

ENDING_OFFERED_AFTER = timedelta(days=42)
"""Whoever has heard two nudges is not asked a third time; a way out without fault is offered instead."""


class Due(StrEnum):
    """What is to be done once the time has come."""

    PROPOSAL_NUDGED = "proposal_nudged"
    PROPOSAL_EXPIRES = "proposal_expires"
    SILENCE_NUDGED = "silence_nudged"
    ENDING_OFFERED = "ending_offered"


@dataclass(frozen=True, slots=True)
class Next:
    """What falls due next, and when."""

    what: Due
    at: datetime


def next_for_proposal(proposed_at: datetime, expires_at: datetime, *, is_nudged: bool) -> Next:
    """What falls due next for an open proposal; one that expires before its nudge has none."""
    nudge_at = nudge_due_at(proposed_at)
    if is_nudged or nudge_at >= expires_at:
        return Next(Due.PROPOSAL_EXPIRES, expires_at)
    return Next(Due.PROPOSAL_NUDGED, nudge_at)


def next_for_silence(quiet_since: datetime, nudges: int) -> Next:
    """What falls due next for a pair of whom nothing was heard since, not even a nudge too many."""
    if nudges < len(NUDGED_AFTER):
        return Next(Due.SILENCE_NUDGED, quiet_since + NUDGED_AFTER[nudges])
    return Next(Due.ENDING_OFFERED, quiet_since + ENDING_OFFERED_AFTER)

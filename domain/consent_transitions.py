"""Which state of a consent may follow which, as one table; whatever is not in it is refused."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.consent_terms import (
    VALID,
    ConsentIsLive,
    ConsentIsNotLive,
    ConsentState,
    NothingIsAsked,
)

State = ConsentState

ANSWERS = frozenset({State.REQUESTED, State.REQUEST_DEFERRED, State.GIVEN, State.REFUSED})
"""What can follow while nobody has said yes: to be asked, not now, yes, no."""
ANEW = frozenset({State.REQUESTED, State.GIVEN})
"""After a no or an end nobody answers what was not asked again; but a yes is always welcome."""
ENDS = frozenset({State.WITHDRAWN, State.REVOKED, State.INVALIDATED})

TRANSITIONS: Mapping[ConsentState, frozenset[ConsentState]] = MappingProxyType(
    {
        State.UNKNOWN: ANSWERS,
        State.REQUESTED: ANSWERS,
        State.REQUEST_DEFERRED: ANSWERS,
        State.GIVEN: ENDS | {State.RENEWED, State.EXPIRED},
        State.RENEWED: ENDS | {State.RENEWED, State.EXPIRED},
        State.REFUSED: ANEW,
        State.WITHDRAWN: ANEW,
        State.REVOKED: ANEW,
        State.INVALIDATED: ANEW,
        # Its keys still exist, so it can be renewed as well as ended for good.
        State.EXPIRED: ENDS | ANSWERS | {State.RENEWED},
    }
)


def require_transition(state: ConsentState, to: ConsentState) -> None:
    """Refuse a change that the table does not have, in the words that fit what was tried."""
    if to in TRANSITIONS[state]:
        return
    if to not in ANSWERS:
        raise ConsentIsNotLive
    raise ConsentIsLive if state in VALID else NothingIsAsked

"""What is done with what is known of somebody because it is in the scheme's interest: they can object, and it stops at once.

`docs/rights.md` names every use and what it rests on. An objection stands with the consents, so that whatever rests on
the ledger sees it in the same look.
"""

from enum import StrEnum
from typing import Any

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act


class UseIsStopped(DomainError):
    """You have objected to this already, and it is stopped."""


class UseIsNotStopped(DomainError):
    """This is not stopped; nothing is to be resumed."""


class SuggestionsAreStopped(DomainError):
    """This mentee objects to suggestions by a program; look for a mentor yourself and propose one."""


class Use(StrEnum):
    """What one can object to."""

    SUGGESTIONS = "suggestions"


class Objections:
    """Decisions about uses that somebody objects to, for the ledger of their consents."""

    stopped: frozenset[Use]

    class UseStopped(Aggregate.Event):
        TOPIC = "consent_ledger.use_stopped"
        use: Use

    class UseResumed(Aggregate.Event):
        TOPIC = "consent_ledger.use_resumed"
        use: Use

    def record(self, event_class: type[Aggregate.Event], act: Act, **facts: Any) -> None:
        """Given by the aggregate."""
        raise NotImplementedError

    def stop_use(self, use: Use, act: Act) -> None:
        """Stop it, from this moment on; the person's own order."""
        if use in self.stopped:
            raise UseIsStopped
        self.record(self.UseStopped, act, use=use)

    def resume_use(self, use: Use, act: Act) -> None:
        """Begin it again: the person's own order, or the answer that there are stronger grounds."""
        if use not in self.stopped:
            raise UseIsNotStopped
        self.record(self.UseResumed, act, use=use)

"""A receipt for each change of a consent: what was said under which words, and when, out of the log alone.

The same log gives the same receipts, whoever makes them and however often.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid5

from domain.consent_terms import (
    ConsentAnswer,
    ConsentChange,
    ConsentMethod,
    ConsentRenewalAsked,
    ConsentState,
)
from domain.notice import Words
from domain.values import Purpose

Told: TypeAlias = ConsentChange | ConsentRenewalAsked
"""What a receipt is made of."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One change: `version` is its place in the ledger, `state` where the consent stands after it.

    Two clocks: it took effect at `effective_at` and was written down at `recorded_at`. `method` is how
    the person let it be known, where it was they who did.
    """

    id: UUID
    ledger: UUID
    version: int
    person: UUID
    actor: UUID
    change: str
    state: ConsentState
    words: Words
    method: ConsentMethod | None
    effective_at: datetime
    recorded_at: datetime
    expires_at: datetime | None

    @property
    def is_backdated(self) -> bool:
        """Whether it was written down later than it happened."""
        return self.effective_at < self.recorded_at


def receipt_id(ledger: UUID, version: int) -> UUID:
    """The id of the receipt for one event of a ledger."""
    return uuid5(ledger, f"receipt:{version}")


def receipts_of(events: Iterable[object]) -> Iterator[Receipt]:
    """The receipts of a ledger, oldest first; what is no change of a consent has none."""
    states: dict[Purpose, ConsentState] = {}
    for event in events:
        if isinstance(event, ConsentChange):
            states[event.purpose] = event.STATE
        if isinstance(event, ConsentChange | ConsentRenewalAsked):
            yield receipt_of(event, states[event.purpose])


def receipt_of(event: Told, state: ConsentState) -> Receipt:
    """The receipt of one change, after which the consent stands in a state."""
    return Receipt(
        id=receipt_id(event.originator_id, event.originator_version),
        ledger=event.originator_id,
        version=event.originator_version,
        person=event.person,
        actor=event.actor,
        change=change_of(event),
        state=state,
        words=Words(event.purpose, event.notice_version, event.language, event.digest),
        method=event.method if isinstance(event, ConsentAnswer) else None,
        effective_at=getattr(event, "effective_at", event.timestamp),
        recorded_at=event.timestamp,
        expires_at=event.expires_at,
    )


def change_of(event: Told) -> str:
    """What happened, as its stored name has it: given, withdrawn, renewal_asked."""
    topic: str = type(event).TOPIC  # type: ignore[union-attr]  # - every event that is stored has one
    return topic.rpartition(".")[2]

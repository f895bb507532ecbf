"""How commands load what they decide about, and the consents that a decision rests on."""

from typing import TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order
from domain.values import Purpose

AnAggregate = TypeVar("AnAggregate", bound=Aggregate)


def load_subject(
    mentoring: Mentoring, order: Order, kind: type[AnAggregate], id: UUID
) -> AnAggregate:
    """The aggregate an order is about, at the version its actor has read if they named one."""
    subject = mentoring.load(kind, id)
    order.require_version(subject)
    return subject


def find_ledger(mentoring: Mentoring, person: UUID) -> ConsentLedger | None:
    """A person's consents, or None for somebody who was never asked for any."""
    try:
        return mentoring.load(ConsentLedger, ConsentLedger.id_of(person))
    except NotFound:
        return None


def load_live_ledger(
    mentoring: Mentoring, order: Order, person: UUID, *purposes: Purpose
) -> ConsentLedger:
    """A person's consents, every named purpose live; to be handed to the commit as read."""
    ledger = find_ledger(mentoring, person)
    if ledger is None:
        raise ConsentIsNotLive
    for purpose in purposes:
        ledger.require_live(purpose, order.act.at)
    return ledger


def require_new(mentoring: Mentoring, made: Aggregate, refusal: type[DomainError]) -> None:
    """Refuse to begin anew what exists under the same id."""
    try:
        mentoring.load(type(made), made.id)
    except NotFound:
        return
    raise refusal

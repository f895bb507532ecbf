"""How commands load what they decide about, and the consents that a decision rests on."""

from typing import TypeVar
from uuid import UUID

from domain.access import consent_needed
from domain.aggregate import Aggregate
from domain.consent import ConsentIsNotLive, ConsentLedger
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound, Order
from domain.values import Purpose, Sealed

AnAggregate = TypeVar("AnAggregate", bound=Aggregate)


class WordsNeedConsent(ConsentIsNotLive):
    """Words are kept only under a live consent of the person whose they are; send this without any."""


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


def load_ledgers_of_words(
    mentoring: Mentoring, order: Order, words: Sealed | None
) -> list[ConsentLedger]:
    """What words that somebody gives now rest on, to be handed to the commit as read.

    Without this, words given after a withdrawal would be kept under a new key that nothing destroys.
    """
    needed = words and consent_needed(words.compartment, words.purpose)
    if not (words and needed):
        return []
    try:
        return [load_live_ledger(mentoring, order, words.owner, needed)]
    except ConsentIsNotLive:
        raise WordsNeedConsent from None


def require_new(mentoring: Mentoring, made: Aggregate, refusal: type[DomainError]) -> None:
    """Refuse to begin anew what exists under the same id."""
    try:
        mentoring.load(type(made), made.id)
    except NotFound:
        return
    raise refusal

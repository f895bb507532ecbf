"""What is done with consents; a yes or a no always rests on the words of one published notice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.consent import ConsentLedger
from domain.consent_terms import BY_OWN_HAND, Answer, InvalidationReason, RevocationReason
from domain.mentoring import Mentoring, Order, Recorded
from domain.notice import Notice
from domain.values import Purpose


@dataclass(frozen=True, slots=True)
class Shown:
    """The notice that a person saw, and the digest of the words as their page showed them."""

    notice: UUID
    digest: bytes


def request_consent(mentoring: Mentoring, order: Order, *, person: UUID, shown: Shown) -> Recorded:
    """Ask a person for a consent."""
    ledger, notice = _ledger(mentoring, person), mentoring.load(Notice, shown.notice)
    order.require_version(ledger)
    ledger.request(notice.require_shown(shown.digest), order.act)
    return mentoring.commit(order, ledger, read=(notice,))


def give_consent(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    shown: Shown,
    expires_at: datetime | None = None,
    answer: Answer = BY_OWN_HAND,
) -> Recorded:
    """Say yes; to a purpose with a yes that nobody has ended, this renews it."""
    ledger, notice = _ledger(mentoring, person), mentoring.load(Notice, shown.notice)
    order.require_version(ledger)
    words = notice.require_shown(shown.digest)
    say_yes = ledger.renew if ledger.stands(words.purpose) else ledger.give
    say_yes(words, order.act, expires_at=expires_at, answer=answer)
    return mentoring.commit(order, ledger, read=(notice,))


def refuse_consent(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    shown: Shown,
    answer: Answer = BY_OWN_HAND,
) -> Recorded:
    """Say no to what was asked."""
    ledger, notice = _ledger(mentoring, person), mentoring.load(Notice, shown.notice)
    order.require_version(ledger)
    ledger.refuse(notice.require_shown(shown.digest), order.act, answer=answer)
    return mentoring.commit(order, ledger, read=(notice,))


def withdraw_consent(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    purpose: Purpose,
    answer: Answer = BY_OWN_HAND,
) -> Recorded:
    """Rule 2: take a yes back, in one action that no other change can get in the way of."""
    ledger = _ledger(mentoring, person)
    ledger.withdraw(purpose, order.act, answer=answer)
    return mentoring.commit(order, ledger)


def revoke_consent(
    mentoring: Mentoring, order: Order, *, person: UUID, purpose: Purpose, reason: RevocationReason
) -> Recorded:
    """End a consent for the person."""
    ledger = _ledger(mentoring, person)
    ledger.revoke(purpose, reason, order.act)
    return mentoring.commit(order, ledger)


def invalidate_consent(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    purpose: Purpose,
    reason: InvalidationReason,
) -> Recorded:
    """Record that an authority found a consent invalid."""
    ledger = _ledger(mentoring, person)
    ledger.invalidate(purpose, reason, order.act)
    return mentoring.commit(order, ledger)


def expire_consent(
    mentoring: Mentoring, order: Order, *, person: UUID, purpose: Purpose
) -> Recorded:
    """Record that a consent reached its end; the clerk's order."""
    ledger = _ledger(mentoring, person)
    ledger.expire(purpose, order.act)
    return mentoring.commit(order, ledger)


def _ledger(mentoring: Mentoring, person: UUID) -> ConsentLedger:
    return mentoring.load(ConsentLedger, ConsentLedger.id_of(person))

"""What is done with consents; every answer rests on the words of one published notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.commands.relationships import end_for_withdrawal, take_back_for_preference
from domain.commands.together import Together
from domain.consent import ConsentLedger
from domain.consent_terms import BY_OWN_HAND, Answer, InvalidationReason, RevocationReason
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.notice import Notice
from domain.policies.withdrawal import FOLLOWS, Follows
from domain.proposal import NoSuchProposal
from domain.relationship_state import AlreadyClosed
from domain.values import Purpose

NOTHING_LEFT = (AlreadyClosed, NoSuchProposal, NotFound)
"""What came to its end before; these refusals come before anything is changed."""


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


def defer_consent(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    shown: Shown,
    answer: Answer = BY_OWN_HAND,
) -> Recorded:
    """Say "not now" to what was asked."""
    ledger, notice = _ledger(mentoring, person), mentoring.load(Notice, shown.notice)
    order.require_version(ledger)
    ledger.defer(notice.require_shown(shown.digest), order.act, answer=answer)
    return mentoring.commit(order, ledger, read=(notice,))


def withdraw_consent(
    mentoring: Mentoring,
    order: Order,
    *,
    person: UUID,
    purpose: Purpose,
    answer: Answer = BY_OWN_HAND,
    open_relationships: Sequence[UUID] = (),
) -> Recorded:
    """Rule 2: take a yes back, in one action; what rests on it in these relationships ends with it.

    All of it is one commit. Without relationships nothing but the ledger is touched, and no other
    change can get in its way.
    """
    together = Together(mentoring)
    ledger = _ledger(together, person)
    ledger.withdraw(purpose, order.act, answer=answer)
    together.commit(order, ledger)
    for relationship in open_relationships:
        try:
            _end_there(together, order, purpose, person, relationship)
        except NOTHING_LEFT:
            continue
    return together.commit_all(order)


def _end_there(
    mentoring: Mentoring, order: Order, purpose: Purpose, person: UUID, relationship: UUID
) -> None:
    """What a withdrawal ends in one relationship."""
    match FOLLOWS[purpose]:
        case Follows.ENDS_MENTORING:
            end_for_withdrawal(mentoring, order, relationship=relationship, person=person)
        case Follows.TAKES_PROPOSALS_BACK:
            take_back_for_preference(
                mentoring,
                order,
                relationship=relationship,
                mentee=person,
                ended_at=order.act.at,
            )
        case Follows.ENDS_KEYS_ALONE:
            return


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


def ask_for_renewal(
    mentoring: Mentoring, order: Order, *, person: UUID, notice: UUID, renew_by: datetime
) -> Recorded:
    """Ask for a yes under older words again, which stands until then; the clerk's order."""
    ledger, newer = _ledger(mentoring, person), mentoring.load(Notice, notice)
    ledger.ask_for_renewal(newer.words, renew_by, order.act)
    return mentoring.commit(order, ledger, read=(newer,))


def expire_consent(
    mentoring: Mentoring, order: Order, *, person: UUID, purpose: Purpose
) -> Recorded:
    """Record that a consent reached its end; the clerk's order."""
    ledger = _ledger(mentoring, person)
    ledger.expire(purpose, order.act)
    return mentoring.commit(order, ledger)


def _ledger(mentoring: Mentoring, person: UUID) -> ConsentLedger:
    return mentoring.load(ConsentLedger, ConsentLedger.id_of(person))

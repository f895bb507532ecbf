"""What is done with requests about one's own record, apart from erasures."""

from datetime import timedelta
from uuid import UUID

from domain.commands.erasures import require_not_held
from domain.commands.loading import find_ledger, load_subject
from domain.consent import ConsentLedger
from domain.mentoring import Mentoring, Order, Recorded
from domain.objection import Use
from domain.rights_request import ExtensionReason, RequestRefusal, RightsKind, RightsRequest
from domain.values import Sealed


def make_rights_request(
    mentoring: Mentoring, order: Order, *, id: UUID, kind: RightsKind, words: Sealed | None
) -> Recorded:
    """Ask about one's own record; the person's own order."""
    made = RightsRequest.make(id, kind, words=words, act=order.act)
    return mentoring.commit(order, made)


def object_to(
    mentoring: Mentoring, order: Order, *, id: UUID, use: Use, words: Sealed | None
) -> Recorded:
    """Object to a use of one's record, which stops in the same commit; the person's own order."""
    made = RightsRequest.make(id, RightsKind.OBJECTION, words=words, act=order.act)
    made.name_use(use, order.act)
    ledger = mentoring.load(ConsentLedger, ConsentLedger.id_of(order.act.actor))
    ledger.stop_use(use, order.act)
    return mentoring.commit(order, made, ledger)


def resume_use(mentoring: Mentoring, order: Order, *, use: Use) -> Recorded:
    """Let a use begin again that one objected to; the person's own order."""
    ledger = mentoring.load(ConsentLedger, ConsentLedger.id_of(order.act.actor))
    ledger.resume_use(use, order.act)
    return mentoring.commit(order, ledger)


def extend_rights_request(
    mentoring: Mentoring, order: Order, *, request: UUID, reason: ExtensionReason
) -> Recorded:
    """Take two months more; the data protection lead's order."""
    subject = load_subject(mentoring, order, RightsRequest, request)
    subject.extend(reason, order.act)
    return mentoring.commit(order, subject)


def answer_rights_request(
    mentoring: Mentoring, order: Order, *, request: UUID, words: Sealed
) -> Recorded:
    """Answer it; the data protection lead's order."""
    subject = load_subject(mentoring, order, RightsRequest, request)
    subject.answer_with(words, order.act)
    return mentoring.commit(order, subject)


def refuse_rights_request(
    mentoring: Mentoring, order: Order, *, request: UUID, reason: RequestRefusal, words: Sealed
) -> Recorded:
    """Refuse it, in words; what was stopped by an objection begins again; the data protection lead's order."""
    subject = load_subject(mentoring, order, RightsRequest, request)
    subject.refuse(reason, words, order.act)
    ledger = find_ledger(mentoring, subject.person)
    if ledger is None or subject.objects_to not in ledger.stopped:
        return mentoring.commit(order, subject)
    ledger.resume_use(subject.objects_to, order.act)
    return mentoring.commit(order, subject, ledger)


def forget_rights_request_when_due(
    mentoring: Mentoring, order: Order, *, record: UUID, period: timedelta
) -> Recorded:
    """Destroy what has been answered for long enough and no hold keeps; the clerk's order."""
    subject = mentoring.load(RightsRequest, record)
    free = require_not_held(mentoring, subject.person)
    subject.forget_when_due(period, order.act)
    return mentoring.commit(order, subject, read=free)

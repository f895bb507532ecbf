"""What is done with invoices; they are made of the ledgers of the agreement's places as a closed month left them."""

from collections.abc import Callable
from uuid import UUID

from domain.commands.loading import load_subject
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.funding_invoices import Bill
from domain.mentoring import Mentoring, Order, Recorded
from domain.month import Month
from domain.place import Place


class SessionsAreOpen(DomainError):
    """Some sessions of this agreement are not settled yet, or were settled after this month; wait with the last invoice."""


def raise_invoice(
    mentoring: Mentoring,
    order: Order,
    *,
    agreement: UUID,
    month: Month,
    new_reference: Callable[[], str],
) -> Recorded:
    """Bill what was used until a month ended; a coordinator's order."""
    subject = load_subject(mentoring, order, FundingAgreement, agreement)
    subject.require_billable(month, order.act.at, is_last=False)
    places = [mentoring.load(Place, id) for id in subject.allotted]
    bill = Bill(month, _used(subject, places, month), new_reference)
    subject.raise_invoice(bill, order.act)
    return mentoring.commit(order, subject)


def raise_last_invoice(
    mentoring: Mentoring,
    order: Order,
    *,
    agreement: UUID,
    month: Month,
    new_reference: Callable[[], str],
) -> Recorded:
    """Bill whatever is left of an agreement that has ended; a coordinator's order."""
    subject = load_subject(mentoring, order, FundingAgreement, agreement)
    subject.require_billable(month, order.act.at, is_last=True)
    places = [mentoring.load(Place, id) for id in subject.allotted]
    used = _used(subject, places, month)
    if any(place.reserved or not place.used <= used.keys() for place in places):
        raise SessionsAreOpen
    subject.raise_invoice(Bill(month, used, new_reference, is_last=True), order.act)
    return mentoring.commit(order, subject, read=places)


def pay_invoice(mentoring: Mentoring, order: Order, *, agreement: UUID, number: int) -> Recorded:
    """Note that an invoice was paid; a coordinator's order."""
    subject = load_subject(mentoring, order, FundingAgreement, agreement)
    subject.pay_invoice(number, order.act)
    return mentoring.commit(order, subject)


def credit_invoice(
    mentoring: Mentoring,
    order: Order,
    *,
    agreement: UUID,
    number: int,
    references: tuple[str, ...],
) -> Recorded:
    """Ask nothing for some lines of an invoice; a coordinator's order."""
    subject = load_subject(mentoring, order, FundingAgreement, agreement)
    subject.credit_invoice(number, references, order.act)
    return mentoring.commit(order, subject)


def _used(subject: FundingAgreement, places: list[Place], month: Month) -> dict[UUID, UUID]:
    ended_at = month.ends_at(subject.terms.time_zone)
    return {session: place.id for place in places for session in place.used_before(ended_at)}

"""What is done with funding agreements, apart from their places, invitations and invoices."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.funding_terms import Terms
from domain.mentoring import Mentoring, Order, Recorded
from domain.organisation import Organisation
from domain.programme import Programme


class AboveTheProgramme(DomainError):
    """The programme allows fewer sessions a place than these terms."""


def sign_agreement(
    mentoring: Mentoring, order: Order, *, id: UUID, organisation: UUID, terms: Terms
) -> Recorded:
    """Record what an organisation bought; a coordinator's order."""
    buyer = mentoring.load(Organisation, organisation)
    programme = _programme_of(mentoring, terms)
    signed = FundingAgreement.sign(id, organisation=organisation, terms=terms, act=order.act)
    return mentoring.commit(order, signed, read=(buyer, programme))


def amend_agreement(
    mentoring: Mentoring, order: Order, *, agreement: UUID, terms: Terms
) -> Recorded:
    """Change the terms, for instance to renew; a coordinator's order."""
    subject = load_subject(mentoring, order, FundingAgreement, agreement)
    programme = _programme_of(mentoring, terms)
    subject.amend(terms, order.act)
    return mentoring.commit(order, subject, read=(programme,))


def end_agreement(mentoring: Mentoring, order: Order, *, agreement: UUID) -> Recorded:
    """End it before its time; a coordinator's order."""
    subject = load_subject(mentoring, order, FundingAgreement, agreement)
    subject.end(order.act)
    return mentoring.commit(order, subject)


def end_when_over(mentoring: Mentoring, order: Order, *, agreement: UUID) -> Recorded:
    """Record that its period is over; the clerk's order."""
    subject = mentoring.load(FundingAgreement, agreement)
    subject.end_when_over(order.act)
    return mentoring.commit(order, subject)


def _programme_of(mentoring: Mentoring, terms: Terms) -> Programme:
    programme = mentoring.load(Programme, terms.programme)
    if terms.sessions_per_place > programme.settings.ceiling:
        raise AboveTheProgramme
    return programme

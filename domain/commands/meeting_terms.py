"""On which terms a relationship meets: those of the agreement that pays for its place, else the programme's, else the usual."""

from dataclasses import dataclass
from datetime import datetime

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.meeting import (
    USUAL_TERMS,
    MeetingTerms,
)
from domain.mentoring import Mentoring, NotFound
from domain.place import Place
from domain.programme import Programme
from domain.values import TimeSpan


class OutsideTheAgreement(DomainError):
    """This day lies outside the period that is paid for; choose another day, or ask your coordinator."""


@dataclass(frozen=True)
class TermsRead:
    """The terms, and the record in which they stand, to be handed to the commit as read."""

    terms: MeetingTerms
    read: tuple[Aggregate, ...] = ()
    agreement: FundingAgreement | None = None

    def is_paid_for(self, span: TimeSpan, at: datetime) -> bool:
        """Whether somebody pays for what happens then."""
        try:
            self.require_paid_for(span, at)
        except DomainError:
            return False
        return True

    def require_paid_for(self, span: TimeSpan, at: datetime) -> None:
        """Refuse what would happen when nobody pays for it."""
        if self.agreement is not None:
            self.agreement.require_in_force(at)
            if not self.agreement.terms.covers(self.agreement.day(span.starts_at)):
                raise OutsideTheAgreement


def read_meeting_terms(mentoring: Mentoring, place: Place) -> TermsRead:
    """What was agreed on for whoever has this place."""
    try:
        return _of_agreement(mentoring.load(FundingAgreement, place.agreement))
    except NotFound:
        return _of_programme(mentoring, place)


def _of_agreement(agreement: FundingAgreement) -> TermsRead:
    said = agreement.terms
    terms = MeetingTerms(said.working_hours, said.time_zone, said.late_notice)
    return TermsRead(terms, (agreement,), agreement)


def _of_programme(mentoring: Mentoring, place: Place) -> TermsRead:
    """A place that nobody has to fund is granted under its programme."""
    try:
        programme = mentoring.load(Programme, place.agreement)
    except NotFound:
        return TermsRead(USUAL_TERMS)
    said = programme.settings
    return TermsRead(MeetingTerms(said.working_hours, said.time_zone), (programme,))

"""Forgets every enquiry that has been kept long enough, and with it the key under which it can be read."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid5

from api.clerking.errands import Errands
from api.settings import Settings
from domain.commands.enquiries import forget_when_due
from domain.enquiry import EnquiryIsForgotten, EnquiryIsKept, Retention
from projections.joining_questions import EnquiryKept, enquiries_kept
from projections.reader import Reader


def retention_of(settings: Settings) -> Retention:
    """How long the provider keeps enquiries."""
    return Retention(
        answered=timedelta(days=settings.enquiry_days_answered),
        unanswered=timedelta(days=settings.enquiry_days_unanswered),
    )


@dataclass(frozen=True)
class EnquiriesKept:
    """One that was answered or forgotten meanwhile is left as it is."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        now, retention = self.errands.parts.clock(), retention_of(self.errands.parts.settings)
        kept = enquiries_kept(
            self.reader, unanswered=now - retention.unanswered, answered=now - retention.answered
        )
        for each in kept:
            self._forget(each, retention)

    def _forget(self, kept: EnquiryKept, retention: Retention) -> None:
        self.errands.once(
            uuid5(kept.enquiry, f"forget:{kept.since.timestamp()}"),
            lambda mentoring, order: forget_when_due(
                mentoring, order, enquiry=kept.enquiry, retention=retention
            ),
            done=(EnquiryIsForgotten, EnquiryIsKept),
        )

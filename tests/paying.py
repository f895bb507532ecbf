"""An agreement with whoever looks after it for the organisation, and with sessions that were used."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from domain.commands.invoices import raise_invoice
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Order
from domain.values import Act, Role
from tests.funding import agreement_body
from tests.funding_months import month_before, used_places, within
from tests.live_service import PATIENCE_SECONDS, LiveService
from tests.match import done
from tests.scheme import Somebody


@dataclass(frozen=True)
class Paying:
    """An agreement, who looks after it, and the coordinator who deals with it."""

    service: LiveService
    coordinator: Somebody
    contact: Somebody
    organisation: str
    agreement: UUID

    @property
    def page(self) -> str:
        return f"/places-and-money/{self.agreement}"

    def used(self, places: int, months_ago: int = 1) -> list[UUID]:
        """Sessions that were used some months ago, one a place."""
        at = within(month_before(self.service.clock(), months_ago))
        return used_places(self.service.parts.mentoring, self.agreement, at, places)

    def raise_invoice(self, months_ago: int = 1) -> Any:
        month = month_before(self.service.clock(), months_ago).first_day.isoformat()
        path = f"/agreements/{self.agreement}/invoices"
        return self.coordinator.post(path, {"month": month})

    def invoiced_last_month(self) -> None:
        """Raise an invoice for the month before, as it was done a month ago."""
        now = self.service.clock()
        raise_invoice(
            self.service.parts.mentoring,
            Order(Act(self.coordinator.id, within(month_before(now))), uuid4()),
            agreement=self.agreement,
            month=month_before(now, 2),
            new_reference=lambda: uuid4().hex,
        )
        self.shown()

    def furnish(self) -> None:
        """Two invoices with something credited, and an agreement that is exhausted: something to see everywhere."""
        self.used(places=11, months_ago=2)
        self.invoiced_last_month()
        self.used(places=5)
        done(self.raise_invoice())
        reference = self.references()[0]
        path = f"/agreements/{self.agreement}/invoices/1/credit"
        done(self.coordinator.post(path, {"references": [reference]}))
        self.shown()

    def ledger(self) -> FundingAgreement:
        return self.service.parts.mentoring.load(FundingAgreement, self.agreement)

    def references(self) -> list[str]:
        return [line.reference for line in self.ledger().invoice(1).lines]

    def shown(self) -> None:
        """Wait until everything recorded is in the read model."""
        newest = self.service.parts.recorder.max_notification_id() or 0
        self.service.reader.wait_for("places_and_money", newest, PATIENCE_SECONDS)


def paying_for(service: LiveService, **terms: int) -> Paying:
    scheme = service.scheme
    coordinator, contact = scheme.person(Role.COORDINATOR), scheme.person(Role.SPONSOR_CONTACT)

    def give(path: str, body: dict[str, Any]) -> Any:
        return done(coordinator.post(path, body))

    body = agreement_body(give, **terms)
    agreement = give("/agreements", body)["id"]
    path = f"/organisations/{body['organisation']}/sponsor-contacts"
    give(path, {"person": str(contact.id)})
    made = Paying(service, coordinator, contact, body["organisation"], UUID(agreement))
    made.shown()
    return made

"""Funding agreements: what organisations bought, and how much of it is allotted."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
)
from api.routes.programmes import HoursBody
from domain.commands import funding as commands
from domain.funding_agreement import FundingAgreement, Standing
from domain.funding_terms import (
    LONGEST_NOTICE_HOURS,
    MOST_PLACES,
    USUAL_NOTICE_HOURS,
    Terms,
)
from domain.money import MOST_MINOR_UNITS, Money
from domain.place import MOST_SESSIONS
from domain.proposal import HOME_ZONE

router = APIRouter(prefix="/agreements", tags=["funding agreements"])


class TermsBody(Body):
    """What is bought: places, sessions, a price for each session used, a period, and how it runs."""

    programme: UUID = Field(examples=["6f9619ff-8b86-4d11-b42d-00c04fc964ff"])
    places: int = Field(ge=1, le=MOST_PLACES, examples=[20])
    sessions_per_place: int = Field(ge=1, le=MOST_SESSIONS, examples=[3])
    price_minor_units: int = Field(ge=0, le=MOST_MINOR_UNITS, examples=[9500])
    currency: str = Field(default="GBP", pattern="^[A-Z]{3}$")
    starts_on: date = Field(examples=["2031-01-01"])
    ends_on: date = Field(examples=["2031-12-31"])
    late_notice_hours: int = Field(default=USUAL_NOTICE_HOURS, ge=0, le=LONGEST_NOTICE_HOURS)
    working_hours: HoursBody = HoursBody()
    time_zone: str = Field(default=HOME_ZONE, max_length=64)

    def as_terms(self) -> Terms:
        """The same, checked by the domain."""
        given = self.model_dump(exclude={"price_minor_units", "currency", "working_hours"})
        price = Money(self.price_minor_units, self.currency)
        return Terms(**given, price=price, working_hours=self.working_hours.as_hours())

    @classmethod
    def of(cls, terms: Terms) -> "TermsBody":
        """How terms are shown."""
        return cls(
            programme=terms.programme,
            places=terms.places,
            sessions_per_place=terms.sessions_per_place,
            price_minor_units=terms.price.minor_units,
            currency=terms.price.currency,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            late_notice_hours=terms.late_notice_hours,
            working_hours=HoursBody.of(terms.working_hours),
            time_zone=terms.time_zone,
        )


class SignAgreement(Body):
    """Who bought what."""

    organisation: UUID = Field(examples=["6f9619ff-8b86-4d11-b42d-00c04fc964ff"])
    terms: TermsBody


class AgreementAnswer(BaseModel):
    """An agreement as the provider sees it: bought = free + allotted."""

    id: UUID
    organisation: UUID
    terms: TermsBody
    standing: Standing
    sessions_bought: int
    sessions_allotted: int
    sessions_free: int
    places_granted: int
    invitations_issued: int


@router.post("", status_code=201)
def sign(
    body: SignAgreement,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Record what an organisation bought."""
    terms = body.terms.as_terms()
    return carrier.carry_out(
        commands.sign_agreement,
        id=carrier.order.command_id,
        organisation=body.organisation,
        terms=terms,
    )


@router.get("/{id}")
def show(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, at: Now, response: Response
) -> AgreementAnswer:
    """Show an agreement."""
    agreement = mentoring.load(FundingAgreement, id)
    response.headers["ETag"] = f'"{agreement.version}"'
    return AgreementAnswer(
        id=id,
        organisation=agreement.organisation,
        terms=TermsBody.of(agreement.terms),
        standing=agreement.standing(at),
        sessions_bought=agreement.terms.sessions,
        sessions_allotted=agreement.terms.sessions - agreement.free,
        sessions_free=agreement.free,
        places_granted=len(agreement.allotted),
        invitations_issued=len(agreement.invitations),
    )


@router.put("/{id}/terms")
def amend(
    id: UUID,
    body: TermsBody,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Change the terms, for instance to renew."""
    terms = body.as_terms()
    return carrier.carry_out(commands.amend_agreement, agreement=id, terms=terms)


@router.post("/{id}/ending")
def end(
    id: UUID,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """End an agreement before its time."""
    return carrier.carry_out(commands.end_agreement, agreement=id)

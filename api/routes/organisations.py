"""Organisations: employers that pay for places, and who looks after them there."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
)
from domain.commands import organisations as commands
from domain.organisation import LONGEST_NAME, Organisation

router = APIRouter(prefix="/organisations", tags=["organisations"])


class RegisterOrganisation(Body):
    """An employer."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["Borough of Fernley"])


class NameSponsorContact(Body):
    """Who looks after its agreements."""

    person: UUID = Field(examples=["6f9619ff-8b86-4d11-b42d-00c04fc964ff"])


class OrganisationAnswer(BaseModel):
    """An employer and its sponsor contacts, under their ids."""

    id: UUID
    name: str
    sponsor_contacts: list[UUID]


@router.post("", status_code=201)
def register(
    body: RegisterOrganisation,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Make an organisation known."""
    return carrier.carry_out(
        commands.register_organisation, id=carrier.order.command_id, name=body.name
    )


@router.get("/{id}")
def show(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, response: Response
) -> OrganisationAnswer:
    """Show an organisation."""
    organisation = mentoring.load(Organisation, id)
    response.headers["ETag"] = f'"{organisation.version}"'
    contacts = sorted(organisation.sponsor_contacts)
    return OrganisationAnswer(id=id, name=organisation.name, sponsor_contacts=contacts)


@router.post("/{id}/sponsor-contacts", status_code=201)
def name_sponsor_contact(
    id: UUID,
    body: NameSponsorContact,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Let a person look after its agreements."""
    return carrier.carry_out(commands.name_sponsor_contact, organisation=id, person=body.person)


@router.delete("/{id}/sponsor-contacts/{person}")
def end_sponsor_contact(
    id: UUID,
    person: UUID,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Let a person look after them no more."""
    return carrier.carry_out(commands.end_sponsor_contact, organisation=id, person=person)

"""Organisations: employers that pay for places, and who looks after them there."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller
from api.carrying_out import carry_out
from api.dependencies import Body, CommandResult, MentoringPart, OrderPart, result_of
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
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Make an organisation known."""
    recorded = carry_out(
        lambda: commands.register_organisation(
            mentoring, order, id=order.command_id, name=body.name
        )
    )
    return result_of(recorded, response)


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
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Let a person look after its agreements."""
    recorded = carry_out(
        lambda: commands.name_sponsor_contact(mentoring, order, organisation=id, person=body.person)
    )
    return result_of(recorded, response)


@router.delete("/{id}/sponsor-contacts/{person}")
def end_sponsor_contact(
    id: UUID,
    person: UUID,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Let a person look after them no more."""
    recorded = carry_out(
        lambda: commands.end_sponsor_contact(mentoring, order, organisation=id, person=person)
    )
    return result_of(recorded, response)

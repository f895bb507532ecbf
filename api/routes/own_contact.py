"""How one is reached oneself: to read, to change, and to confirm by a code that goes to the address."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from api.auth.callers import Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    result_of,
)
from api.fields import Email, LanguageTag, PersonName, Telephone
from api.records.address import LONGEST_CODE, ONES_OWN, code_of, sealed_code
from api.records.contact import Contact, contact_of, seal_contact
from api.tries import Tries
from domain.commands import people as commands
from domain.person import Person

router = APIRouter(prefix="/me/contact", tags=["people"])


class ChangeContact(Body):
    """How one is reached from now on."""

    name: PersonName = Field(examples=["Ada Example"])
    email: Email = Field(examples=["ada@example.org"])
    telephone: Telephone | None = Field(default=None, examples=["+44 20 7946 0000"])
    language: LanguageTag | None = Field(default=None, examples=["cy"])


class ConfirmAddress(Body):
    """The code out of the mail."""

    code: str = Field(min_length=1, max_length=LONGEST_CODE, examples=["K7QF3-M2PHX"])


class OwnContactAnswer(BaseModel):
    """How one is reached, and whether mail goes there."""

    name: str
    email: str
    telephone: str | None
    language: str | None
    is_confirmed: bool


async def room_for_code(request: Request, caller: PartyCaller) -> None:
    """Count the tries of one person; raises TooManyTries."""
    tries: Tries = request.app.state.code_tries
    tries.take(str(caller.person))


RoomForCode = Depends(room_for_code)


@router.get("")
def show(
    caller: PartyCaller, now: Now, mentoring: MentoringPart, openings: OpeningsPart
) -> OwnContactAnswer:
    """Open how one is reached; like every look it is recorded."""
    person = mentoring.load(Person, caller.person)
    contact = contact_of(openings.open(caller, person.contact, ONES_OWN, now=now))
    return OwnContactAnswer(
        name=contact.name,
        email=contact.email,
        telephone=contact.telephone,
        language=contact.language,
        is_confirmed=person.address is None,
    )


@router.put("", dependencies=[RoomForCode])
def change(
    body: ChangeContact,
    caller: PartyCaller,
    order: OrderPart,
    now: Now,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Say how one is reached; a code goes to a new address, and until it comes back nothing else does."""
    id = caller.person
    known = contact_of(openings.open(caller, mentoring.load(Person, id).contact, ONES_OWN, now=now))
    contact = Contact(body.name, body.email, body.telephone, body.language)
    code = sealed_code(openings, id) if body.email != known.email else None
    recorded = carry_out(
        lambda: commands.change_contact(
            mentoring, order, person=id, contact=seal_contact(openings, id, contact), code=code
        )
    )
    return result_of(recorded, response)


@router.post("/code", dependencies=[RoomForCode])
def send_code(
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Have a new code sent; the one before is of no use any more."""
    id: UUID = caller.person
    return carrier.carry_out(
        lambda mentoring, order: commands.ask_address(
            mentoring, order, person=id, code=sealed_code(openings, id)
        )
    )


@router.post("/confirmation", dependencies=[RoomForCode])
def confirm(
    body: ConfirmAddress,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Confirm that the address is one's own; messages that waited go from then on."""
    person = carrier.mentoring.load(Person, caller.person)
    code = code_of(openings, caller, person, body.code, carrier.order.act.at)
    return carrier.carry_out(commands.confirm_address, person=caller.person, code=code)

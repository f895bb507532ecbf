"""How somebody is reached, as they say it themselves, and the code that confirms a new address."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from api.dependencies import CommandResult
from api.fields import Email, PersonName, Telephone
from api.records.address import LONGEST_CODE
from api.routes import own_contact
from api.web.filled import NOTHING_FILLED, AnyForm, ButtonForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.join import LANGUAGES
from api.web.looking import AtLeast
from api.web.party import Party, PartyPart, Sender, SenderPart

router = APIRouter(prefix="/my-contact", include_in_schema=False, dependencies=[ReadForm])


class ContactForm(TypedForm):
    """How they are reached."""

    faults: ClassVar[Mapping[str, str]] = {
        "name": "Enter your name.",
        "email": "Enter a mail address, such as name@example.org.",
        "telephone": "Enter digits, spaces and a leading + at most, or leave it empty.",
        "language": "Choose a language.",
    }
    blamed: ClassVar[str] = "email"

    name: PersonName
    email: Email
    telephone: Telephone | None = Field(default=None)
    language: Literal["en", "cy"] = "en"


class CodeForm(TypedForm):
    """What came by mail."""

    faults: ClassVar[Mapping[str, str]] = {"code": "Enter the code out of the mail."}
    blamed: ClassVar[str] = "code"

    code: str = Field(min_length=1, max_length=LONGEST_CODE)


@router.get("")
def show(party: PartyPart, at_least: AtLeast = None) -> Response:
    """What is known, opened for this page; that is recorded as their own look."""
    return _page(party, is_saved=at_least is not None)


@router.post("/address", dependencies=[own_contact.RoomForCode])
def change(sender: SenderPart) -> Response:
    """Say how one is reached."""

    def carry(form: ContactForm) -> CommandResult:
        body = own_contact.ChangeContact(**form.model_dump())
        party = sender.party
        return own_contact.change(
            body, party.caller, sender.order, party.now, party.mentoring, party.openings, Response()
        )

    return _sent(sender, ContactForm, carry)


@router.post("/confirmation", dependencies=[own_contact.RoomForCode])
def confirm(sender: SenderPart) -> Response:
    """Enter the code."""

    def carry(form: CodeForm) -> CommandResult:
        body = own_contact.ConfirmAddress(code=form.code)
        return own_contact.confirm(body, *sender.carried_with_words)

    return _sent(sender, CodeForm, carry)


@router.post("/code", dependencies=[own_contact.RoomForCode])
def send_code(sender: SenderPart) -> Response:
    """Have a new code sent."""

    def carry(_form: ButtonForm) -> CommandResult:
        return own_contact.send_code(*sender.carried_with_words)

    return _sent(sender, ButtonForm, carry)


def _sent(
    sender: Sender, kind: type[AnyForm], carry: Callable[[AnyForm], CommandResult]
) -> Response:
    party = sender.party
    return carried_out(party.request, kind, carry, lambda filled: _page(party, filled))


def _page(party: Party, filled: Filled = NOTHING_FILLED, *, is_saved: bool = False) -> Response:
    known = own_contact.show(party.caller, party.now, party.mentoring, party.openings)
    return party.page(
        "my_contact.html",
        filled=filled,
        known=known,
        languages=LANGUAGES,
        is_saved=is_saved,
    )

"""Asking about the scheme without signing in; the page keeps nothing and needs no script."""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, ValidationError

from api.at_the_door import EnquiryDeskPart, FromOutside, RoomForEnquiry
from api.auth.callers import Public
from api.fields import Email, OwnWords, PersonName, Telephone
from api.records.contact import Contact
from api.records.enquiries import Asked
from api.web.answers import go_to
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, faults_in
from api.web.forms import ReadForm, require_from_here_for_certain
from api.web.rendering import page
from api.web.sign_in import SAYS_WHERE_FROM
from domain.enquiry import EnquiryKind

router = APIRouter(
    prefix="/enquire", include_in_schema=False, dependencies=[Public, ReadForm, FromOutside]
)

KINDS = {
    EnquiryKind.PRACTITIONER: "For myself",
    EnquiryKind.ORGANISATION: "For my organisation",
}


class EnquiryForm(TypedForm):
    """Who asks, how they are reached, and what they ask."""

    faults: ClassVar[Mapping[str, str]] = {
        "kind": "Choose for whom you ask.",
        "name": "Enter your name.",
        "email": "Enter a mail address, such as name@example.org.",
        "telephone": "Enter digits, spaces and a leading + at most, or leave it empty.",
        "words": "Write your question, in 4,000 characters at most.",
    }
    blamed: ClassVar[str] = "words"

    kind: EnquiryKind = EnquiryKind.PRACTITIONER
    name: PersonName
    email: Email
    telephone: Telephone | None = Field(default=None)
    words: OwnWords


@router.get("")
def show(request: Request) -> Response:
    """The form."""
    return _ask(request, NOTHING_FILLED)


@router.post("", dependencies=[RoomForEnquiry])
def ask(request: Request, desk: EnquiryDeskPart) -> Response:
    """Keep the question for a coordinator."""
    require_from_here_for_certain(request)
    try:
        form = EnquiryForm.model_validate(request.state.form)
    except ValidationError as wrong:
        return _ask(request, Filled(request.state.form, faults_in(EnquiryForm, wrong), "enquire"))
    contact = Contact(form.name, form.email, form.telephone)
    reference = desk.make(Asked(form.kind, contact, form.words), request.state.form_key)
    return go_to("/enquire/sent?" + urlencode({"reference": reference}))


@router.get("/sent")
def show_sent(request: Request, reference: UUID) -> Response:
    """That it was sent, and by which reference it can be spoken of."""
    return page(request, "enquiry_sent.html", reference=reference)


def _ask(request: Request, filled: Filled) -> Response:
    answer = page(request, "enquire.html", status=filled.status, filled=filled, kinds=KINDS)
    answer.headers.update(SAYS_WHERE_FROM)
    return answer

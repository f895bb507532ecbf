"""The link for a partner whom a mentee has found: made here, shown once, and taken back."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, ValidationError

from api.auth.callers import MenteeCaller
from api.dependencies import CarrierPart
from api.errors import sentence_of
from api.records.words import LONGEST_WORDS
from api.routes import partners
from api.routes.partners import AskingPart, PartnerLinkAnswer
from api.web.answers import show_effect
from api.web.filled import NOTHING_FILLED, SENTENCES, Filled, TypedForm, faults_in
from api.web.forms import ReadForm
from api.web.party import Party, PartyPart
from domain.consent import ConsentIsNotLive
from domain.mentoring import NotFound
from domain.relationship_events import Kind
from domain.relationship_partner import PartnerCameAlready

router = APIRouter(
    prefix="/my-mentoring/{relationship}/partner-link",
    include_in_schema=False,
    dependencies=[ReadForm],
)


class LinkForm(TypedForm):
    """What the partner reads."""

    faults: ClassVar[Mapping[str, str]] = {"words": "Write at most 4,000 characters."}
    blamed: ClassVar[str] = "words"

    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


@router.get("")
def show(relationship: UUID, caller: MenteeCaller, party: PartyPart) -> Response:
    """Ask what the partner shall read."""
    return _page(party, relationship)


@router.post("")
def make(
    relationship: UUID, caller: MenteeCaller, party: PartyPart, asking: AskingPart
) -> Response:
    """Make the link and show it, this once; sent twice, the form shows the same."""
    fields = party.request.state.form
    try:
        form = LinkForm.model_validate(fields)
        made = asking.link(party.relationship(relationship), form.words or None)
    except ValidationError as wrong:
        return _page(party, relationship, Filled(fields, faults_in(LinkForm, wrong), "link"))
    except (ConsentIsNotLive, PartnerCameAlready) as refused:
        sentence = SENTENCES.get(type(refused)) or sentence_of(refused)
        return _page(party, relationship, Filled(fields, {LinkForm.blamed: sentence}, "link"))
    return _page(party, relationship, made=made)


@router.post("/withdrawal")
def withdraw(
    relationship: UUID, caller: MenteeCaller, party: PartyPart, carrier: CarrierPart
) -> Response:
    """Take it back."""
    done = partners.withdraw(relationship, caller, carrier)
    return show_effect(party.request, done.position)


def _page(
    party: Party,
    relationship: UUID,
    filled: Filled = NOTHING_FILLED,
    *,
    made: PartnerLinkAnswer | None = None,
) -> Response:
    subject = party.relationship(relationship)
    if subject.kind is not Kind.INFORMAL or subject.mentor is not None or subject.closed_for:
        raise NotFound
    return party.page(
        "partner_link.html",
        filled=filled,
        relationship=relationship,
        made=made,
        has_link=subject.link is not None,
        has_partner_come=subject.partner is not None,
    )

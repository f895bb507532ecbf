"""Informal mentoring: a mentee hands a link to the partner whom they found, who reads what it says and answers."""

import hmac
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.auth.callers import MenteeCaller, MentorCaller, Now
from api.carrying_out import carried_out_before, carry_out
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    QuietOrderPart,
    RecorderPart,
    SettingsPart,
)
from api.errors import KeyUsedForAnother
from api.fields import OwnWords
from api.inviting import link_of, make_secrets
from api.partner_links import partner_token
from api.records.openings import Why
from api.records.relations import as_asked, as_participant
from api.records.words import WordsAnswer, open_words, seal_words
from api.records.workplaces import Workplaces
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands import partners as commands
from domain.mentoring import Recorded
from domain.relationship import Relationship
from domain.relationship_events import Cadence, Kind, Mode
from domain.relationship_partner import NoLink
from domain.relationship_partner import link_of as partner_link_of
from domain.sealed_words import words_to_partner

router = APIRouter(prefix="/relationships/{id}", tags=["informal mentoring"])


class InvitePartner(Body):
    """What whoever comes by the link will read before they answer: that it is you, above all."""

    words: OwnWords | None = Field(
        default=None, examples=["It is Ada. Shall we do what we talked about?"]
    )


class PartnerLinkAnswer(BaseModel):
    """The link to hand over; it works once, is kept nowhere and seen this once."""

    link: str
    expires_at: datetime


class PartnershipAnswer(BaseModel):
    """What somebody is asked for who came by a link, and what the mentee chose to say."""

    kind: Kind
    mode: Mode
    cadence: Cadence
    words: WordsAnswer


class Asking:
    """What a mentee makes a link with."""

    def __init__(
        self,
        quiet: QuietOrderPart,
        mentoring: MentoringPart,
        openings: OpeningsPart,
        recorder: RecorderPart,
        settings: SettingsPart,
    ) -> None:
        self._quiet, self._url = quiet, settings.public_url
        self._mentoring, self._openings, self._recorder = mentoring, openings, recorder

    def link(self, subject: Relationship, words: str | None) -> PartnerLinkAnswer:
        """Make one; repeated under the same key it answers the same."""
        order = self._quiet.order
        (secret,) = make_secrets(1, order, self._quiet.key)
        token = partner_token(subject.id, secret)
        invite = lambda: self._invite(subject, token, words)  # noqa: E731 - one thought in two steps
        earlier = carried_out_before(self._recorder, order, lambda: carry_out(invite))
        if earlier and not hmac.compare_digest(earlier.request_mac, order.request_mac):
            raise KeyUsedForAnother
        made = self._mentoring.load(Relationship, subject.id).link
        if made is None:
            raise NoLink
        return PartnerLinkAnswer(link=link_of(self._url, token), expires_at=made.expires_at)

    def _invite(self, subject: Relationship, token: str, words: str | None) -> Recorded:
        return commands.invite_partner(
            self._mentoring,
            self._quiet.order,
            relationship=subject.id,
            link=partner_link_of(token),
            words=seal_words(self._openings, subject.mentee, "to_partner", words),
        )


AskingPart = Annotated[Asking, Depends()]


@router.post("/partner-link", status_code=201)
def invite(
    id: UUID,
    body: InvitePartner,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    asking: AskingPart,
) -> PartnerLinkAnswer:
    """Make the link for a partner whom you found; an earlier one that nobody used works no more."""
    return asking.link(as_participant(mentoring, caller, id), body.words)


@router.post("/partner-link/withdrawal")
def withdraw(id: UUID, caller: MenteeCaller, carrier: CarrierPart) -> CommandResult:
    """Take the link back, and what somebody was asked by it."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.withdraw_link, relationship=id)


@router.get("/partnership")
def show(
    id: UUID, caller: MentorCaller, mentoring: MentoringPart, openings: OpeningsPart, now: Now
) -> PartnershipAnswer:
    """Show somebody who came by a link what they are asked for; the mentee reads of the look."""
    subject = as_asked(mentoring, caller, id)
    why = Why(RecordKind.PROFILE, AccessPurpose.MATCHING, Authority.CONSENT, id)
    words = words_to_partner(mentoring, id)
    return PartnershipAnswer(
        kind=subject.kind,
        mode=subject.mode,
        cadence=subject.cadence,
        words=open_words(openings, caller, words, why, now=now, shown_to=(caller.person,)),
    )


@router.post("/partnership/acceptance")
def accept(
    id: UUID, caller: MentorCaller, carrier: CarrierPart, openings: OpeningsPart
) -> CommandResult:
    """Say yes: you are a pair, if both of you take part and nothing keeps you apart."""
    mentoring, at = carrier.mentoring, carrier.order.act.at
    subject = as_asked(mentoring, caller, id)
    Workplaces(mentoring, openings).require_apart(subject, caller.person, at)
    return carrier.carry_out(commands.join_as_partner, relationship=id)


@router.post("/partnership/refusal")
def refuse(id: UUID, caller: MentorCaller, carrier: CarrierPart) -> CommandResult:
    """Say no, without fault."""
    as_asked(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.decline_as_partner, relationship=id)

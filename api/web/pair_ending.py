"""What every ending offers both: to say how it was, and to go on with somebody else; nobody is blamed, nobody has to."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import MenteeCaller
from api.dependencies import CarrierPart, CommandResult, QuietOrderPart, SettingsPart
from api.routes import feedback, rematches
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.pair_arrangements import REMATCH_REASONS
from api.web.party import Party, PartyPart
from api.web.rendering import page
from domain.commands.feedback import find_slips
from domain.commands.loading import find_ledger
from domain.mentoring import NotFound
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import RematchReason
from domain.values import Purpose

router = APIRouter(prefix="/{relationship}", include_in_schema=False)
next_router = APIRouter(
    prefix="/my-mentoring/{relationship}", include_in_schema=False, dependencies=[ReadForm]
)

YES_OR_NO = {"yes": "Yes", "no": "No, I would rather say nothing now"}


class NextRequestForm(TypedForm):
    """What is taken over."""

    faults: ClassVar[Mapping[str, str]] = {
        "keeps_words": "Say whether we shall go by what you wrote before.",
        "keeps_wish": "Say whether your wish about a partner’s background still holds.",
        "reason": "Choose an answer; the first one says nothing.",
    }
    blamed: ClassVar[str] = "reason"

    keeps_words: Literal["yes", "no"] = "yes"
    keeps_wish: Literal["yes", "no"] = "no"
    reason: RematchReason = RematchReason.NO_REASON_GIVEN


@router.get("/ending")
def show(relationship: UUID, party: PartyPart) -> Response:
    """Both offers."""
    return _page(party, relationship)


@router.post("/slip")
def take_slip(
    relationship: UUID,
    party: PartyPart,
    quiet: QuietOrderPart,
    desk: feedback.FeedbackDeskPart,
    settings: SettingsPart,
) -> Response:
    """Hand over a slip; it stands on this page and nowhere else."""
    answer = feedback.take_slip(relationship, party.caller, quiet, desk, settings)
    here = answer.link.removeprefix(settings.public_url.rstrip("/"))
    return party.page("slip.html", back=party.side.home(relationship), here=here, link=answer.link)


@next_router.post("/next-request")
def ask_again(
    relationship: UUID, caller: MenteeCaller, party: PartyPart, carrier: CarrierPart
) -> Response:
    """Ask for somebody else, in one step."""

    def carry(form: NextRequestForm) -> CommandResult:
        body = rematches.AskAgain(
            keeps_words=form.keeps_words == "yes",
            keeps_identity_preference=form.keeps_wish == "yes",
            reason=form.reason,
        )
        return rematches.ask(relationship, body, caller, party.mentoring, carrier)

    return carried_out(
        party.request, NextRequestForm, carry, lambda filled: _page(party, relationship, filled)
    )


def _page(party: Party, relationship: UUID, filled: Filled = NOTHING_FILLED) -> Response:
    subject = party.relationship(relationship)
    if subject.closed_for is None:
        raise NotFound
    return page(
        party.request,
        "ending.html",
        status=filled.status,
        caller=party.caller,
        side=party.side,
        filled=filled,
        relationship=subject.id,
        back=party.side.home(subject.id),
        was_matched=subject.mentor is not None,
        has_slip=_has_slip(party, subject),
        may_be_asked=_is_live(party, Purpose.FEEDBACK, party.now),
        takes_part=_is_live(party, Purpose.TAKE_PART, party.now),
        wants_rematch=party.caller.person in subject.rematch_wanted_by,
        left=party.mentoring.load(Place, subject.place).free,
        has_wish=subject.has_identity_preference
        and _is_live(party, Purpose.IDENTITY_PREFERENCE, party.now),
        reasons=REMATCH_REASONS,
        yes_or_no=YES_OR_NO,
    )


def _has_slip(party: Party, subject: Relationship) -> bool:
    slips = find_slips(party.mentoring, subject.id)
    return slips is not None and party.caller.person in slips.taken_by


def _is_live(party: Party, purpose: Purpose, now: datetime) -> bool:
    ledger = find_ledger(party.mentoring, party.caller.person)
    return ledger is not None and ledger.is_live(purpose, now)

"""Concerns for whoever looks into them: coordinators see each by its kind, and words only where they are theirs."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.callers import ConcernHandler, CoordinatorCaller, SafeguardingCaller
from api.dependencies import CommandResult
from api.records.handling import Handling
from api.records.leads import gone_lead, other_leads
from api.routes import concerns as routes
from api.web.desk import (
    AtDesk,
    AtDeskPart,
    DeskSenderPart,
    HasChanged,
    IsCurrent,
    ShelfPart,
    WordsForm,
    letter_page,
)
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm
from api.web.forms import ReadForm
from api.web.looking import looked_up
from api.web.rendering import page, short_reference
from domain.access import Caller
from domain.concern import Concern, ConcernCategory, ConcernStage, Desk
from domain.values import Role

router = APIRouter(prefix="/concerns", include_in_schema=False, dependencies=[ReadForm])

CATEGORIES = {
    ConcernCategory.ARRANGEMENTS: "Times, places and how things are arranged",
    ConcernCategory.CONDUCT: "How somebody behaved",
    ConcernCategory.CONFIDENTIALITY: "Something that should have stayed confidential",
    ConcernCategory.SAFETY: "Somebody’s safety",
    ConcernCategory.OTHER: "Something else",
}
STAGES = {
    ConcernStage.RAISED: "Raised, nobody has sorted it yet",
    ConcernStage.TRIAGED: "Somebody is looking into it",
    ConcernStage.CLOSED: "Answered",
    ConcernStage.FORGOTTEN: "Destroyed after its time",
}
DESKS_IN_WORDS = {
    Desk.COORDINATOR: "With the coordinators",
    Desk.SAFEGUARDING_LEAD: "With the safeguarding leads",
}


class TriageForm(TypedForm):
    """Of what kind it is, and who looks into it."""

    faults: ClassVar[Mapping[str, str]] = {
        "category": "Choose what it is about.",
        "desk": "Choose who looks into it.",
    }
    blamed: ClassVar[str] = "desk"

    category: ConcernCategory
    desk: Desk


class HandingOverForm(TypedForm):
    """Who looks into it from now on."""

    faults: ClassVar[Mapping[str, str]] = {"to": "Choose who looks into it from now on."}
    blamed: ClassVar[str] = "to"

    to: UUID


@router.get("")
def show(
    caller: ConcernHandler, at: AtDeskPart, asked: ShelfPart, is_current: IsCurrent
) -> Response:
    """Those that are open, or answered; nothing is opened."""
    found = routes.list_them(caller, at.handling, asked)
    return page(
        at.request,
        "concerns.html",
        caller=caller,
        is_current=is_current,
        rows=[(each, who_has(each, caller)) for each in found.concerns],
        more=found.next,
        is_over=asked.is_over,
        categories=CATEGORIES,
    )


@router.get("/{concern}")
def show_one(
    concern: UUID, caller: ConcernHandler, at: AtDeskPart, has_changed: HasChanged
) -> Response:
    """Of what kind one is, where it stands and who has it; nothing is opened."""
    return _page(at, caller, has_changed=has_changed)


@router.get("/{concern}/words")
def show_words(concern: UUID, caller: ConcernHandler, at: AtDeskPart) -> Response:
    """What it says; the look is recorded."""
    return letter_page(
        at.request,
        caller,
        routes.read_words(concern, caller, at.handling),
        back=(f"/concerns/{concern}", "Back to the concern"),
        title="What the concern says",
        standing="That you opened it is recorded, and whoever raised it can read that.",
    )


@router.post("/{concern}/triage")
def triage(concern: UUID, caller: CoordinatorCaller, sender: DeskSenderPart) -> Response:
    """Say of what kind it is, or pass it on."""

    def carry(form: TriageForm) -> CommandResult:
        body = routes.TriageConcern(category=form.category, desk=form.desk)
        return routes.triage(concern, body, caller, sender.carrier, sender.handling)

    return sender.send(TriageForm, carry, partial(_page, sender, caller))


@router.post("/{concern}/taking")
def take(concern: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Look into it oneself."""
    return sender.send(
        ButtonForm,
        lambda _: routes.take(concern, caller, sender.carrier, sender.handling),
        partial(_page, sender, caller),
    )


@router.post("/{concern}/handing-over")
def hand_over(concern: UUID, caller: SafeguardingCaller, sender: DeskSenderPart) -> Response:
    """Let another lead look into it."""

    def carry(form: HandingOverForm) -> CommandResult:
        body = routes.HandOverConcern(to=form.to)
        return routes.hand_over(concern, body, caller, sender.carrier, sender.handling)

    return sender.send(HandingOverForm, carry, partial(_page, sender, caller))


@router.post("/{concern}/closing")
def close(concern: UUID, caller: ConcernHandler, sender: DeskSenderPart) -> Response:
    """Answer it."""

    def carry(form: WordsForm) -> CommandResult:
        body = routes.CloseConcern(words=form.words)
        return routes.close(concern, body, caller, sender.carrier, sender.handling)

    return sender.send(WordsForm, carry, partial(_page, sender, caller))


def standing(stage: ConcernStage, handler: UUID | None) -> str:
    """Where one stands: what a lead has taken is looked into, though nobody sorted it."""
    is_taken = stage is ConcernStage.RAISED and handler is not None
    return STAGES[ConcernStage.TRIAGED if is_taken else stage]


def who_has(one: routes.ConcernAnswer, caller: Caller) -> str:
    """Where it lies, and who of the safeguarding leads has it."""
    desk = DESKS_IN_WORDS[one.desk]
    if one.desk is not Desk.SAFEGUARDING_LEAD or caller.role is not Role.SAFEGUARDING_LEAD:
        return desk
    if one.handler is None:
        return "Nobody has taken it"
    is_theirs = one.handler == caller.person
    return "You have it" if is_theirs else f"Lead {short_reference(one.handler)} has it"


def _page(
    at: AtDesk, caller: Caller, filled: Filled = NOTHING_FILLED, *, has_changed: bool = False
) -> Response:
    one = routes.show(UUID(at.request.path_params["concern"]), caller, at.handling, Response())
    is_leads = one.desk is Desk.SAFEGUARDING_LEAD
    is_at_desk = one.desk.value == caller.role.value
    is_theirs = is_at_desk and (not is_leads or one.handler == caller.person)
    leads = looked_up(lambda: other_leads(at.handling.reader, caller.person)) if is_leads else []
    return page(
        at.request,
        "concern.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        has_changed=has_changed,
        one=one,
        whose=who_has(one, caller),
        is_theirs=is_theirs,
        can_take=is_at_desk and is_leads and _is_free(at.handling, one),
        leads={str(each): f"Lead {short_reference(each)}" for each in leads},
        is_open=one.stage in {ConcernStage.RAISED, ConcernStage.TRIAGED},
        categories=CATEGORIES,
        standing=standing(one.stage, one.handler),
        desks=DESKS_IN_WORDS,
    )


def _is_free(handling: Handling, one: routes.ConcernAnswer) -> bool:
    """Whether nobody has it, or who had it is no lead any more."""
    if one.stage is ConcernStage.FORGOTTEN:
        return False
    subject = handling.mentoring.load(Concern, one.id)
    return one.handler is None or gone_lead(handling.mentoring, subject) is not None

"""Erasures: asked for by the person, decided by somebody else, and followed until they are completed."""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.auth.callers import ErasureDecider, Now, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import (
    ApartPart,
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    ReaderPart,
    SettingsPart,
    TokensPart,
    result_of,
)
from api.erasing.horizon import unreadable_from
from api.erasing.orders import ErasureOrders
from api.errors import NotThereYet
from api.fields import Limit
from api.records.relations import own_partners
from api.settings import Settings
from domain.access import Caller
from domain.commands.erasures import (
    find_erasure,
    grant_erasure,
    hold_erasure,
    lift_hold,
    refuse_erasure,
    request_erasure,
    take_back_erasure,
)
from domain.erasure import Erasure, ErasureStage, HoldReason, RefusalReason
from domain.mentoring import Mentoring, NotFound
from projections.reader import NotYet

router = APIRouter(tags=["erasures"])


async def orders_of(request: Request) -> ErasureOrders:
    """The orders to erase somebody."""
    return ErasureOrders(request.app.state.parts.pool)


ErasureOrdersPart = Annotated[ErasureOrders, Depends(orders_of)]


class HoldErasure(Body):
    """Why it must wait, and when somebody looks at it again."""

    reason: HoldReason = Field(examples=["legal_claim"])
    review_on: date = Field(
        description="A later day, at most 92 days ahead.", examples=["2030-01-31"]
    )


class RefuseErasure(Body):
    """Why it is refused."""

    reason: RefusalReason = Field(examples=["legal_duty"])


class ErasureAnswer(BaseModel):
    """Where a request stands.

    `unreadable_from` is the day from which old backups open nothing of the person either; it is set once
    the erasure is carried out.
    """

    id: UUID
    person: UUID
    stage: ErasureStage
    due_on: date
    hold: HoldReason | None
    review_on: date | None
    refusal: RefusalReason | None
    unreadable_from: date | None


class OwnErasureAnswer(ErasureAnswer):
    """The same for the person; `receipt` shows the stage also when they cannot sign in any more."""

    receipt: UUID


@router.post("/me/erasure", status_code=201)
def ask(caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Ask to be erased; somebody else decides, within one calendar month."""
    receipt = uuid4()
    return carrier.carry_out(request_erasure, person=caller.person, receipt=receipt)


@router.get("/me/erasure")
def my_erasure(
    caller: PartyCaller,
    mentoring: MentoringPart,
    orders: ErasureOrdersPart,
    settings: SettingsPart,
    response: Response,
) -> OwnErasureAnswer:
    """Show where one's own request stands."""
    subject = _own(mentoring, caller)
    shown = _shown(subject, orders, settings, response)
    return OwnErasureAnswer(**shown.model_dump(), receipt=subject.receipt)


@router.post("/me/erasure/taking-back", status_code=201)
def take_back(caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Rather stay; possible until it is decided."""
    erasure = _own(carrier.mentoring, caller).id
    return carrier.carry_out(take_back_erasure, erasure=erasure)


class DeskAnswer(BaseModel):
    """One request among others; `position` is that of the asking."""

    id: UUID
    person: UUID
    stage: ErasureStage
    due_on: date
    review_on: date | None


class DeskPage(BaseModel):
    """Requests in the order they were made; `next` is the cursor of the page after it."""

    erasures: list[DeskAnswer]
    next: int | None


Cursor = Annotated[int, Query(ge=0, le=10**15, description="Where the page before this one ended.")]


@router.get("/erasures")
def desk(
    caller: ErasureDecider,
    reader: ReaderPart,
    stage: ErasureStage | None = None,
    cursor: Cursor = 0,
    limit: Limit = 50,
) -> DeskPage:
    """Show who asked to be erased, under pseudonyms; never oneself nor a mentoring partner."""
    try:
        rows = reader.rights_desk(stage=stage, after=cursor, most=limit)
        own = own_partners(reader, caller.person)
    except NotYet:
        raise NotThereYet from None
    shown = [
        DeskAnswer(
            id=row.erasure,
            person=row.person,
            stage=row.stage,
            due_on=row.due_on,
            review_on=row.review_on,
        )
        for row in rows
        if row.person not in own
    ]
    return DeskPage(erasures=shown, next=rows[-1].position if len(rows) == limit else None)


@router.get("/erasures/{id}")
def show(
    id: UUID,
    caller: ErasureDecider,
    mentoring: MentoringPart,
    orders: ErasureOrdersPart,
    settings: SettingsPart,
    apart: ApartPart,
    response: Response,
) -> ErasureAnswer:
    """Show where a request stands, to who decides."""
    return _shown(_of_others(mentoring, apart, caller, id), orders, settings, response)


@router.post("/erasures/{id}/hold", status_code=201)
def hold(
    id: UUID,
    body: HoldErasure,
    caller: ErasureDecider,
    carrier: CarrierPart,
    apart: ApartPart,
) -> CommandResult:
    """Let it wait; the person sees why and until when."""
    _of_others(carrier.mentoring, apart, caller, id)
    return carrier.carry_out(hold_erasure, erasure=id, reason=body.reason, review_on=body.review_on)


@router.post("/erasures/{id}/hold-lifting", status_code=201)
def lift(
    id: UUID,
    caller: ErasureDecider,
    carrier: CarrierPart,
    apart: ApartPart,
) -> CommandResult:
    """End the wait."""
    _of_others(carrier.mentoring, apart, caller, id)
    return carrier.carry_out(lift_hold, erasure=id)


@router.post("/erasures/{id}/refusal", status_code=201)
def refuse(
    id: UUID,
    body: RefuseErasure,
    caller: ErasureDecider,
    carrier: CarrierPart,
    apart: ApartPart,
) -> CommandResult:
    """Decide against it; the person sees why."""
    _of_others(carrier.mentoring, apart, caller, id)
    return carrier.carry_out(refuse_erasure, erasure=id, reason=body.reason)


@router.post("/erasures/{id}/grant", status_code=201)
def grant(
    id: UUID,
    caller: ErasureDecider,
    carrier: CarrierPart,
    orders: ErasureOrdersPart,
    tokens: TokensPart,
    apart: ApartPart,
    now: Now,
) -> CommandResult:
    """Decide for it: from now on nothing is recorded of the person, and soon nothing of theirs opens."""
    subject = _of_others(carrier.mentoring, apart, caller, id)
    # Before the decision, so that there is none that cannot be carried out.
    orders.order(subject.id, subject.person)
    recorded = carry_out(lambda: grant_erasure(carrier.mentoring, carrier.order, erasure=id))
    tokens.revoke(subject.person, now)
    return result_of(recorded, carrier.response)


def _own(mentoring: Mentoring, caller: Caller) -> Erasure:
    subject = find_erasure(mentoring, caller.person)
    if subject is None:
        raise NotFound
    return subject


def _of_others(mentoring: Mentoring, apart: ApartPart, caller: Caller, id: UUID) -> Erasure:
    """A request that the caller may look at by duty; never their mentoring partner's."""
    subject = mentoring.load(Erasure, id)
    apart.require(caller, subject.person)
    return subject


def _shown(
    subject: Erasure, orders: ErasureOrders, settings: Settings, response: Response
) -> ErasureAnswer:
    response.headers["ETag"] = f'"{subject.version}"'
    return ErasureAnswer(
        id=subject.id,
        person=subject.person,
        stage=subject.stage,
        due_on=subject.due_on,
        hold=subject.shown_hold,
        review_on=subject.review_on,
        refusal=subject.refusal,
        unreadable_from=unreadable_from(
            orders.carried_out_at(subject.id), rotation_days=settings.rotation_days
        ),
    )

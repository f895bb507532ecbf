"""What a mentee can see and take back at any time: their consents, and who looked at their record."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth.callers import MenteeCaller, Now
from api.dependencies import MentoringPart, OrderPart, SettingsPart
from api.records.withdrawing import WithdrawingPart
from api.routes import access_records, consents
from api.routes.health import PoolPart
from api.web.answers import show_effect
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.my_rights_view import PURPOSES, look_in_words
from api.web.rendering import page
from crypto.horizon import next_rotation
from crypto.rotation import epochs
from domain.commands.loading import find_ledger
from domain.values import Purpose

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

LOOKS_A_PAGE = 20


def next_change_of_keys(pool: PoolPart, settings: SettingsPart) -> datetime | None:
    """When the keys next change, from which on old backups open nothing that was erased before."""
    with pool.connection() as connection:
        return next_rotation(epochs(connection), timedelta(days=settings.rotation_days))


NextChangeOfKeys = Annotated[datetime | None, Depends(next_change_of_keys)]


@router.get("/my-consents")
def show_consents(
    request: Request,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    now: Now,
    keys_change_at: NextChangeOfKeys,
    at_least: AtLeast = None,
) -> Response:
    """What somebody has consented to, each with one button to take it back."""
    ledger = find_ledger(mentoring, caller.person)
    said = {
        purpose: ledger.standing(purpose, now)
        for purpose in PURPOSES
        if ledger is not None and ledger.changes.get(purpose)
    }
    live = {purpose for purpose in said if ledger is not None and ledger.is_live(purpose, now)}
    return page(
        request,
        "my_consents.html",
        caller=caller,
        purposes=PURPOSES,
        said=said,
        live=live,
        has_changed=at_least is not None,
        keys_change_at=keys_change_at,
        is_due=keys_change_at is not None and keys_change_at <= now,
    )


@router.post("/my-consents/{purpose}/withdrawal")
def withdraw(
    purpose: Purpose,
    request: Request,
    caller: MenteeCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    withdrawing: WithdrawingPart,
) -> Response:
    """Take a consent back: one action, no reason asked."""
    done = consents.withdraw(purpose, caller, order, mentoring, withdrawing, Response())
    return show_effect(request, done.position)


@router.get("/who-looked")
def show_looks(
    request: Request,
    caller: MenteeCaller,
    mentoring: MentoringPart,
    before: Annotated[int | None, Query(ge=1, le=10**12)] = None,
) -> Response:
    """Everybody who opened something about the caller, newest first."""
    looks = access_records.my_access_records(caller, mentoring, before, LOOKS_A_PAGE)
    return page(
        request,
        "who_looked.html",
        caller=caller,
        looks=[(look.at, look_in_words(look, caller.person)) for look in looks.looks],
        next=looks.next,
    )

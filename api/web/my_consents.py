"""A person's own consents: to read the whole words in their language, say yes, not now or no, and withdraw."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import Now, PartyCaller
from api.dependencies import Body, MentoringPart, NoticeBoardPart, OrderPart, SettingsPart
from api.fields import Digest
from api.records.withdrawing import WithdrawingPart
from api.routes import consents
from api.routes.health import PoolPart
from api.web.answers import show_effect
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast
from api.web.my_consents_view import (
    DATED,
    HOME_LANGUAGE,
    LANGUAGES,
    PURPOSES,
    STANDING,
    language_named,
    own_consent,
    own_language,
    shown_words,
)
from api.web.rendering import page
from crypto.horizon import next_rotation
from crypto.rotation import epochs
from domain.commands.loading import find_ledger
from domain.mentoring import NotFound
from domain.values import Purpose

router = APIRouter(prefix="/my-consents", include_in_schema=False, dependencies=[ReadForm])

Language = Literal["en", "cy"]


class AnswerForm(Body):
    """The words that were shown, by their version, language and digest."""

    notice_version: int = Field(ge=1, le=10_000)
    language: str = Field(max_length=12)
    digest: Digest

    def words(self) -> consents.WordsShown:
        """The same as the API takes it."""
        return consents.WordsShown(**self.model_dump())


Form = Annotated[AnswerForm, Depends(posted(AnswerForm))]


def next_change_of_keys(pool: PoolPart, settings: SettingsPart) -> datetime | None:
    """When the keys next change, from which on old backups open nothing that was erased before."""
    with pool.connection() as connection:
        return next_rotation(epochs(connection), timedelta(days=settings.rotation_days))


NextChangeOfKeys = Annotated[datetime | None, Depends(next_change_of_keys)]


@router.get("")
def show(
    request: Request,
    caller: PartyCaller,
    mentoring: MentoringPart,
    board: NoticeBoardPart,
    now: Now,
    keys_change_at: NextChangeOfKeys,
    at_least: AtLeast = None,
) -> Response:
    """Where each consent stands, with one button to take back what was given."""
    ledger = find_ledger(mentoring, caller.person)
    own = [own_consent(ledger, each, board.newest(each), now) for each in PURPOSES]
    return page(
        request,
        "my_consents.html",
        caller=caller,
        consents=own,
        standing=STANDING,
        dated=DATED,
        language_named=language_named,
        has_changed=at_least is not None,
        keys_change_at=keys_change_at,
        is_due=keys_change_at is not None and keys_change_at <= now,
    )


@router.get("/{purpose}")
def show_words(
    purpose: Purpose,
    request: Request,
    caller: PartyCaller,
    mentoring: MentoringPart,
    board: NoticeBoardPart,
    now: Now,
    language: Language | None = None,
) -> Response:
    """The whole words, in a language, and what can be answered to them."""
    newest = {each.words.language: each for each in board.newest(purpose)}
    ledger = find_ledger(mentoring, caller.person)
    wanted = (language, own_language(ledger, now), HOME_LANGUAGE, *newest)
    notice = next((newest[each] for each in wanted if each in newest), None)
    if notice is None:
        raise NotFound
    return page(
        request,
        "my_consent.html",
        caller=caller,
        own=own_consent(ledger, purpose, list(newest.values()), now),
        shown=shown_words(notice),
        languages=[(each, LANGUAGES[each]) for each in LANGUAGES if each in newest],
        standing=STANDING,
        dated=DATED,
    )


@router.post("/{purpose}/yes")
def give(
    purpose: Purpose,
    request: Request,
    form: Form,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Say yes to the words that were shown."""
    body = consents.GiveConsent(purpose=purpose, **form.model_dump())
    done = consents.give(body, caller, order, mentoring, Response())
    return show_effect(request, done.position)


@router.post("/{purpose}/not-now")
def defer(
    purpose: Purpose,
    request: Request,
    form: Form,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Say "not now"."""
    done = consents.defer(purpose, form.words(), caller, order, mentoring, Response())
    return show_effect(request, done.position)


@router.post("/{purpose}/no")
def refuse(
    purpose: Purpose,
    request: Request,
    form: Form,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
) -> Response:
    """Say no."""
    done = consents.refuse(purpose, form.words(), caller, order, mentoring, Response())
    return show_effect(request, done.position)


@router.post("/{purpose}/withdrawal")
def withdraw(
    purpose: Purpose,
    request: Request,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    withdrawing: WithdrawingPart,
) -> Response:
    """Take a consent back: one action, no reason asked."""
    done = consents.withdraw(purpose, caller, order, mentoring, withdrawing, Response())
    return show_effect(request, done.position)

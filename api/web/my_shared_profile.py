"""What a mentee chooses to show to whoever mentors them: a name and, if they like, words; nothing until they choose to."""

from collections.abc import Mapping
from typing import ClassVar

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.auth.callers import may_call
from api.dependencies import CommandResult
from api.fields import PersonName
from api.records.words import LONGEST_WORDS, WordsState
from api.routes import shared_profiles
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast
from api.web.party import Party, PartyPart, SenderPart
from domain.commands.loading import find_ledger
from domain.values import Purpose, Role

router = APIRouter(
    prefix="/my-mentoring/profile",
    include_in_schema=False,
    dependencies=[ReadForm, Depends(may_call(Role.MENTEE))],
)


class ShareForm(TypedForm):
    """What whoever mentors them reads."""

    faults: ClassVar[Mapping[str, str]] = {
        "display_name": "Enter the name that your mentoring partner should read, in at most 200 characters.",
        "words": "Write at most 4,000 characters.",
    }
    blamed: ClassVar[str] = "display_name"

    display_name: PersonName
    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


@router.get("")
def show(party: PartyPart, at_least: AtLeast = None) -> Response:
    """What they show now, opened for this page; that is recorded as their own look."""
    shown = shared_profiles.show_own(party.caller, party.now, party.mentoring, party.openings)
    is_shown = shown.state is WordsState.OPEN
    fields = {"display_name": shown.display_name or "", "words": shown.words or ""}
    filled = Filled(fields, form="sharing") if is_shown else NOTHING_FILLED
    return _page(party, filled, is_shown=is_shown, is_saved=at_least is not None)


@router.post("/sharing")
def share(sender: SenderPart) -> Response:
    """Choose what to show."""

    def carry(form: ShareForm) -> CommandResult:
        body = shared_profiles.ShareProfile(display_name=form.display_name, words=form.words)
        return shared_profiles.share(body, *sender.carried_with_words)

    party = sender.party
    return carried_out(party.request, ShareForm, carry, lambda filled: _page(party, filled))


@router.post("/taking-back")
def take_back(sender: SenderPart) -> Response:
    """Show nothing any more."""

    def carry(_form: ButtonForm) -> CommandResult:
        return shared_profiles.take_back(*sender.carried)

    party = sender.party
    return carried_out(party.request, ButtonForm, carry, lambda filled: _page(party, filled))


def _page(
    party: Party, filled: Filled, *, is_shown: bool = False, is_saved: bool = False
) -> Response:
    ledger = find_ledger(party.mentoring, party.caller.person)
    may_share = ledger is not None and ledger.is_live(Purpose.SHARE_PROFILE, party.now)
    return party.page(
        "my_shared_profile.html",
        filled=filled,
        is_shown=is_shown,
        is_saved=is_saved,
        may_share=may_share,
    )

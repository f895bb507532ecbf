"""A mentee's own pages: where things stand, asking for mentoring, and who the mentoring partner is."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.callers import MenteeCaller, Now
from api.dependencies import MentoringPart, ReaderPart, WaitingPart
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there, live, looked_up
from api.web.pair_proposal import profile_of
from api.web.pair_view import Shown, pair_shown
from api.web.party import PartyPart
from api.web.rendering import page
from api.web.sides import MENTEES
from crypto.errors import SealedRecordError
from domain.commands.loading import find_ledger
from domain.mentoring import Mentoring, NotFound
from domain.person import Person
from domain.relationship_state import Stage
from domain.values import Purpose
from projections.my_mentoring import DECODER, MY_MENTORING
from projections.reader import Changes

router = APIRouter(prefix="/my-mentoring", include_in_schema=False, dependencies=[ReadForm])


@router.get("")
def show(
    request: Request,
    caller: MenteeCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    mentoring: MentoringPart,
    now: Now,
    at_least: AtLeast = None,
) -> Response:
    """Where things stand."""
    is_current = is_there(waiting, MY_MENTORING.name, at_least)
    updates = live(reader, Changes.MY_MENTORING, caller.person)
    views = looked_up(lambda: reader.my_mentoring(caller.person))
    aside = looked_up(lambda: reader.my_set_aside(caller.person))
    ledger = find_ledger(mentoring, caller.person)
    shown = [pair_shown(DECODER.decode(view.document), MENTEES, now) for view in reversed(views)]
    is_missing = not set(aside) <= {view.relationship for view in views}
    takes_part = ledger is not None and ledger.is_live(Purpose.TAKE_PART, now)
    return page(
        request,
        "my_mentoring.html",
        caller=caller,
        updates=updates,
        is_current=is_current,
        relationships=shown,
        set_aside=aside,
        is_one_missing=is_missing,
        can_ask=not is_missing and _can_ask(shown),
        takes_part=takes_part,
        can_write=_can_write(mentoring, caller.person),
        has_withdrawn=ledger is not None and not ledger.stands(Purpose.TAKE_PART),
    )


@router.get("/{relationship}/partner")
def show_partner(relationship: UUID, caller: MenteeCaller, party: PartyPart) -> Response:
    """Who the mentoring partner is, in their own words; the look is recorded and they can see it."""
    mentor = party.relationship(relationship).mentor
    if mentor is None:
        raise NotFound
    return party.page("partner.html", profile=profile_of(party, mentor, relationship))


def _can_write(mentoring: Mentoring, person: UUID) -> bool:
    """Whether their address is known to be theirs."""
    try:
        return mentoring.load(Person, person).address is None
    except SealedRecordError:
        return True


def _can_ask(shown: list[Shown]) -> bool:
    return all(each.own.stage is Stage.CLOSED for each in shown)

"""A mentor's own pages: everybody they work with or might, each without a name, and one of them at a time."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from api.auth.callers import MentorCaller, Now
from api.dependencies import ReaderPart, WaitingPart
from api.routes import shared_profiles
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there, live, looked_up
from api.web.my_profile_view import standing_shown
from api.web.pair_view import Shown, pair_shown
from api.web.party import PartyPart
from api.web.rendering import page
from api.web.sides import MENTORS
from domain.mentoring import NotFound
from domain.relationship_state import Stage
from projections.my_caseload import DECODER, MY_CASELOAD, MentorStanding
from projections.reader import Changes, Reader

router = APIRouter(prefix="/my-caseload", include_in_schema=False, dependencies=[ReadForm])


@router.get("")
def show(
    request: Request,
    caller: MentorCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    now: Now,
    at_least: AtLeast = None,
) -> Response:
    """Everything that is open, what needs an answer first; then what has ended."""
    is_current = is_there(waiting, MY_CASELOAD.name, at_least)
    updates = live(reader, Changes.MY_CASELOAD, caller.person)
    shown = _caseload(reader, caller.person, now)
    aside = set(looked_up(lambda: reader.caseload_set_aside(caller.person)))
    standing = looked_up(lambda: reader.my_standing(caller.person))
    return page(
        request,
        "my_caseload.html",
        caller=caller,
        updates=updates,
        is_current=is_current,
        open=sorted((each for each in shown if not _is_over(each)), key=_needs_nothing),
        ended=[each for each in reversed(shown) if _is_over(each)],
        groups=Counter(each.own.group for each in shown if each.is_matched and each.own.group),
        set_aside=aside,
        is_one_missing=not aside <= {each.own.id for each in shown},
        standing=standing_shown(
            msgspec.json.decode(standing, type=MentorStanding) if standing else None
        ),
    )


@router.get("/{relationship}")
def show_one(
    relationship: UUID,
    request: Request,
    caller: MentorCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    now: Now,
    at_least: AtLeast = None,
) -> Response:
    """Where things stand with one; absent for whoever has no part in it, or has none any more."""
    is_current = is_there(waiting, MY_CASELOAD.name, at_least)
    updates = live(reader, Changes.MY_CASELOAD, caller.person)
    shown = _caseload(reader, caller.person, now)
    one = next((each for each in shown if each.own.id == relationship), None)
    if one is None:
        raise NotFound
    aside = set(looked_up(lambda: reader.caseload_set_aside(caller.person)))
    return page(
        request,
        "my_caseload_one.html",
        caller=caller,
        updates=updates,
        is_current=is_current,
        each=one,
        set_aside=aside,
    )


@router.get("/{relationship}/mentee")
def show_mentee(relationship: UUID, caller: MentorCaller, party: PartyPart) -> Response:
    """What the mentee chose to show; the look is recorded and they can see it."""
    party.relationship(relationship)
    profile = shared_profiles.show(relationship, caller, party.now, party.mentoring, party.openings)
    return party.page("mentee.html", relationship=relationship, profile=profile)


def _caseload(reader: Reader, mentor: UUID, now: datetime) -> list[Shown]:
    documents = looked_up(lambda: reader.my_caseload(mentor))
    return [pair_shown(DECODER.decode(each), MENTORS, now) for each in documents]


def _is_over(shown: Shown) -> bool:
    """An ending whose last session still waits for a word is not over."""
    return shown.own.stage is Stage.CLOSED and shown.next is None


def _needs_nothing(shown: Shown) -> bool:
    return shown.next is None

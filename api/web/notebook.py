"""The pages of notes: they carry scripts and addresses, never a note; everything is opened in the browser."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.auth.callers import PartyCaller
from api.dependencies import ReaderPart
from api.records.notebook_view import as_reader
from api.records.passed_on import PassedOnList
from api.routes.passed_on_notes import list_of
from api.web.browser_modules import BUNDLE
from api.web.looking import looked_up
from api.web.pair_view import MATCHED
from api.web.party import Party, PartyPart
from api.web.rendering import page
from domain.commands.circles import Circle
from domain.group import Group
from projections.my_mentoring import DECODER
from projections.reader import Reader

router = APIRouter(include_in_schema=False)
keys_router = APIRouter(include_in_schema=False)

KINDS = (
    ("NOTE", "A note"),
    ("GOAL", "A goal"),
    ("GOAL_REVIEW", "A look back at a goal"),
    ("REFLECTION", "A reflection"),
)
"""What an entry is to its readers, by the names of docs/specs/sealed-note.md."""

REST_OF_GROUP = "the others in your group"


@router.get("/{relationship}/notebook")
def show(relationship: UUID, party: PartyPart, reader: ReaderPart) -> Response:
    """The notebook of a relationship, for whoever reads in it; what is in it never comes by this page."""
    subject = as_reader(party.mentoring, party.caller, relationship)
    is_group = isinstance(subject, Group)
    takes_part = party.caller.person in subject.people
    answer = party.page(
        "notebook.html",
        relationship=relationship,
        back=party.side.home(relationship) if takes_part else party.side.prefix,
        later=None if is_group else _later(reader, party.caller.person, relationship),
        partner=_partner(party, subject),
        is_group=is_group,
        is_over=subject.closed_for is not None,
        kinds=KINDS,
        bundle=BUNDLE,
    )
    return _with_policy(answer)


@keys_router.get("/my-keys")
def show_keys(request: Request, caller: PartyCaller) -> Response:
    """What opens somebody's notes: how to make it, to add to it, and to begin anew."""
    return _with_policy(page(request, "my_keys.html", caller=caller, bundle=BUNDLE))


@keys_router.get("/passed-on-notes")
def show_passed_on(party: PartyPart, found: Annotated[PassedOnList, Depends(list_of)]) -> Response:
    """Which earlier notes a mentee let the caller read."""
    return party.page("passed_on_notes.html", notebooks=found.of(party.caller.person))


def _partner(party: Party, subject: Circle) -> str:
    """What the page calls the others."""
    if isinstance(subject, Group):
        return REST_OF_GROUP
    return party.side.in_kind(subject.kind).partner


def _later(reader: Reader, mentee: UUID, relationship: UUID) -> UUID | None:
    """Another relationship in which a mentee is matched now, whose mentor they may let read this one."""
    views = looked_up(lambda: reader.my_mentoring(mentee))
    others = [DECODER.decode(each.document) for each in views if each.relationship != relationship]
    return next((each.id for each in others if each.stage in MATCHED), None)


def _with_policy(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = BUNDLE.policy
    return answer

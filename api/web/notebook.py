"""The pages of notes: they carry scripts and addresses, never a note; everything is opened in the browser."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.auth.callers import PartyCaller
from api.records.notebook_view import as_reader
from api.web.browser_modules import BUNDLE
from api.web.party import PartyPart
from api.web.rendering import page
from domain.relationship_events import Part

router = APIRouter(include_in_schema=False)
keys_router = APIRouter(include_in_schema=False)

KINDS = (
    ("NOTE", "A note"),
    ("GOAL", "A goal"),
    ("GOAL_REVIEW", "A look back at a goal"),
    ("REFLECTION", "A reflection"),
)
"""What an entry is to its readers, by the names of docs/specs/sealed-note.md."""


@router.get("/{relationship}/notebook")
def show(relationship: UUID, party: PartyPart) -> Response:
    """The notebook of a relationship, for a participant; what is in it never comes by this page."""
    subject = as_reader(party.mentoring, party.caller, relationship)
    answer = party.page(
        "notebook.html",
        relationship=relationship,
        back=party.side.home(relationship),
        has_partner=any(each.part is Part.MENTOR for each in subject.participants),
        kinds=KINDS,
        bundle=BUNDLE,
    )
    return _with_policy(answer)


@keys_router.get("/my-keys")
def show_keys(request: Request, caller: PartyCaller) -> Response:
    """What opens somebody's notes: how to make it, to add to it, and to begin anew."""
    return _with_policy(page(request, "my_keys.html", caller=caller, bundle=BUNDLE))


def _with_policy(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = BUNDLE.policy
    return answer

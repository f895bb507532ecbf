"""Where people use their rights: ask about their own record, see by when they are answered, and how long it is kept."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.auth.callers import PartyCaller
from api.dependencies import CommandResult
from api.records.letters import as_writer
from api.records.words import LONGEST_WORDS
from api.routes import keeping
from api.routes import rights_requests as routes
from api.settings import Settings
from api.web.answers import show_effect
from api.web.desk import AtDesk, AtDeskPart, DeskSenderPart, IsCurrent, letter_page
from api.web.filled import NOTHING_FILLED, Filled, TypedForm
from api.web.forms import ReadForm
from api.web.my_erasure_view import plain_day
from api.web.rendering import page
from api.web.rights import EXTENSIONS, REFUSALS, STAGES
from domain.access import Caller
from domain.commands.loading import find_ledger
from domain.mentoring import Mentoring
from domain.objection import Use
from domain.person import Person
from domain.rights_request import RightsKind, RightsRequest, RightsStage
from domain.values import Role

router = APIRouter(prefix="/my-rights", include_in_schema=False, dependencies=[ReadForm])

KINDS = {
    RightsKind.ACCESS: "See everything that is kept about me",
    RightsKind.RECTIFICATION: "Have something put right that is wrong",
    RightsKind.OBJECTION: "Say no to how something about me is used",
}


class RightsForm(TypedForm):
    """What one asks."""

    faults: ClassVar[Mapping[str, str]] = {
        "kind": "Choose what you would like.",
        "words": "Write at most 4,000 characters.",
    }
    blamed: ClassVar[str] = "kind"

    kind: RightsKind
    words: str | None = Field(default=None, min_length=1, max_length=LONGEST_WORDS)


@router.get("")
def show(caller: PartyCaller, at: AtDeskPart, is_current: IsCurrent) -> Response:
    """What one can ask, what one asked, and how long things are kept."""
    return _page(at, caller, is_current=is_current)


@router.post("")
def make(caller: PartyCaller, sender: DeskSenderPart) -> Response:
    """Ask."""

    def carry(form: RightsForm) -> CommandResult:
        body = routes.MakeRightsRequest(kind=form.kind, words=form.words)
        return routes.make(body, caller, sender.carrier, sender.handling)

    return sender.send(RightsForm, carry, partial(_page, sender, caller))


@router.post("/objection")
def object_to_suggestions(caller: PartyCaller, sender: DeskSenderPart) -> Response:
    """Say no to suggestions by a program, which end at once."""
    kind, use = RightsKind.OBJECTION, Use.SUGGESTIONS
    body = routes.MakeRightsRequest(kind=kind, objects_to=use)
    done = routes.make(body, caller, sender.carrier, sender.handling)
    return show_effect(sender.request, done.position)


@router.post("/resuming")
def resume(caller: PartyCaller, sender: DeskSenderPart) -> Response:
    """Let them begin again."""
    done = routes.resume(Use.SUGGESTIONS, caller, sender.carrier)
    return show_effect(sender.request, done.position)


@router.post("/keeping")
def keep(caller: PartyCaller, sender: DeskSenderPart) -> Response:
    """Have one's record kept."""
    done = keeping.keep(caller, sender.carrier)
    return show_effect(sender.request, done.position)


@router.get("/{rights_request}")
def show_one(rights_request: UUID, caller: PartyCaller, at: AtDeskPart) -> Response:
    """What one wrote, and the answer."""
    subject = as_writer(at.handling.mentoring, caller, RightsRequest, rights_request)
    is_kept = subject.stage is not RightsStage.FORGOTTEN
    return letter_page(
        at.request,
        caller,
        routes.own_words(rights_request, caller, at.handling) if is_kept else None,
        back=("/my-rights", "Back to your rights"),
        title=f"What you asked on {plain_day(subject.made_at.date())}",
        standing=_standing(subject),
    )


def periods_in_words(settings: Settings) -> list[tuple[str, int]]:
    """What is kept for how many days, as the clerk keeps it."""
    return [
        ("A concern, after its answer", settings.concern_days_closed),
        (
            "What you asked about your record, after its answer",
            settings.rights_request_days_answered,
        ),
        ("What had to be told outside by law, after it is over", settings.disclosure_days_over),
        ("What you suggested, after its answer", settings.suggestion_days_answered),
        ("Everything else about you, after we last heard of you", settings.person_days_inactive),
        ("The same, after the last of your mentoring ended", settings.relationship_days_closed),
    ]


def _standing(subject: RightsRequest) -> str:
    said = f"{KINDS[subject.kind]}. {STAGES[subject.stage]}."
    if subject.refusal is not None:
        return f"{said} It was refused because {REFUSALS[subject.refusal]}."
    if subject.closed_at is not None:
        return said
    why = f" It takes longer because {EXTENSIONS[subject.extension]}." if subject.extension else ""
    return f"{said}{why} You are answered by {plain_day(subject.due_on)}."


def _page(
    at: AtDesk, caller: Caller, filled: Filled = NOTHING_FILLED, *, is_current: bool = True
) -> Response:
    return page(
        at.request,
        "my_rights.html",
        status=filled.status,
        caller=caller,
        is_current=is_current,
        filled=filled,
        rows=routes.own(caller, at.handling).requests,
        ends_on=at.handling.mentoring.load(Person, caller.person).ends_on,
        are_suggestions_stopped=_are_suggestions_stopped(at.handling.mentoring, caller),
        can_ask_to_be_erased=caller.role is Role.MENTEE,
        kinds=KINDS,
        stages=STAGES,
        periods=periods_in_words(at.request.app.state.parts.settings),
    )


def _are_suggestions_stopped(mentoring: Mentoring, caller: Caller) -> bool:
    ledger = find_ledger(mentoring, caller.person)
    return ledger is not None and Use.SUGGESTIONS in ledger.stopped

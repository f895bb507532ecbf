"""One relationship of the pipeline: what was asked for, and what a coordinator can do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import (
    Carrier,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    WaitingPart,
)
from api.records.openings import Openings
from api.records.relations import as_coordinator, own_partners
from api.records.waiting import Waiting
from api.routes import attendance, places, proposals, relationships, said_words
from api.web.filled import NOTHING_FILLED, AnyForm, Filled, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there, live, looked_up
from api.web.pipeline_forms import (
    ConflictForm,
    CorrectionForm,
    EndingForm,
    ExtensionForm,
    GroupProposalForm,
    NoSuchMentor,
    ProposalForm,
    SettlementForm,
)
from api.web.pipeline_view import (
    CLOSING_REASONS,
    CORRECTIONS,
    OUTCOMES,
    SAID_OF,
    SETTLEMENTS,
    left_open,
    row_shown,
    settled,
)
from api.web.rendering import page, short_reference
from domain.access import Caller
from domain.commands.circles import has_conflict_within, load_circle
from domain.commands.footing import footing_of
from domain.group import Group
from domain.mentoring import Mentoring, NotFound
from domain.place import MOST_SESSIONS
from domain.programme import Programme
from domain.relationship import Relationship
from domain.relationship_events import Kind
from domain.relationship_state import Stage
from projections.group_questions import open_groups
from projections.mentor_questions import mentors_who_can_take
from projections.pipeline import PIPELINE
from projections.reader import Changes

router = APIRouter(
    prefix="/pipeline/{relationship}", include_in_schema=False, dependencies=[ReadForm]
)

UNMATCHED = frozenset({Stage.REQUESTED, Stage.PROPOSED})


@dataclass(frozen=True)
class Seen:
    """What the page of one relationship is made of."""

    request: Request
    caller: Caller
    waiting: Waiting
    mentoring: Mentoring
    openings: Openings
    now: datetime


def seen(
    request: Request,
    caller: CoordinatorCaller,
    waiting: WaitingPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> Seen:
    """Gather it."""
    return Seen(request, caller, waiting, mentoring, openings, now)


SeenPart = Annotated[Seen, Depends(seen)]


@dataclass(frozen=True)
class Acting:
    """A coordinator who sends a form."""

    seen: Seen
    carrier: Carrier

    @property
    def carried(self) -> tuple[Caller, Carrier]:
        """What every order of theirs takes."""
        return self.seen.caller, self.carrier

    @property
    def carried_with_words(self) -> tuple[Caller, Carrier, Openings]:
        """The same for orders that carry words to be sealed."""
        return *self.carried, self.seen.openings


def acting(seen: SeenPart, carrier: CarrierPart) -> Acting:
    """Gather it."""
    return Acting(seen, carrier)


ActingPart = Annotated[Acting, Depends(acting)]


@router.get("")
def show(relationship: UUID, seen: SeenPart, at_least: AtLeast = None) -> Response:
    """Where one relationship stands, and what a coordinator can do for it."""
    return _page(seen, relationship, at_least=at_least)


@router.get("/requested-words")
def show_requested_words(relationship: UUID, seen: SeenPart) -> Response:
    """What the mentee asked for; the look is recorded before anything is shown."""
    words = proposals.show_requested_words(
        relationship, seen.caller, seen.mentoring, seen.openings, seen.now
    )
    return page(
        seen.request,
        "requested_words.html",
        caller=seen.caller,
        relationship=relationship,
        words=words,
    )


@router.get("/said-words")
def show_said_words(relationship: UUID, seen: SeenPart) -> Response:
    """What was said of suggestions, conflicts, disputes and endings; each look is recorded before anything is shown."""
    shown = said_words.show_said_words(
        relationship, seen.caller, seen.mentoring, seen.openings, seen.now
    )
    return page(
        seen.request,
        "said_words.html",
        caller=seen.caller,
        relationship=relationship,
        said=[(SAID_OF[each.of], each) for each in shown.said],
    )


@router.post("/proposals")
def propose(relationship: UUID, acting: ActingPart) -> Response:
    """Offer one mentor."""
    seen = acting.seen
    request = as_coordinator(seen.mentoring, seen.caller, relationship)
    kind = GroupProposalForm if request.kind is Kind.GROUP else ProposalForm

    def carry(form: ProposalForm) -> CommandResult:
        try:
            body = form.proposal(seen.mentoring)
            reader = seen.waiting.reader
            return proposals.propose(relationship, body, *acting.carried_with_words, reader)
        except NotFound:
            raise NoSuchMentor from None

    return _sent(acting, relationship, kind, carry)


@router.post("/conflicts")
def declare_conflict(relationship: UUID, acting: ActingPart) -> Response:
    """Keep two people apart for good."""

    def carry(form: ConflictForm) -> CommandResult:
        body = relationships.DeclareConflict(**form.model_dump())
        return relationships.declare_conflict(relationship, body, *acting.carried_with_words)

    return _sent(acting, relationship, ConflictForm, carry)


@router.post("/correction")
def correct(relationship: UUID, acting: ActingPart) -> Response:
    """Correct the record of a session, openly."""

    def carry(form: CorrectionForm) -> CommandResult:
        body = attendance.CorrectAttendance(outcome=form.outcome, reason=form.reason)
        return attendance.correct(relationship, form.session, body, *acting.carried)

    return _sent(acting, relationship, CorrectionForm, carry)


@router.post("/settlement")
def settle(relationship: UUID, acting: ActingPart) -> Response:
    """Decide openly what nobody recorded of a session."""

    def carry(form: SettlementForm) -> CommandResult:
        body = attendance.SettleAttendance(outcome=form.outcome)
        return attendance.settle(relationship, form.session, body, *acting.carried)

    return _sent(acting, relationship, SettlementForm, carry)


@router.post("/extension")
def extend(relationship: UUID, acting: ActingPart) -> Response:
    """Grant more sessions, where funding is free."""
    place = as_coordinator(acting.seen.mentoring, acting.seen.caller, relationship).place

    def carry(form: ExtensionForm) -> CommandResult:
        body = places.ExtendPlace(sessions=form.sessions)
        return places.extend(place, body, *acting.carried)

    return _sent(acting, relationship, ExtensionForm, carry)


@router.post("/closing")
def close(relationship: UUID, acting: ActingPart) -> Response:
    """End it with a reason."""

    def carry(form: EndingForm) -> CommandResult:
        body = relationships.CloseRelationship(reason=form.reason, words=form.words)
        return relationships.close(relationship, body, *acting.carried_with_words)

    return _sent(acting, relationship, EndingForm, carry)


def _sent(
    acting: Acting,
    relationship: UUID,
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
) -> Response:
    seen = acting.seen
    as_coordinator(seen.mentoring, seen.caller, relationship)
    return carried_out(
        seen.request, kind, carry, lambda filled: _page(seen, relationship, filled=filled)
    )


def _page(
    seen: Seen,
    relationship: UUID,
    *,
    at_least: int | None = None,
    filled: Filled = NOTHING_FILLED,
) -> Response:
    subject = as_coordinator(seen.mentoring, seen.caller, relationship)
    reader = seen.waiting.reader
    is_current = is_there(seen.waiting, PIPELINE.name, at_least)
    # What came back from a form has the form's address, under which there is nothing to fetch anew.
    updates = (
        {} if filled.faults else {"updates": live(reader, Changes.PIPELINE, seen.caller.person)}
    )
    document = looked_up(lambda: reader.pipeline_row(relationship))
    if document is None:
        raise NotFound
    one = row_shown(document, seen.now)
    can_propose = one.row.stage in UNMATCHED
    return page(
        seen.request,
        "pipeline_one.html",
        status=filled.status,
        caller=seen.caller,
        one=one,
        is_current=is_current,
        is_damaged=looked_up(lambda: reader.is_set_aside(relationship)),
        **updates,
        can_propose=can_propose,
        mentors=_who_can_take(seen, subject.conflicts) if can_propose else (),
        settled=settled(subject.sessions.values()),
        outcomes=OUTCOMES,
        corrections=CORRECTIONS,
        left_open=left_open(subject, seen.now),
        settlements=SETTLEMENTS,
        closing_reasons=CLOSING_REASONS,
        most_sessions=MOST_SESSIONS,
        groups=_groups(seen, subject) if can_propose else {},
        in_group=_in_group(seen, subject),
        has_conflict=_has_conflict(seen, subject),
        filled=filled,
    )


def _groups(seen: Seen, request: Relationship) -> dict[str, str]:
    """The groups of its programme with a seat left, each with its facilitator; and a new one."""
    if request.kind is not Kind.GROUP:
        return {}
    programme = footing_of(seen.mentoring, request.place).programme
    found = looked_up(
        lambda: open_groups(
            seen.waiting.reader, programme=programme.id, hidden_from=seen.caller.person
        )
    )
    return {"": "A new group"} | {
        str(
            each.group
        ): f"{short_reference(each.group)}: facilitator {short_reference(each.facilitator)}, "
        f"{each.members} of {programme.most_in_group} seats taken"
        for each in found
        if each.members < programme.most_in_group
    }


def _in_group(seen: Seen, subject: Relationship) -> tuple[UUID, str] | None:
    """In which group it is, and how many are in that."""
    if subject.group is None:
        return None
    group = seen.mentoring.load(Group, subject.group)
    most = seen.mentoring.load(Programme, group.programme).most_in_group
    return group.id, f"{len(group.members)} of {most} seats taken"


def _has_conflict(seen: Seen, subject: Relationship) -> bool:
    circle = load_circle(seen.mentoring, subject.group or subject.id)
    return subject.closed_for is None and has_conflict_within(seen.mentoring, circle)


def _who_can_take(seen: Seen, conflicts: set[UUID]) -> list[tuple[UUID, int]]:
    """Those with capacity, to be chosen by reference; nobody in a declared conflict or close to the coordinator."""
    reader = seen.waiting.reader
    out = conflicts | looked_up(lambda: own_partners(reader, seen.caller.person))
    found = looked_up(lambda: mentors_who_can_take(reader))
    return [(each.person, each.standing.free) for each in found if each.person not in out]

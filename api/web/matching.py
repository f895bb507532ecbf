"""A coordinator's matching: weights, a round over everybody who waits, and proposals made of what it found."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.auth.callers import CoordinatorCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    OrderPart,
)
from api.records.gathering import MOST_WAITING
from api.routes import matching as routes
from api.routes import matching_weights
from api.routes.matching import GatheringPart
from api.routes.matching_weights import AWeight
from api.web.answers import go_to
from api.web.filled import NOTHING_FILLED, ButtonForm, Filled, TypedForm, carried_out
from api.web.forms import ReadForm, posted
from api.web.looking import AtLeast, looked_up
from api.web.rendering import page
from domain.commands.matching import newest_round
from domain.matching.aspects import Aspect
from domain.matching.weights import HEAVIEST, as_mapping
from domain.mentoring import NotFound
from domain.programme import Programme

router = APIRouter(prefix="/matching", include_in_schema=False, dependencies=[ReadForm])

ASPECTS: Mapping[Aspect, str] = {
    Aspect.THEMES: "What they want to think through",
    Aspect.PRACTICE: "Where they work",
    Aspect.APPROACH: "Their way of mentoring",
    Aspect.CAREER: "Where they are in their career",
    Aspect.BACKGROUND: "Backgrounds, where somebody asks for it",
}
MOST_SHOWN = 50


class WeightsForm(TypedForm):
    """How much each aspect counts."""

    faults: ClassVar[Mapping[str, str]] = {
        each.value: f"Enter a number from 0 to {HEAVIEST}." for each in Aspect
    }
    blamed: ClassVar[str] = "themes"

    themes: AWeight
    practice: AWeight
    approach: AWeight
    career: AWeight
    background: AWeight


class ProposeForm(Body):
    """One request, or all that are left."""

    relationship: UUID | None = Field(default=None)


@router.get("")
def show(request: Request, caller: CoordinatorCaller, gathering: GatheringPart) -> Response:
    """The programmes in which somebody waits, and how many."""
    waiting = looked_up(
        lambda: Counter(programme for _, programme in gathering.who_waits.with_programmes())
    )
    programmes = [
        (id, gathering.mentoring.load(Programme, id).settings.name, count)
        for id, count in waiting.most_common()
    ]
    return page(request, "matching.html", caller=caller, programmes=programmes)


@router.get("/{programme}")
def show_one(
    programme: UUID,
    request: Request,
    caller: CoordinatorCaller,
    gathering: GatheringPart,
    at_least: AtLeast = None,
) -> Response:
    """One programme: its weights, and its newest round, always as they are now."""
    return _page(request, gathering, programme)


@router.post("/{programme}/weights")
def set_weights(
    programme: UUID,
    request: Request,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    gathering: GatheringPart,
) -> Response:
    """Say how much each aspect counts."""

    def carry(form: WeightsForm) -> CommandResult:
        body = matching_weights.SetWeights(
            weights={Aspect(k): v for k, v in form.model_dump().items()}
        )
        return matching_weights.set_weights(programme, body, caller, carrier)

    return carried_out(
        request, WeightsForm, carry, lambda filled: _page(request, gathering, programme, filled)
    )


@router.post("/{programme}/rounds")
def run(
    programme: UUID,
    request: Request,
    caller: CoordinatorCaller,
    order: OrderPart,
    gathering: GatheringPart,
) -> Response:
    """Run a round."""

    def carry(_form: ButtonForm) -> CommandResult:
        return routes.run(programme, caller, order, gathering, Response())

    return carried_out(
        request, ButtonForm, carry, lambda filled: _page(request, gathering, programme, filled)
    )


@router.post("/{programme}/proposals")
def propose(
    programme: UUID,
    request: Request,
    caller: CoordinatorCaller,
    form: Annotated[ProposeForm, Depends(posted(ProposeForm))],
    order: OrderPart,
    gathering: GatheringPart,
) -> Response:
    """Propose one pair of the newest round, or all that are left; what could not be is told."""
    newest = newest_round(gathering.mentoring, programme)
    if newest is None:
        raise NotFound
    wanted = [form.relationship] if form.relationship else []
    body = routes.ProposeFound(relationships=wanted)
    answer = routes.propose(newest.id, body, caller, order, gathering.mentoring)
    if not answer.refused:
        return go_to(f"/matching/{programme}")
    return _page(request, gathering, programme, refused=answer.refused)


@router.post("/{programme}/closing")
def close(
    programme: UUID,
    request: Request,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    gathering: GatheringPart,
) -> Response:
    """Let go what nobody proposed."""

    def carry(_form: ButtonForm) -> CommandResult:
        newest = newest_round(gathering.mentoring, programme)
        if newest is None:
            raise NotFound
        return routes.close(newest.id, caller, carrier)

    return carried_out(
        request, ButtonForm, carry, lambda filled: _page(request, gathering, programme, filled)
    )


@router.get("/{programme}/words/{relationship}")
def show_words(
    programme: UUID,
    relationship: UUID,
    request: Request,
    caller: CoordinatorCaller,
    gathering: GatheringPart,
) -> Response:
    """Why the newest round suggests a pair, or found nobody; the look is recorded before anything is shown."""
    newest = newest_round(gathering.mentoring, programme)
    if newest is None:
        raise NotFound
    words = routes.show_words(
        newest.id,
        relationship,
        caller,
        gathering.mentoring,
        gathering.openings,
        gathering.now,
    )
    return page(
        request,
        "found_words.html",
        caller=caller,
        programme=programme,
        relationship=relationship,
        words=words,
        has_pair=relationship in newest.pairs,
    )


def _page(
    request: Request,
    gathering: GatheringPart,
    programme: UUID,
    filled: Filled = NOTHING_FILLED,
    refused: list[routes.NotProposed] | None = None,
) -> Response:
    subject = gathering.mentoring.load(Programme, programme)
    newest = routes.show_newest(
        programme, gathering.caller, gathering.mentoring, gathering.reader
    ).newest
    return page(
        request,
        "matching_one.html",
        status=filled.status,
        caller=gathering.caller,
        filled=filled,
        programme=programme,
        name=subject.settings.name,
        aspects=ASPECTS,
        weights=as_mapping(subject.weights),
        weights_version=subject.weights_version,
        heaviest=HEAVIEST,
        newest=newest,
        left=[each for each in newest.pairs if each.proposal is None] if newest else [],
        most=MOST_SHOWN,
        most_waiting=MOST_WAITING,
        refused=refused or [],
    )

"""What the pages of every desk share: a list of what is open or over, and the words of one record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Query, Request, Response

from api.dependencies import Carrier, CarrierPart, CommandResult, WaitingPart
from api.fields import OwnWords
from api.records.handling import Handling, HandlingPart, Slice
from api.records.letters import LetterWords
from api.web.filled import AnyForm, Filled, TypedForm, carried_out
from api.web.looking import AtLeast, is_there
from api.web.rendering import page
from domain.access import Caller
from projections.desks import DESKS

ANSWER = {"words": "Write your answer, in 4,000 characters at most."}


class WordsForm(TypedForm):
    """An answer in words."""

    faults = ANSWER
    blamed: ClassVar[str] = "words"

    words: OwnWords


@dataclass(frozen=True)
class AtDesk:
    """What a page of a desk is made of."""

    request: Request
    handling: Handling


async def at_desk(request: Request, handling: HandlingPart) -> AtDesk:
    """Gather it."""
    return AtDesk(request, handling)


AtDeskPart = Annotated[AtDesk, Depends(at_desk)]


@dataclass(frozen=True)
class DeskSender(AtDesk):
    """Somebody at a desk who sends a form."""

    carrier: Carrier

    def send(
        self,
        kind: type[AnyForm],
        carry: Callable[[AnyForm], CommandResult],
        again: Callable[[Filled], Response],
    ) -> Response:
        """Do what the form asks and show the effect, or show it again with the reason."""
        return carried_out(self.request, kind, carry, again)


async def desk_sender(request: Request, handling: HandlingPart, carrier: CarrierPart) -> DeskSender:
    """Gather it."""
    return DeskSender(request, handling, carrier)


DeskSenderPart = Annotated[DeskSender, Depends(desk_sender)]


async def shelf_of(
    *,
    is_over: bool = False,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
) -> Slice:
    """Which page of a list is asked for."""
    return Slice(is_over=is_over, cursor=cursor)


ShelfPart = Annotated[Slice, Depends(shelf_of)]


def freshness(waiting: WaitingPart, at_least: AtLeast = None) -> bool:
    """Whether desks show what whoever asks has just done, after a short wait for it."""
    return is_there(waiting, DESKS.name, at_least)


IsCurrent = Annotated[bool, Depends(freshness)]


async def change_of(at_least: AtLeast = None) -> bool:
    """Whether somebody comes from a form that changed something."""
    return at_least is not None


HasChanged = Annotated[bool, Depends(change_of)]


def letter_page(
    request: Request, caller: Caller, letter: LetterWords | None, **said: Any
) -> Response:
    """What was written and answered; None once it was destroyed after its time."""
    return page(request, "letter.html", caller=caller, letter=letter, **said)

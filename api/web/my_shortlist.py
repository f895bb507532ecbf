"""A mentee's shortlist: read about each, put them into an order; or read why nobody was found yet."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict

from api.auth.callers import MenteeCaller
from api.dependencies import CommandResult
from api.routes import shortlists
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.pair_proposal import profile_of
from api.web.party import Party, PartyPart, SenderPart
from domain.shortlist import RankEachOnce

router = APIRouter(
    prefix="/my-mentoring/{relationship}/shortlist",
    include_in_schema=False,
    dependencies=[ReadForm],
)

RANKS = ("First", "Second", "Third")


class RankingForm(TypedForm):
    """A rank for each mentor of the shortlist."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)
    faults: ClassVar[Mapping[str, str]] = {}
    blamed: ClassVar[str] = "ranking"

    def in_order(self) -> list[UUID]:
        """The mentors, the first choice first; raises RankEachOnce."""
        ranks = {str(rank): name for name, rank in (self.model_extra or {}).items()}
        if len(ranks) != len(self.model_extra or {}):
            raise RankEachOnce
        try:
            return [UUID(ranks[rank].removeprefix("rank_")) for rank in sorted(ranks)]
        except ValueError:
            raise RankEachOnce from None


@router.get("")
def show(relationship: UUID, caller: MenteeCaller, party: PartyPart) -> Response:
    """Whom the matching found, each in their own words; whatever is opened for this page is recorded."""
    return _page(party, relationship)


@router.post("")
def rank(relationship: UUID, caller: MenteeCaller, sender: SenderPart) -> Response:
    """Put them into an order."""

    def carry(form: RankingForm) -> CommandResult:
        body = shortlists.RankMentors(mentors=form.in_order() or [relationship])
        return shortlists.rank(relationship, body, *sender.carried)

    party = sender.party
    return carried_out(
        party.request, RankingForm, carry, lambda filled: _page(party, relationship, filled)
    )


def _page(party: Party, relationship: UUID, filled: Filled = NOTHING_FILLED) -> Response:
    shown = shortlists.show(relationship, party.caller, party.mentoring, party.openings, party.now)
    people = [(each, profile_of(party, each.mentor, relationship)) for each in shown.mentors]
    return party.page(
        "my_shortlist.html",
        filled=filled,
        relationship=relationship,
        people=people,
        ranks=RANKS[: len(people)],
        is_ranked=shown.is_ranked,
        nobody_found=shown.nobody_found,
    )

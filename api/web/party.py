"""What a party's page or form is handed: who asks, on which side, and the parts that answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from api.auth.callers import Now, PartyCaller
from api.dependencies import Carrier, CarrierPart, MentoringPart, OpeningsPart
from api.records.openings import Openings
from api.records.relations import as_participant
from api.web.filled import NOTHING_FILLED, Filled
from api.web.rendering import page
from api.web.sides import Side, side_of
from domain.access import Caller
from domain.mentoring import Mentoring, Order
from domain.relationship import Relationship
from domain.relationship_events import Kind


@dataclass(frozen=True)
class Party:
    """Somebody who looks at pages about their own mentoring."""

    request: Request
    caller: Caller
    mentoring: Mentoring
    openings: Openings
    now: datetime
    _kinds: list[Kind] = field(default_factory=list)

    @property
    def side(self) -> Side:
        """The side on which they are, in the words of the relationship that the page is about."""
        side = side_of(self.caller)
        return side.in_kind(self._kinds[-1]) if self._kinds else side

    def relationship(self, id: UUID) -> Relationship:
        """A relationship that they take part in, which their page is about; to others it is absent."""
        found = as_participant(self.mentoring, self.caller, id)
        self._kinds.append(found.kind)
        return found

    def page(self, template: str, *, filled: Filled = NOTHING_FILLED, **values: Any) -> Response:
        """One of their pages, with a form that came back if there is one."""
        return page(
            self.request,
            template,
            status=filled.status,
            caller=self.caller,
            side=self.side,
            filled=filled,
            **values,
        )


@dataclass(frozen=True)
class Sender:
    """Somebody who sends a form about their own mentoring."""

    party: Party
    carrier: Carrier

    @property
    def order(self) -> Order:
        """What they order."""
        return self.carrier.order

    @property
    def carried(self) -> tuple[Caller, Carrier]:
        """What every order of theirs takes."""
        return self.party.caller, self.carrier

    @property
    def carried_with_words(self) -> tuple[Caller, Carrier, Openings]:
        """The same for orders that carry words to be sealed."""
        return *self.carried, self.party.openings


def party_of(
    request: Request,
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    now: Now,
) -> Party:
    """Gather it."""
    return Party(request, caller, mentoring, openings, now)


PartyPart = Annotated[Party, Depends(party_of)]


def sender_of(party: PartyPart, carrier: CarrierPart) -> Sender:
    """Gather it."""
    return Sender(party, carrier)


SenderPart = Annotated[Sender, Depends(sender_of)]

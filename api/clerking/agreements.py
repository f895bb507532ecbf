"""What follows from the end of an agreement: what rests on it is closed without fault, and what is unused goes back.

Whoever is matched, or waits to be, is told in one sentence; sessions to come are cancelled and cost nobody
anything. Agreements whose period is over are ended by the calendar of their zone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from api.clerking.errands import Errands
from domain.commands.funding import end_when_over
from domain.commands.places import return_after_the_end, return_unused
from domain.commands.relationships import close_relationship
from domain.funding_agreement import (
    AgreementHasEnded,
    AgreementHasNotEnded,
    AgreementIsNotOver,
    FundingAgreement,
)
from domain.place import NothingToReturn, Place
from domain.policies.intent import command_id_of
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from projections.log import Entry, Log
from projections.money_questions import (
    OverAgreement,
    agreements_over,
    open_on_agreement,
    places_of,
)
from projections.places_and_money import PLACES_AND_MONEY
from projections.reader import Reader

VISIBLE_WITHIN_SECONDS = 10.0
BATCH = 500


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on an agreement: its places, and the relationships asked for on them."""

    places: Sequence[UUID]
    relationships: Sequence[UUID]


@dataclass(frozen=True)
class EndedAgreements:
    """Closes first and gives back then, so that nothing is reserved any more when the rest goes back."""

    errands: Errands
    log: Log
    reader: Reader

    def follow(self, entry: Entry) -> bool:
        """Do what follows from the end of an agreement; answer whether nothing is left."""
        fact = entry.event
        if isinstance(fact, Place.SessionReleased):
            return self._give_back_late(fact)
        if not isinstance(fact, FundingAgreement.Ended):
            return True
        resting = self._resting(fact.originator_id, entry.position)
        closed = [self._close(fact, each) for each in resting.relationships]
        if not all(closed):
            return False
        given_back = [self._give_back(fact, place) for place in resting.places]
        return all(given_back)

    def _close(self, fact: FundingAgreement.Ended, relationship: UUID) -> bool:
        return self.errands.once(
            command_id_of(fact, "close", relationship),
            lambda mentoring, order: close_relationship(
                mentoring,
                order,
                relationship=relationship,
                reason=ClosingReason.AGREEMENT_ENDED,
            ),
        )

    def _give_back(self, fact: FundingAgreement.Ended, place: UUID) -> bool:
        return self.errands.once(
            command_id_of(fact, "return_unused", place),
            lambda mentoring, order: return_unused(mentoring, order, place=place),
            done=(NothingToReturn,),
        )

    def _give_back_late(self, fact: Place.SessionReleased) -> bool:
        """A session that comes back after the end is of no use to its place any more."""
        place = fact.originator_id
        return self.errands.once(
            command_id_of(fact, "return_unused", place),
            lambda mentoring, order: return_after_the_end(mentoring, order, place=place),
            done=(NothingToReturn, AgreementHasNotEnded),
        )

    def _resting(self, agreement: UUID, position: int) -> Resting:
        """By the read model, or by the log itself when that stands still; raises NotYet in time.

        From the log come closed ones too: whoever closes them learns that they are closed.
        """
        standing = self.reader.standings().get(PLACES_AND_MONEY.name)
        if standing and standing.stopped_at is not None and standing.position < position:
            return self._from_log(agreement, position)
        self.reader.wait_for(PLACES_AND_MONEY.name, position, VISIBLE_WITHIN_SECONDS)
        places = places_of(self.reader, agreement)
        return Resting(places, open_on_agreement(self.reader, agreement))

    def _from_log(self, agreement: UUID, position: int) -> Resting:
        places: list[UUID] = []
        relationships: list[UUID] = []
        for event in self._events(position):
            if isinstance(event, Place.Created) and event.agreement == agreement:
                places.append(event.originator_id)
            elif isinstance(event, Relationship.Created) and event.place in places:
                relationships.append(event.originator_id)
        return Resting(places, relationships)

    def _events(self, upto: int) -> Iterator[object]:
        after = 0
        while after < upto and (entries := self.log.read(after, BATCH)):
            yield from (entry.event for entry in entries)
            after = entries[-1].position


@dataclass(frozen=True)
class AgreementsOver:
    """Ends every agreement whose last day is over; one that was renewed meanwhile goes on."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        for over in agreements_over(self.reader, self.errands.parts.clock()):
            self._end(over)

    def _end(self, over: OverAgreement) -> None:
        agreement = over.agreement
        self.errands.once(
            uuid5(agreement, f"over:{over.over_at.timestamp()}"),
            lambda mentoring, order: end_when_over(mentoring, order, agreement=agreement),
            done=(AgreementIsNotOver, AgreementHasEnded),
        )

"""What a log tells of the desks: concerns, disclosures, requests about one's own record, and erasures."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from domain.concern import Concern, ConcernCategory, Desk
from domain.disclosure import Disclosure
from domain.erasure import Erasure
from domain.rights_request import RightsRequest
from tests.properties.scheme_facts import Facts

KEPT_FOR = timedelta(days=20)
"""How long the scheme of these tests keeps what is over."""

MOST_DAYS_UNTOLD, MOST_DAYS_TO_REVIEW = 31, 92


@dataclass
class Letter:
    """A concern or a request as the log tells it."""

    by: UUID
    made_on: date
    due_on: date
    is_with_lead: bool = False
    is_extended: bool = False
    over_at: datetime | None = None


@dataclass
class Matter:
    """A disclosure as the log tells it."""

    relationship: UUID
    deciders: list[UUID]
    is_told: bool = False
    untold_until: date | None = None
    is_made: bool = False
    over_at: datetime | None = None


@dataclass
class Wish:
    """A request to be erased as the log tells it."""

    person: UUID
    is_held: bool = False
    is_decided: bool = False
    is_granted: bool = False
    is_done: bool = False


class DeskFacts(Facts):
    """The same of what lies on desks."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: dict[UUID, Letter] = {}
        self.matters: dict[UUID, Matter] = {}
        self.wishes: dict[UUID, Wish] = {}

    @property
    def erased(self) -> set[UUID]:
        return {each.person for each in self.wishes.values() if each.is_granted}

    def is_held(self, person: UUID) -> bool:
        return any(each.is_held and each.person == person for each in self.wishes.values())

    def _concern_raised(self, fact: Any) -> None:
        own = fact.words.owner == fact.actor
        self.require("everybody speaks for themselves", holds=own)
        is_with_lead = fact.desk is Desk.SAFEGUARDING_LEAD
        rightly = is_with_lead or fact.category is not ConcernCategory.SAFETY
        self.require("what is about safety goes to the safeguarding lead", holds=rightly)
        today = fact.timestamp.date()
        self.letters[fact.originator_id] = Letter(fact.actor, today, today, is_with_lead)

    def _sorted(self, fact: Any) -> None:
        letter = self.letters[fact.originator_id]
        self.require("what is over is not sorted", holds=letter.over_at is None)
        self.require("what was passed on stays there", holds=not letter.is_with_lead)
        letter.is_with_lead = fact.desk is Desk.SAFEGUARDING_LEAD

    def _answered(self, fact: Any) -> None:
        letter = self.letters[fact.originator_id]
        self.require("an answer is given once", holds=letter.over_at is None)
        self.require("an answer is for who asked", holds=fact.words.owner == letter.by)
        letter.over_at = fact.timestamp

    def _request_made(self, fact: Any) -> None:
        today = fact.timestamp.date()
        self.require("17: within a month", holds=fact.due_on == months_on(today, 1))
        self.letters[fact.originator_id] = Letter(fact.actor, today, fact.due_on)

    def _request_extended(self, fact: Any) -> None:
        letter = self.letters[fact.originator_id]
        self._require_another(letter.by, fact)
        in_time = not letter.is_extended and fact.timestamp.date() <= letter.due_on
        self.require("17: more time is taken once, and told in time", holds=in_time)
        self.require("17: two months more", holds=fact.due_on == months_on(letter.made_on, 3))
        letter.is_extended, letter.due_on = True, fact.due_on

    def _request_answered(self, fact: Any) -> None:
        self._require_another(self.letters[fact.originator_id].by, fact)
        self._answered(fact)

    def _letter_forgotten(self, fact: Any) -> None:
        letter = self.letters[fact.originator_id]
        self._require_forgettable(letter.by, letter.over_at, fact)

    def _written(self, fact: Any) -> None:
        self.matters[fact.originator_id] = Matter(fact.relationship, [fact.actor])

    def _decided(self, fact: Any) -> None:
        matter = self.matters[fact.originator_id]
        matter.deciders.append(fact.actor)
        two = len(matter.deciders) == len(set(matter.deciders)) == 2
        self.require("16: two people decide, once each", holds=two)
        if isinstance(fact, Disclosure.Declined):
            matter.over_at = fact.timestamp

    def _told(self, fact: Any) -> None:
        matter = self.matters[fact.originator_id]
        whose = self.pairs[matter.relationship].mentee
        self.require("16: who is told is the mentee", holds=fact.person == whose)
        matter.is_told = True

    def _put_off(self, fact: Any) -> None:
        matter = self.matters[fact.originator_id]
        self.require("16: who knows is not kept from it", holds=not matter.is_told)
        soon = 0 < (fact.look_again_on - fact.timestamp.date()).days <= MOST_DAYS_UNTOLD
        self.require("16: a delay is looked at within a month", holds=soon)
        matter.untold_until = fact.look_again_on

    def _passed_on(self, fact: Any) -> None:
        matter, today = self.matters[fact.originator_id], fact.timestamp.date()
        agreed = len(matter.deciders) == 2 and matter.over_at is None
        self.require("16: two have decided for it", holds=agreed and not matter.is_made)
        first = matter.is_told or (matter.untold_until is not None and today <= matter.untold_until)
        self.require("16: the mentee comes first, or a reason that stands", holds=first)
        self._require_reviewed_soon(fact)
        matter.is_made = True

    def _reviewed(self, fact: Any) -> None:
        matter = self.matters[fact.originator_id]
        self.require("16: reviewed once it was made", holds=matter.is_made and not matter.over_at)
        if fact.review_on is None:
            matter.over_at = fact.timestamp
        else:
            self._require_reviewed_soon(fact)

    def _require_reviewed_soon(self, fact: Any) -> None:
        soon = 0 < (fact.review_on - fact.timestamp.date()).days <= MOST_DAYS_TO_REVIEW
        self.require("16: reviewed within three months", holds=soon)

    def _matter_forgotten(self, fact: Any) -> None:
        matter = self.matters[fact.originator_id]
        whose = self.pairs[matter.relationship].mentee
        self._require_forgettable(whose, matter.over_at, fact)

    def _require_forgettable(self, person: UUID, over_at: datetime | None, fact: Any) -> None:
        long_enough = over_at is not None and fact.timestamp >= over_at + KEPT_FOR
        self.require("20: kept for as long as it is to be kept", holds=long_enough)
        self.require("17: a hold keeps everything", holds=not self.is_held(person))

    def _erasure_asked(self, fact: Any) -> None:
        self.require("everybody speaks for themselves", holds=fact.actor == fact.person)
        month = months_on(fact.timestamp.date(), 1)
        self.require("17: within a month", holds=fact.due_on == month)
        others = [each for each in self.wishes.values() if each.person == fact.person]
        self.require("17: one at a time", holds=all(each.is_decided for each in others))
        self.wishes[fact.originator_id] = Wish(fact.person)

    def _held_back(self, fact: Any) -> None:
        wish = self._undecided(fact)
        soon = 0 < (fact.review_on - fact.timestamp.date()).days <= MOST_DAYS_TO_REVIEW
        self.require("17: a hold is looked at within three months", holds=soon)
        wish.is_held = True

    def _let_go(self, fact: Any) -> None:
        self._undecided(fact).is_held = False

    def _refused(self, fact: Any) -> None:
        wish = self._undecided(fact)
        wish.is_held, wish.is_decided = False, True

    def _granted_erasure(self, fact: Any) -> None:
        wish = self._undecided(fact)
        self.require("17: it waits for a hold", holds=not wish.is_held)
        wish.is_decided = wish.is_granted = True

    def _taken_back(self, fact: Any) -> None:
        wish = self.wishes[fact.originator_id]
        own = fact.actor == wish.person and not wish.is_decided
        self.require("17: who asked may stay until it is decided", holds=own)
        wish.is_held, wish.is_decided = False, True

    def _carried_out(self, fact: Any) -> None:
        wish = self.wishes[fact.originator_id]
        self.require("17: what was granted is done, once", holds=wish.is_granted > wish.is_done)
        wish.is_done = True

    def _undecided(self, fact: Any) -> Wish:
        wish = self.wishes[fact.originator_id]
        self._require_another(wish.person, fact)
        self.require("17: it is decided once", holds=not wish.is_decided)
        return wish

    def _require_another(self, person: UUID, fact: Any) -> None:
        self.require("nobody decides what they asked for", holds=fact.actor != person)

    TELLING: ClassVar[dict[type, Any]] = {
        **Facts.TELLING,
        Concern.Created: _concern_raised,
        Concern.Triaged: _sorted,
        Concern.Closed: _answered,
        Concern.Forgotten: _letter_forgotten,
        RightsRequest.Created: _request_made,
        RightsRequest.Extended: _request_extended,
        RightsRequest.Answered: _request_answered,
        RightsRequest.Refused: _request_answered,
        RightsRequest.Forgotten: _letter_forgotten,
        Disclosure.Created: _written,
        Disclosure.Agreed: _decided,
        Disclosure.Declined: _decided,
        Disclosure.Told: _told,
        Disclosure.TellingPutOff: _put_off,
        Disclosure.Made: _passed_on,
        Disclosure.Reviewed: _reviewed,
        Disclosure.Forgotten: _matter_forgotten,
        Erasure.Created: _erasure_asked,
        Erasure.Held: _held_back,
        Erasure.HoldLifted: _let_go,
        Erasure.Refused: _refused,
        Erasure.Granted: _granted_erasure,
        Erasure.TakenBack: _taken_back,
        Erasure.CarriedOut: _carried_out,
    }


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    year, month = day.year + (day.month + months - 1) // 12, (day.month + months - 1) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))

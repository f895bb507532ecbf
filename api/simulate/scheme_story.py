"""What happens in the first scheme to those whom somebody signs in as: led as simulated lives are, by a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from api.simulate.calendar import hour_to_meet
from api.simulate.lives.asking import Wish, asks
from api.simulate.lives.attending import record
from api.simulate.lives.consenting import consents, publish_words, withdraws
from api.simulate.lives.funding import agreements_signed
from api.simulate.lives.getting_in import granted
from api.simulate.lives.meeting import plan
from api.simulate.lives.mentors import begins, offers, set_capacity
from api.simulate.lives.proposing import accept, agree, propose
from api.simulate.people import Person
from api.simulate.plan import ZONE
from api.simulate.remembered import Mentor, Pairing
from api.simulate.running_service import happened
from api.simulate.words import TAKE_PART
from api.simulate.world import World
from domain.session import Outcome

OFFERS = {
    "grace": (
        "Grace",
        "Twenty years in children's services, the last six leading a team. I listen first.",
        3,
    ),
    "samir": (
        "Samir",
        "Adult safeguarding and hospital discharge. Happy to think through next steps with you.",
        2,
    ),
}
WISHES = {
    "amara": Wish(
        "Being passed over for senior practitioner twice",
        "Somebody who has led a team",
        "Somebody who knows this from the inside",
    ),
    "devika": Wish("Returning after a year away", "Mornings suit me best"),
    "kwame": Wish("Finding my voice in strategy meetings", "Somebody who will challenge me"),
    "leila": Wish("Moving from adults' to children's services", "Somebody outside my field"),
    "joy": Wish("Caseloads that keep growing", "Mornings suit me best"),
}
PAIRS = {"amara": "grace", "devika": "samir"}
FIRST, SECOND = timedelta(days=3), timedelta(days=40)
SESSIONS = 3
PROGRAMME = "Finding one's voice"
"""Another than that of the people around them, so that nobody sees two of one name."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A pair, and the path of the first hour that they planned."""

    pairing: Pairing
    first: str


@dataclass(frozen=True)
class Cast:
    """Those who have names, in a world that is theirs alone."""

    world: World
    people: Mapping[str, Person]

    def three_weeks_ago(self) -> list[Planned]:
        """Notices, an agreement, mentors, and two pairs who meet soon after; answers the pairs."""
        publish_words(self.world)
        agreements_signed(self.world, self.world.coordinators[0], PROGRAMME)
        for key in OFFERS:
            self._welcome(key)
        planned = [self._meet(mentee, mentor) for mentee, mentor in PAIRS.items()]
        self._plan(planned[0].pairing, SECOND, 2)
        return planned

    def meanwhile(self, planned: list[Planned]) -> None:
        """Sessions that happened, new requests at every stage, and one person who changed her mind."""
        for each in planned:
            record(self.world, each.pairing, each.first, Outcome.HELD)
        asked = {mentee: self._request(mentee) for mentee in ("kwame", "leila", "joy")}
        propose(self.world, asked["kwame"], self._mentor("grace"))
        propose(self.world, asked["joy"], self._mentor("samir"))
        withdraws(self.world, self.people["joy"], TAKE_PART)

    def _mentor(self, key: str) -> Mentor:
        name, _, capacity = OFFERS[key]
        return Mentor(self.people[key], name, capacity)

    def _welcome(self, key: str) -> None:
        _, words, capacity = OFFERS[key]
        mentor = self._mentor(key)
        offers(self.world, mentor, words)
        begins(self.world, mentor, self.world.coordinators[0], words)
        set_capacity(self.world, mentor, capacity, step="capacity")

    def _request(self, mentee: str) -> Pairing:
        """Consent, get a place and ask."""
        world, me, wish = self.world, self.people[mentee], WISHES[mentee]
        consents(world, me, TAKE_PART)
        if wish.identity is not None:
            consents(world, me, "identity_preference")
        coordinator = world.coordinators[0]
        place = happened(granted(world, (coordinator, me), world.agreements[0], SESSIONS, 1))
        return happened(asks(world, (me, coordinator), place, wish, 1))

    def _meet(self, mentee: str, key: str) -> Planned:
        """Proposed, both say yes, both accept how they will work, and plan an hour."""
        world, pairing, mentor = self.world, self._request(mentee), self._mentor(key)
        proposal = happened(propose(world, pairing, mentor))
        for who in (pairing.mentee, mentor.person):
            accept(world, who, proposal, pairing.proposals_made)
        world.pair(pairing, mentor)
        for who in pairing.partners():
            agree(world, pairing, who)
        return Planned(pairing, self._plan(pairing, FIRST, 1))

    def _plan(self, pairing: Pairing, ahead: timedelta, number: int) -> str:
        day = (self.world.clock() + ahead).astimezone(ZONE).date()
        return happened(plan(self.world, pairing, hour_to_meet(day, pairing.chance), number))

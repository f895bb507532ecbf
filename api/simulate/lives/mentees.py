"""A mentee's life: registered, asking, meeting, and free to change their mind at any moment."""

from random import Random

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.consenting import consents, withdraws
from api.simulate.lives.meeting import meet
from api.simulate.lives.proposing import find_partner
from api.simulate.people import IDENTITY, PREFERENCES, THEMES, Person, made_up
from api.simulate.tally import Happened
from api.simulate.world import Life, Pairing, PairingIsOver, World
from domain.values import Role

MOST_REQUESTS = 2
MOST_WAITS = 25
"""As many as a whole relationship has, more or less."""


class Mentee:
    """One mentee: what they do, and when they think again."""

    def __init__(self, world: World, number: int) -> None:
        self._number = number
        self.key = f"mentee-{number}"
        self.chance: Random = world.plan.chance(self.key)
        self.coordinator = world.coordinator(number)
        self.pairing: Pairing | None = None
        self.has_identity_preference = False
        self._world = world
        self._waits = 0
        self._withdraws_at = self._perhaps(rates.WITHDRAWS_FROM_ALL)
        self._identity_ends_at = self._perhaps(rates.WITHDRAWS_IDENTITY_PREFERENCE)

    def life(self) -> Life:
        """Everything they do, until they withdraw from all of it."""
        body = made_up(self.key, self.chance).registered_as(Role.MENTEE)
        path, step = "/people", f"register-{self.key}"
        registered = self._world.does(self.coordinator, path, body, step=step)
        if registered is None:
            return
        self._world.note(Happened.MENTEES)
        me = Person(self.key, registered.subject, Role.MENTEE)
        for moment in self._taking_part(me):
            yield moment
            if self._has_withdrawn(me):
                return

    def _perhaps(self, rate: float) -> int | None:
        return self.chance.randint(2, MOST_WAITS) if self.chance.random() < rate else None

    def _has_withdrawn(self, me: Person) -> bool:
        """Think again, as anybody may at any moment."""
        self._waits += 1
        if self._waits == self._identity_ends_at and self.has_identity_preference:
            self.has_identity_preference = not withdraws(self._world, me, "identity_preference")
            self._world.note(Happened.IDENTITY_WITHDRAWN)
        if self._waits != self._withdraws_at or not withdraws(self._world, me, "take_part"):
            return False
        self._world.note(Happened.WITHDRAWALS)
        if self.pairing is not None:
            self._world.part(self.pairing)
        return True

    def _taking_part(self, me: Person) -> Life:
        yield after(self._world.clock(), rates.CONSENT_TAKES, self.chance)
        if self.chance.random() < rates.NEVER_CONSENT:
            self._withdraws_at = None
            self._world.note(Happened.NEVER_BEGAN)
            return
        consents(self._world, me, "take_part")
        if self.chance.random() < rates.CONSENT_TO_IDENTITY_PREFERENCE:
            self.has_identity_preference = consents(self._world, me, "identity_preference")
        for number in range(1, MOST_REQUESTS + 1):
            yield after(self._world.clock(), rates.REQUEST_TAKES, self.chance)
            pairing = self._request(me, number)
            if pairing is None:
                return
            try:
                yield from self._mentoring(pairing)
            except PairingIsOver:
                continue
            return

    def _mentoring(self, pairing: Pairing) -> Life:
        """From the request to the end; raises PairingIsOver when the other side ends it."""
        yield from find_partner(self._world, pairing)
        if pairing.mentor is not None:
            yield from meet(self._world, pairing)

    def _request(self, me: Person, number: int) -> Pairing | None:
        """Ask, on a place that the coordinator grants."""
        sessions = self.chance.choice(rates.SESSIONS)
        granted = {"agreement": str(self._world.agreement(self._number)), "sessions": sessions}
        step = f"place-{self.key}-{number}"
        place = self._world.does(self.coordinator, "/places", granted, step=step)
        if place is None:
            return None
        is_weekly = self.chance.random() < rates.WEEKLY
        is_virtual = self.chance.random() >= rates.IN_PERSON
        body = {
            "place": str(place.subject),
            "mode": "virtual" if is_virtual else "in_person",
            "cadence": "weekly" if is_weekly else "monthly",
            "themes": self.chance.choice(THEMES),
            "preferences": self.chance.choice(PREFERENCES),
        }
        if self.has_identity_preference:
            body["identity_preference"] = self.chance.choice(IDENTITY)
        asked = self._world.does(me, "/relationships", body, step=f"request-{number}")
        if asked is None:
            return None
        self._world.note(Happened.REQUESTS)
        self.pairing = Pairing(
            me,
            asked.subject,
            is_weekly=is_weekly,
            is_virtual=is_virtual,
            sessions_left=sessions,
            chance=self.chance,
            number=number,
            coordinator=self.coordinator,
        )
        return self.pairing

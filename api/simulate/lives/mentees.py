"""A mentee's life: invited or registered, asking, meeting, and free to change their mind at any moment."""

from contextlib import suppress
from random import Random

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.lives.asking import Wish, asks, asks_again
from api.simulate.lives.consenting import answers_the_rest, consents, withdraws
from api.simulate.lives.getting_in import gets_in, gets_place
from api.simulate.lives.meeting import meet
from api.simulate.lives.proposing import find_partner
from api.simulate.lives.stating import (
    moves,
    shows_themselves,
    states_availability,
    states_background,
    states_wishes,
)
from api.simulate.people import GIVEN, IDENTITY, PREFERENCES, THEMES, Person
from api.simulate.remembered import Grant, Life, Pairing, PairingIsOver
from api.simulate.tally import Happened
from api.simulate.words import TAKE_PART
from api.simulate.world import World

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
        self.is_gone = False
        self._world = world
        self._waits = 0
        self._withdraws_at = self._perhaps(rates.WITHDRAWS_FROM_ALL)
        self._identity_ends_at = self._perhaps(rates.WITHDRAWS_IDENTITY_PREFERENCE)

    def life(self) -> Life:
        """Everything they do, until they withdraw from all of it."""
        me, grant = gets_in(self._world, self.key, self._number, self.chance)
        if me is None:
            return
        self._world.note(Happened.MENTEES)
        for moment in self._taking_part(me, grant):
            yield moment
            if self.is_gone or self._has_withdrawn(me):
                return
        self._world.taking_part.pop(me.id, None)

    def leave(self) -> None:
        """They take part no more: their consent has ended."""
        self.is_gone = True
        if self.pairing is not None:
            self._world.part(self.pairing)

    def _perhaps(self, rate: float) -> int | None:
        return self.chance.randint(2, MOST_WAITS) if self.chance.random() < rate else None

    def _has_withdrawn(self, me: Person) -> bool:
        """Think again, as anybody may at any moment."""
        self._waits += 1
        if self._waits == self._identity_ends_at and self.has_identity_preference:
            self.has_identity_preference = not withdraws(self._world, me, "identity_preference")
            self._world.note(Happened.IDENTITY_WITHDRAWN)
        if self._waits != self._withdraws_at or not withdraws(self._world, me, TAKE_PART):
            return False
        self._world.note(Happened.WITHDRAWALS)
        self.leave()
        return True

    def _taking_part(self, me: Person, grant: Grant | None) -> Life:
        yield after(self._world.clock(), rates.CONSENT_TAKES, self.chance)
        if self.chance.random() < rates.NEVER_CONSENT:
            self._withdraws_at = None
            self._world.note(Happened.NEVER_BEGAN)
            return
        self._consent(me)
        for number in range(1, MOST_REQUESTS + 1):
            yield after(self._world.clock(), rates.REQUEST_TAKES, self.chance)
            pairing = self._goes_on(number)
            if pairing is None:
                grant = grant or gets_place(self._world, me, self._number, number, self.chance)
                pairing = None if grant is None else self._request(me, grant, number)
            if pairing is None:
                return
            try:
                yield from self._mentoring(pairing)
            except PairingIsOver:
                grant = None
                continue
            yield after(self._world.clock(), rates.REQUEST_TAKES, pairing.chance)
            again = self._goes_on(number + 1)
            if again is not None:
                with suppress(PairingIsOver):
                    yield from self._mentoring(again)
            return

    def _goes_on(self, number: int) -> Pairing | None:
        """Ask for somebody else where the last mentoring ended, if it did."""
        again = self.pairing and asks_again(self._world, self.pairing, number)
        self.pairing = again or self.pairing
        return again

    def _consent(self, me: Person) -> None:
        if consents(self._world, me, TAKE_PART):
            self._world.take_part(me, self.leave)
        answers_the_rest(self._world, me, self.chance, lambda: self.is_gone)
        if self.chance.random() < rates.CONSENT_TO_IDENTITY_PREFERENCE:
            self.has_identity_preference = consents(self._world, me, "identity_preference")
        self._state(me)

    def _state(self, me: Person) -> None:
        """Say what the matching may go by."""
        states_wishes(self._world, me, self.chance)
        states_availability(self._world, me, self.chance)
        shows_themselves(self._world, me, self.chance.choice(GIVEN), self.chance)
        moves(self._world, me, self.chance)
        if self.has_identity_preference:
            states_background(self._world, me, self.chance)

    def _mentoring(self, pairing: Pairing) -> Life:
        """From the request to the end; raises PairingIsOver when the other side ends it."""
        yield from find_partner(self._world, pairing)
        if pairing.mentor is not None:
            yield from meet(self._world, pairing)

    def _request(self, me: Person, grant: Grant, number: int) -> Pairing | None:
        """Ask, on a place of their own."""
        identity = self.chance.choice(IDENTITY) if self.has_identity_preference else None
        wish = Wish(self.chance.choice(THEMES), self.chance.choice(PREFERENCES), identity)
        self.pairing = asks(self._world, (me, self.coordinator), grant, wish, number)
        return self.pairing

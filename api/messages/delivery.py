"""Sends what is due: looks again whether it is still so, opens the address by the one door, and hands it over.

A message is put off in the database before it is handed over, so one that a kill interrupts goes again under
the same id. One that cannot go stops no other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid5

import psycopg
import structlog

from api.bootstrap import Parts
from api.clerking.errands import CLERK
from api.messages.mail import Letter, NotAnAddress, Sender, mail_of
from api.messages.outbox import Claimed, Outbox, Outcome
from api.messages.post import NeverTaken, PostIsAway, PostOffice, Way
from api.messages.readiness import NotWanted, NotYetTheirs, Ready, ready
from api.messages.words import language_of
from api.records.contact import contact_of
from api.records.enquiries import TO_ANSWER
from api.records.openings import Openings, Use, Why
from crypto.errors import Erased, KeyServiceError, RecordingError
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.mentoring import NotFound, Order
from domain.person import PersonIsErased
from domain.policies.messages import TO_ENQUIRERS
from domain.values import Act, Role, Sealed

MOST_TRIES = 20
"""Put off for longer each time, six hours at the most: some two days."""
KEPT = timedelta(days=90)
"""How long it can be seen what became of a message."""

LONGEST_WAIT = timedelta(days=30)
"""For an address to be confirmed."""
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)

FOR_THE_SERVICE = Caller(CLERK, Role.COORDINATOR)
"""The clerk writes what a coordinator otherwise would, and reads of a person what that takes."""

NOBODY_THERE = (Erased, NotFound, PersonIsErased, NotWanted)
NEVER = (NeverTaken, NotAnAddress)
AWAY = (psycopg.Error, RecordingError, KeyServiceError)
"""This says nothing of the message: the database or the key service will be back."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Delivery:
    """One clerk's round of the outbox."""

    parts: Parts
    post: PostOffice
    sender: Sender

    def deliver(self, go_on: Callable[[], bool]) -> None:
        """Send everything that is due; raises PostIsAway, and then the rest waits."""
        outbox = Outbox(self.parts.pool)
        outbox.forget_ended(self.parts.clock() - KEPT)
        # First the line, then the addresses: while nobody takes mail, nobody's address is opened.
        if outbox.has_due(self.parts.clock()):
            with self.post.opened() as way:
                while go_on() and (claimed := outbox.claim(self.parts.clock())):
                    self._see_to(claimed, way, outbox)

    def _see_to(self, claimed: Claimed, way: Way, outbox: Outbox) -> None:
        outcome = self._outcome(claimed, way)
        if outcome is not None:
            outbox.end(claimed.message, outcome, self.parts.clock())
            log.info("message", record=claimed.message.id, status=outcome.value)

    def _outcome(self, claimed: Claimed, way: Way) -> Outcome | None:
        """What became of it; None where it waits for its next try."""
        try:
            self._send(claimed, way)
        except NOBODY_THERE:
            return Outcome.NOT_WANTED
        except NotYetTheirs:
            return self._put_off(claimed)
        except NEVER as error:
            return _reaches_nobody(claimed, Outcome.REFUSED, error)
        except AWAY:
            raise
        except Exception as error:
            if claimed.tries >= MOST_TRIES:
                return _reaches_nobody(claimed, Outcome.GIVEN_UP, error)
            log.warning("message waits", record=claimed.message.id, error=type(error).__name__)
            if isinstance(error, PostIsAway):
                raise
            # Whatever is wrong with one of them, the others go.
            return None
        return Outcome.SENT

    def _put_off(self, claimed: Claimed) -> Outcome | None:
        """Look again soon after the start, then seldom; what nobody waits for any more is let go."""
        now, message = self.parts.clock(), claimed.message
        waited = now - message.not_before
        if waited > LONGEST_WAIT:
            return Outcome.NOT_WANTED
        pause = min(max(waited / 4, SHORTEST_PAUSE), LONGEST_PAUSE)
        Outbox(self.parts.pool).put_off(message, now + pause)
        return None

    def _send(self, claimed: Claimed, way: Way) -> None:
        found = ready(self.parts.mentoring, claimed.message, self.parts.clock())
        contact = contact_of(self._opened(claimed, found, found.sealed_contact))
        language = contact.language or found.language or self.parts.settings.mail_language
        letter = Letter(
            id=claimed.message.id,
            kind=claimed.message.kind,
            language=language_of(language),
            to=contact.email,
            span=found.session.span if found.session else None,
            entry=found.entry,
            words=self._words(claimed, found),
        )
        way.hand_over(mail_of(letter, self.sender, self.parts.clock()), contact.email)

    def _words(self, claimed: Claimed, found: Ready) -> str | None:
        words = found.sealed_words
        return None if words is None else self._opened(claimed, found, words)

    def _opened(self, claimed: Claimed, found: Ready, value: Sealed) -> str:
        """Raises ConsentIsNotLive if one was withdrawn since it was looked at."""
        openings = Openings(self.parts.mentoring, self.parts.keyring)
        look = uuid5(claimed.message.id, f"look:{claimed.tries}:{value.field}")
        order = Order(Act(CLERK, self.parts.clock()), look)
        use = Use(_why(claimed, found), found.consents)
        return openings.use(FOR_THE_SERVICE, value, use, order=order)


def _why(claimed: Claimed, found: Ready) -> Why:
    if claimed.message.kind in TO_ENQUIRERS:
        return TO_ANSWER
    authority = Authority.CONSENT if found.consents else Authority.AGREEMENT
    about = claimed.message.about
    return Why(RecordKind.CONTACT, AccessPurpose.SERVICE_MESSAGE, authority, about)


def _reaches_nobody(claimed: Claimed, outcome: Outcome, error: Exception) -> Outcome:
    record, kind = claimed.message.id, type(error).__name__
    log.critical("a message reaches nobody", record=record, error=kind)
    return outcome

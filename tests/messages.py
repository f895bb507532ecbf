"""A clerk's round with the mail, step by step, at whatever time a test says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from api.bootstrap import joined
from api.messages.delivery import Delivery
from tests.faults.clerking import World
from tests.live_service import MovedClock
from tests.post import SENDER, Post
from tests.scheme import Somebody


@dataclass
class Mail:
    """The clerk's side and the mail server's."""

    of: World
    post: Post
    delivery: Delivery
    clock: MovedClock

    @classmethod
    @contextmanager
    def round(cls, of: World, server: Post) -> Iterator["Mail"]:
        """With the clerk's own role and keys."""
        with joined(of.settings_of_clerk()) as parts:
            clock = MovedClock(parts.clock)
            delivery = Delivery(replace(parts, clock=clock), server.office(), SENDER)
            yield cls(of, server, delivery, clock)

    def deliver(self, **changes: Any) -> None:
        """Go round once; `changes` are to how the server is reached."""
        office = replace(self.delivery.post, **changes)
        replace(self.delivery, post=office).deliver(lambda: True)

    def to(self, person: Somebody) -> list[EmailMessage]:
        """What the person got."""
        return self.post.to(address_of(person))

    def later(self, time: timedelta) -> None:
        """Let time pass, for the clerk."""
        self.clock.ahead += time

    def waiting(self, person: Somebody) -> list[tuple[str, int, str | None]]:
        """Kind, tries and outcome of all messages to somebody."""
        query = (
            "SELECT kind, tries, outcome FROM record.outbox WHERE person = %s ORDER BY not_before"
        )
        return self.of.rows(query, [person.id])

    def looks_at(self, person: Somebody) -> int:
        """How often the service itself used what is recorded of somebody."""
        looks = person.get("/me/access-records", params={"limit": 200}).json()["looks"]
        return sum(look["purpose"] == "service_message" for look in looks)


def address_of(person: Somebody) -> str:
    """As the scheme's people give it."""
    return f"{person.id.hex}@example.org"

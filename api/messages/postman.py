"""Goes round with the mail beside the clerk's other work, so that a slow mail server holds up no withdrawal."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import aiosql
import psycopg
import structlog

from api.bootstrap import Parts
from api.messages.delivery import AWAY, Delivery
from api.messages.mail import Sender
from api.messages.neutral import NotNeutral, require_neutral
from api.messages.post import PostIsAway, post_office
from crypto.patience import STANDING_SESSION

QUERIES = aiosql.from_path(
    Path(__file__).with_name("outbox.sql"), "psycopg", mandatory_parameters=False
)
ROUND_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
FAREWELL_SECONDS = 5.0

log = structlog.get_logger()


@contextmanager
def delivering(parts: Parts) -> Iterator[None]:
    """Deliver in a thread meanwhile, if there is a mail server; whatever keeps mail back, the clerk goes on."""
    delivery, done = _delivery(parts), Event()
    if delivery is None:
        yield
        return
    postman = Postman(parts, delivery)
    # A server that does not answer must not keep the process from ending.
    thread = threading.Thread(target=postman.work, args=(done,), name="postman", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(FAREWELL_SECONDS)


def _delivery(parts: Parts) -> Delivery | None:
    settings = parts.settings
    post = post_office(settings)
    if post is None:
        log.warning("no mail server is named: messages wait")
        return None
    sender = Sender(settings.mail_sender, settings.mail_sender_name, settings.public_url)
    try:
        require_neutral(sender)
    except NotNeutral as error:
        log.critical("messages wait", error=type(error).__name__)
        return None
    return Delivery(parts, post, sender)


@dataclass(frozen=True)
class Postman:
    """One delivers, however many clerks there are."""

    parts: Parts
    delivery: Delivery

    def work(self, done: Event) -> None:
        """Work until told to end; whatever is away is waited for."""
        while not done.is_set():
            try:
                self._lead(done)
            except AWAY as error:
                log.warning("mail waits", error=type(error).__name__)
                done.wait(ROUND_SECONDS)

    def _lead(self, done: Event) -> None:
        url = self.parts.settings.database_url.get_secret_value()
        with psycopg.connect(url, autocommit=True, **STANDING_SESSION) as connection:
            while not done.is_set() and not _leads(connection):
                done.wait(ROUND_SECONDS)
            pause = ROUND_SECONDS
            while not done.is_set():
                pause = self._go_round(done, pause)
                done.wait(pause)
                # Who lost this session leads no more.
                connection.execute("SELECT")

    def _go_round(self, done: Event, pause: float) -> float:
        """Deliver what is due; answers how long to rest."""
        try:
            self.delivery.deliver(lambda: not done.is_set())
        except PostIsAway:
            if pause == ROUND_SECONDS:
                log.error("the mail server is away")  # noqa: TRY400 - what it said may quote an address
            return min(LONGEST_PAUSE_SECONDS, pause * 2)
        return ROUND_SECONDS


def _leads(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(QUERIES.lead.sql).fetchone()
    return bool(row and row[0])

"""A real mail server for tests, on a real line, whose moods a test chooses."""

import asyncio
import email
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from enum import Enum
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from icalendar import Calendar, Event

from api.messages.mail import Sender
from api.messages.post import PostOffice

SENDER = Sender("hello@post.example.org", "Professional development", "https://hours.example.org")
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.01


class Mood(Enum):
    """What comes over a mail server."""

    WELL = "well"
    HANGS = "hangs"
    CUTS_BEFORE_KEEPING = "cuts before keeping"
    CUTS_AFTER_KEEPING = "cuts after keeping"


@dataclass
class Post:
    """Keeps what it is given; `refusals` are answered to addresses, each as often as it says."""

    port: int
    mood: Mood = Mood.WELL
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)
    refused_data: dict[str, list[str]] = field(default_factory=dict)
    callers: set[str] = field(default_factory=set)
    hanging: int = 0
    allowance: int | None = None
    """How many more mails it keeps before it lets the next wait; without one, all."""

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody got."""
        return [mail for to, mail in self.mails if to == address]

    def office(self, **changes: Any) -> PostOffice:
        """How it is reached."""
        return PostOffice(
            **{
                "host": "127.0.0.1",
                "port": self.port,
                "tls": "none",
                "sender": SENDER.address,
                "patience_seconds": PATIENCE_SECONDS,
                **changes,
            }
        )

    async def handle_EHLO(  # noqa: N802 - the library calls it so
        self, _server: Any, session: Any, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.callers.add(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - see handle_EHLO
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refusals.get(address):
            return self.refusals[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - see handle_EHLO
        (to,) = envelope.rcpt_tos
        if self.refused_data.get(to):
            return self.refused_data[to].pop(0)
        while self.allowance == 0:  # noqa: ASYNC110 - a test's thread changes it
            await asyncio.sleep(LOOK_SECONDS)
        if self.mood is Mood.HANGS:
            self.hanging += 1
            await asyncio.get_running_loop().create_future()
        if self.mood is not Mood.CUTS_BEFORE_KEEPING:
            self._keep(to, envelope.original_content or b"")
        if self.mood is not Mood.WELL:
            assert server.transport is not None
            server.transport.abort()
        return "250 Kept"

    def _keep(self, to: str, content: bytes) -> None:
        if self.allowance is not None:
            self.allowance -= 1
        mail = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((to, mail))


@contextmanager
def post(**changes: Any) -> Iterator[Post]:
    """A mail server that answers until the end; `changes` are to how the library serves."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        made = Post(listening.getsockname()[1])
        loop = asyncio.new_event_loop()
        settings = {"hostname": "post.example.org", "enable_SMTPUTF8": True, **changes}
        serving = loop.create_server(lambda: SMTP(made, loop=loop, **settings), sock=listening)
        thread = Thread(target=_run, args=(loop, serving), name="post")
        thread.start()
        try:
            yield made
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(PATIENCE_SECONDS)


def _run(loop: asyncio.AbstractEventLoop, serving: Any) -> None:
    server = loop.run_until_complete(serving)
    loop.run_forever()
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def in_tls(certificate: str, key: str) -> ssl.SSLContext:
    """How a server shows who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def knows(user: str, password: str) -> Any:
    """Who may hand mail over."""

    def decide(_server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> Any:
        given = (said.login, said.password)
        # The server itself is to answer who is not known.
        return AuthResult(success=given == (user.encode(), password.encode()), handled=False)

    return decide


def entry_of(mail: EmailMessage) -> tuple[str, Event] | None:
    """The method and the one event of a mail's calendar part, if it has one."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    (part,) = parts
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return str(calendar["METHOD"]), event


def text_of(mail: EmailMessage) -> str:
    """Everything that can be read in a mail: headers and every part, decoded."""
    headers = [f"{name}: {value}" for name, value in mail.items()]
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return "\n".join(headers + [str(part.get_content()) for part in parts])


def shown_once(mails: list[EmailMessage]) -> Counter[str]:
    """How often each message came, by the id under which programs show it once."""
    return Counter(str(mail["Message-ID"]) for mail in mails)

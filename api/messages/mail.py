"""Puts one message together as a mail: neutral from its first header to its last line."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import UUID

from api.messages.invitation import Entry, Said, calendar_text
from api.messages.words import Language
from domain.policies.messages import TO_ENQUIRERS, MessageKind
from domain.values import TimeSpan


@dataclass(frozen=True)
class Sender:
    """Whom mail comes from, and where people sign in; both neutral, since outsiders see them."""

    address: str
    name: str
    service_url: str

    @property
    def domain(self) -> str:
        """Stands in the ids of mails."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Letter:
    """What is said to whom: the session, if it is about one, and an entry for calendars, if they want any.

    `words` are somebody's own, for who has no account to read them in, or a code that confirms an address.
    """

    id: UUID
    kind: MessageKind
    language: Language
    to: str
    span: TimeSpan | None = None
    entry: Entry | None = None
    words: str | None = None


class NotAnAddress(Exception):
    """This address cannot stand in a mail."""


def mail_of(letter: Letter, sender: Sender, now: datetime) -> EmailMessage:
    """The mail; put together again it has the same id, so that programs show it once.

    Raises NotAnAddress.
    """
    mail = EmailMessage(policy.SMTP)
    mail["Message-ID"] = f"<{letter.id}@{sender.domain}>"
    mail["Date"] = now
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = _address(letter.to)
    mail["Subject"] = _subject(letter)
    # So that no absence message answers a program.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_text(letter, sender))
    if letter.entry is not None:
        _add_entry(mail, letter.entry, letter, sender, now)
    # Last, since what is said of contents moves with them.
    mail["Content-Language"] = letter.language.code
    return mail


def _address(spec: str) -> Address:
    local, _, domain = spec.rpartition("@")
    if not (local and domain and spec.isprintable()):
        raise NotAnAddress
    return Address(username=local, domain=domain)


def _subject(letter: Letter) -> str:
    template = letter.language.templates[letter.kind]
    return template.subject.format(title=letter.language.title)


def _body(letter: Letter) -> str:
    language = letter.language
    when = language.when(letter.span) if letter.span else ""
    return language.templates[letter.kind].body.format(title=language.title, when=when)


def _text(letter: Letter, sender: Sender) -> str:
    language, link = letter.language, sender.service_url
    what_next = _what_next(letter).format(link=link)
    said = [_body(letter), letter.words, what_next, language.closing]
    return "\n\n".join(each for each in said if each) + "\n"


def _what_next(letter: Letter) -> str:
    if letter.kind is MessageKind.ADDRESS_TO_CONFIRM:
        return letter.language.confirm
    return letter.language.ask_again if letter.kind in TO_ENQUIRERS else letter.language.sign_in


def _add_entry(
    mail: EmailMessage, entry: Entry, letter: Letter, sender: Sender, now: datetime
) -> None:
    """As another form of the same message, which is where programs look for it; an attachment would show it twice."""
    said = Said(
        title=letter.language.title,
        details=letter.language.sign_in.format(link=sender.service_url),
        service_url=sender.service_url,
        organizer=sender.address,
        organizer_name=sender.name,
        attendee=letter.to,
    )
    mail.add_alternative(
        calendar_text(entry, said, now),
        subtype="calendar",
        cte="base64",
        params={"method": entry.method.value, "component": "VEVENT", "name": "invite.ics"},
    )

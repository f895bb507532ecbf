"""What mails say and how, for every kind, language and zone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import product
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from api.messages.invitation import Entry, Method
from api.messages.mail import Letter, NotAnAddress, Sender, mail_of
from api.messages.neutral import TELLING, NotNeutral, require_neutral
from api.messages.readiness import IN_CALENDARS
from api.messages.time_zone import time_zone_component
from api.messages.words import ENGLISH, LANGUAGES, WELSH, Language, language_of
from domain.policies.messages import MessageKind
from domain.values import TimeSpan
from tests.post import SENDER, entry_of, text_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SUMMER = datetime(2026, 7, 6, 9, tzinfo=UTC)
RECEIVER = "somebody@example.org"
PERSON, SESSION = uuid4(), uuid4()


def hour(starts_at: datetime = SUMMER, zone: str = "Europe/London") -> TimeSpan:
    return TimeSpan(starts_at, starts_at + timedelta(hours=1), zone)


def letter(
    kind: MessageKind = MessageKind.SESSION_SCHEDULED,
    language: Language = ENGLISH,
    *,
    to: str = RECEIVER,
    span: TimeSpan | None = None,
    in_calendar: bool = True,
) -> Letter:
    span = span or hour()
    method = IN_CALENDARS.get(kind)
    entry = Entry(method, SESSION, PERSON, 3, span) if method and in_calendar else None
    return Letter(uuid4(), kind, language, to, span, entry)


def received(sent: Letter, sender: Sender = SENDER) -> EmailMessage:
    """As a program of the receiver reads it."""
    read = message_from_bytes(mail_of(sent, sender, NOW).as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert not [defect for part in read.walk() for defect in part.defects]
    return read


def every_mail() -> Iterator[EmailMessage]:
    for kind, language, with_entry in product(MessageKind, LANGUAGES.values(), (True, False)):
        yield received(letter(kind, language, in_calendar=with_entry))


def test_rule_12_no_mail_says_what_it_is_about() -> None:
    for mail in every_mail():
        assert TELLING.search(text_of(mail)) is None


def test_every_kind_is_said_in_every_language_and_leaves_no_blank() -> None:
    for language in LANGUAGES.values():
        assert language.templates.keys() == set(MessageKind)
        assert (len(language.days), len(language.months)) == (7, 12)
    for mail in every_mail():
        assert not re.search(r"[{}]|None", text_of(mail))
        assert SENDER.service_url in text_of(mail)


def test_the_headers_name_the_receiver_the_sender_and_nobody_else() -> None:
    sent = letter(MessageKind.MATCHED)
    assert dict(received(sent).items()) == {
        "Message-ID": f"<{sent.id}@post.example.org>",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "From": "Professional development <hello@post.example.org>",
        "To": RECEIVER,
        "Subject": "There is news for you",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "en",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
    }


def test_a_mail_that_is_put_together_again_has_the_same_id() -> None:
    sent = letter()
    assert received(sent)["Message-ID"] == received(sent)["Message-ID"]


def test_somebodys_own_words_stand_as_they_are_in_a_mail_to_who_has_no_account() -> None:
    words = "Yes: {title} and {link}.\n\nAlso <b>this</b>. Grüße"
    sent = replace(letter(MessageKind.ENQUIRY_ANSWERED), words=words)
    said = str(received(sent).get_content()).replace("\r\n", "\n")

    assert words in said
    assert ENGLISH.sign_in.partition(":")[0] not in said
    assert f"{SENDER.service_url}/enquire" in said


@pytest.mark.parametrize(
    ("kind", "method", "status"),
    [
        (MessageKind.SESSION_SCHEDULED, Method.REQUEST, "CONFIRMED"),
        (MessageKind.SESSION_MOVED, Method.REQUEST, "CONFIRMED"),
        (MessageKind.SESSION_CANCELLED, Method.CANCEL, "CANCELLED"),
    ],
)
def test_an_entry_says_what_calendars_need(kind: MessageKind, method: Method, status: str) -> None:
    mail = received(letter(kind))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "text/plain",
        "text/calendar",
    ]
    found = entry_of(mail)
    assert found is not None
    assert found[0] == method
    event = found[1]
    assert {name: str(event[name]) for name in ("SEQUENCE", "STATUS", "SUMMARY", "CLASS")} == {
        "SEQUENCE": "3",
        "STATUS": status,
        "SUMMARY": "Professional development hour",
        "CLASS": "PRIVATE",
    }
    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (
        SUMMER,
        SUMMER + timedelta(hours=1),
    )
    assert event["DTSTAMP"].dt == NOW
    assert str(event["ATTENDEE"]) == f"mailto:{RECEIVER}"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(event["ORGANIZER"]) == "mailto:hello@post.example.org"
    assert not {"LOCATION", "ATTACH", "CONTACT"} & event.keys()


def test_a_calendar_object_has_one_event_lines_of_75_bytes_and_no_other_line_ends() -> None:
    for language in (ENGLISH, WELSH):
        (part,) = [
            each
            for each in received(letter(language=language)).walk()
            if each.get_content_type() == "text/calendar"
        ]
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        lines = content.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines)
        assert b"\n" not in b"".join(lines)
        assert lines[0] == b"BEGIN:VCALENDAR"
        assert content.count(b"BEGIN:VEVENT") == content.count(b"METHOD:") == 1


def test_an_entry_keeps_its_id_and_shares_it_with_no_other_person_or_session() -> None:
    def uid(session: UUID, person: UUID, edition: int) -> str:
        return Entry(Method.REQUEST, session, person, edition, hour()).uid

    assert uid(SESSION, PERSON, 0) == uid(SESSION, PERSON, 7)
    others = {uid(SESSION, uuid4(), 0), uid(uuid4(), PERSON, 0), uid(SESSION, PERSON, 0)}
    assert len(others) == 3
    assert str(SESSION) not in others


@pytest.mark.parametrize(
    "zone",
    ["Europe/London", "Europe/Dublin", "America/New_York", "Australia/Sydney", "Asia/Kolkata"],
)
@pytest.mark.parametrize("month", [1, 7])
def test_a_zone_said_by_its_rules_gives_the_right_moment(zone: str, month: int) -> None:
    moment = datetime(2026, month, 6, 9, tzinfo=UTC)
    component = time_zone_component(zone, moment)
    assert component is not None
    read = Calendar.from_ical(_calendar(component.to_ical(), zone, moment))
    (event,) = read.walk("VEVENT")
    assert read.timezones[0].to_tz().utcoffset(event["DTSTART"].dt.replace(tzinfo=None)) == (
        moment.astimezone(ZoneInfo(zone)).utcoffset()
    )
    # Outlook knows rules alone, and takes a list of days for nothing.
    assert b"RDATE" not in component.to_ical()


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "UTC", "Etc/UTC"])
def test_a_zone_without_rules_is_said_in_utc(zone: str) -> None:
    assert time_zone_component(zone, SUMMER) is None
    found = entry_of(received(letter(span=hour(zone=zone))))
    assert found is not None
    assert found[1]["DTSTART"].to_ical() == b"20260706T090000Z"


def test_words_say_the_time_of_the_wall_clock_where_people_agreed_on_it() -> None:
    assert ENGLISH.when(hour()) == "Monday 6 July 2026, 10:00–11:00 (Europe/London)"  # noqa: RUF001 - see api/messages/words.py
    assert WELSH.when(hour()) == "Dydd Llun 6 Gorffennaf 2026, 10:00–11:00 (Europe/London)"  # noqa: RUF001 - see above
    spans = [hour(datetime(2026, month, 1, 9, tzinfo=UTC)) for month in range(1, 13)]
    assert len({WELSH.when(span).split()[3] for span in spans}) == 12


@pytest.mark.parametrize(
    ("code", "language"), [("cy", WELSH), ("cy-GB", WELSH), ("en", ENGLISH), ("fr", ENGLISH)]
)
def test_what_has_no_words_is_said_in_english(code: str, language: Language) -> None:
    assert language_of(code) is language


@pytest.mark.parametrize(
    "address", ["", "nobody", "@example.org", "a@", "a\r\nBcc: b@c@example.org"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(NotAnAddress):
        mail_of(letter(to=address), SENDER, NOW)


@pytest.mark.parametrize(
    "address", ["zoë@example.org", "o'brien+x@example.org", "a.(b)@example.org"]
)
def test_an_unusual_address_can_stand_in_a_mail(address: str) -> None:
    mail = mail_of(letter(MessageKind.MATCHED, to=address), SENDER, NOW)
    assert mail["To"].addresses[0].username == address.partition("@")[0]


@pytest.mark.parametrize(
    "sender",
    [
        Sender("mentoring@example.org", "Somebody", "https://example.org"),
        Sender("hello@example.org", "The Mentor Scheme", "https://example.org"),
        Sender("hello@example.org", "Somebody", "https://vouchsafe.example.org"),
    ],
)
def test_rule_12_a_sender_that_says_what_it_is_about_is_refused(sender: Sender) -> None:
    with pytest.raises(NotNeutral):
        require_neutral(sender)
    require_neutral(SENDER)


def _calendar(zone: bytes, name: str, moment: datetime) -> bytes:
    local = moment.astimezone(ZoneInfo(name))
    event = f"BEGIN:VEVENT\r\nDTSTART;TZID={name}:{local:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
    return b"BEGIN:VCALENDAR\r\n" + zone + event.encode() + b"END:VCALENDAR\r\n"

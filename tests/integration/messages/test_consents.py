"""Reminders and calendar entries go under a live consent alone; what people must know goes without."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from icalendar import Event

from api.records.contact import Contact, seal_contact
from domain.commands.people import change_contact
from domain.mentoring import Order
from domain.values import Act, Role
from tests.faults.clerking import World, session_in
from tests.match import Match, done, give_consent, match
from tests.messages import Mail, address_of
from tests.post import SENDER, entry_of
from tests.scheme import Somebody


@pytest.fixture
def made(of: World, mail: Mail) -> Match:
    """A pair that has agreed, and has been told what came before."""
    pair = match(of.now)
    for party in (pair.mentee, pair.mentor):
        done(party.post(f"/relationships/{pair.relationship}/agreement", {"version": 1}))
    mail.deliver()
    mail.post.mails.clear()
    return pair


def plan(of: World, made: Match, weeks: int = 2) -> str:
    path = f"/relationships/{made.relationship}/sessions"
    return str(done(made.mentee.post(path, session_in(of.now.now(), weeks)))["made"])


def entries(mail: Mail, person: Somebody) -> list[tuple[str, Event]]:
    return [found for found in map(entry_of, mail.to(person)) if found is not None]


def test_an_hour_comes_into_the_calendar_moves_there_and_goes(
    of: World, mail: Mail, made: Match
) -> None:
    give_consent(made.mentee, "calendar")
    session = plan(of, made)
    path = f"/relationships/{made.relationship}/sessions/{session}"
    mail.deliver()
    done(made.mentor.post(f"{path}/reschedule", session_in(of.now.now(), 3)))
    mail.deliver()
    done(made.mentor.post(f"{path}/cancellation", {"reason": "cannot_attend"}))
    mail.deliver()
    found = entries(mail, made.mentee)
    assert [(method, int(event["SEQUENCE"])) for method, event in found] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("CANCEL", 2),
    ]
    assert len({str(event["UID"]) for _, event in found}) == 1
    assert [str(event["STATUS"]) for _, event in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    moved = datetime.fromisoformat(session_in(of.now.now(), 3)["starts_at"])
    assert found[1][1].start.astimezone(UTC) == moved.astimezone(UTC)
    for _, event in found:
        assert str(event["ORGANIZER"]) == f"mailto:{SENDER.address}"
        assert str(event["ATTENDEE"]) == f"mailto:{address_of(made.mentee)}"
    # The mentor did not consent and is told the same without an entry.
    assert len(mail.to(made.mentor)) == 3
    assert entries(mail, made.mentor) == []


def test_the_entries_of_two_people_share_no_id(of: World, mail: Mail, made: Match) -> None:
    for party in (made.mentee, made.mentor):
        give_consent(party, "calendar")
    plan(of, made)
    mail.deliver()
    uids = {
        str(event["UID"])
        for party in (made.mentee, made.mentor)
        for _, event in entries(mail, party)
    }
    assert len(uids) == 2


def test_who_withdraws_the_calendar_gets_no_more_entries(
    of: World, mail: Mail, made: Match
) -> None:
    give_consent(made.mentee, "calendar")
    plan(of, made)
    done(made.mentee.post("/me/consents/calendar/withdrawal"))
    mail.deliver()
    assert len(mail.to(made.mentee)) == 1
    assert entries(mail, made.mentee) == []


def test_who_wants_reminders_is_reminded_a_day_before_and_nobody_else(
    of: World, mail: Mail, made: Match
) -> None:
    give_consent(made.mentee, "reminders")
    plan(of, made)
    mail.deliver()
    mail.post.mails.clear()
    starts_at = datetime.fromisoformat(session_in(of.now.now(), 2)["starts_at"])
    mail.clock.ahead = starts_at - of.now.now() - timedelta(days=1, hours=1)
    mail.deliver()
    assert mail.post.mails == []
    mail.later(timedelta(hours=2))
    mail.deliver()
    (reminder,) = mail.to(made.mentee)
    assert reminder["Subject"] == "Reminder: Professional development hour"
    assert entry_of(reminder) is None
    assert mail.to(made.mentor) == []
    assert ("session_reminder", 1, "not_wanted") in mail.waiting(made.mentor)


def test_who_withdraws_reminders_gets_none(of: World, mail: Mail, made: Match) -> None:
    give_consent(made.mentee, "reminders")
    plan(of, made)
    mail.deliver()
    mail.post.mails.clear()
    done(made.mentee.post("/me/consents/reminders/withdrawal"))
    starts_at = datetime.fromisoformat(session_in(of.now.now(), 2)["starts_at"])
    mail.clock.ahead = starts_at - of.now.now() - timedelta(hours=20)
    mail.deliver()
    assert mail.to(made.mentee) == []


def test_rule_2_an_ending_is_told_kindly_and_without_a_reason(
    of: World, mail: Mail, made: Match
) -> None:
    plan(of, made)
    mail.deliver()
    mail.post.mails.clear()
    path = f"/relationships/{made.relationship}/closing"
    done(made.mentee.post(path, {"reason": "mentee_left"}))
    mail.deliver()
    subjects = sorted(str(each["Subject"]) for each in mail.to(made.mentor))
    assert subjects == ["Cancelled: Professional development hour", "Something has changed"]
    told = sorted(str(each["Subject"]) for each in mail.to(made.mentee))
    assert told == [subjects[0], "What you can do next"]


def test_whoever_chose_a_language_is_written_to_in_it_whatever_they_consented_in(
    of: World, mail: Mail
) -> None:
    pair = match(of.now)
    contact = Contact("Zoe", address_of(pair.mentee), language="cy")
    sealed = seal_contact(of.now.openings, pair.mentee.id, contact)
    order = Order(Act(pair.mentee.id, of.now.now()), uuid4())
    change_contact(of.parts.mentoring, order, person=pair.mentee.id, contact=sealed)
    mail.deliver()
    (sent,) = mail.to(pair.mentee)
    assert (sent["Subject"], sent["Content-Language"]) == ("Mae newyddion i chi", "cy")
    (other,) = mail.to(pair.mentor)
    assert (other["Subject"], other["Content-Language"]) == ("There is news for you", "en")


def test_what_is_said_is_in_the_language_of_the_consent(of: World, mail: Mail) -> None:
    pair = match(of.now)
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    words = {"purpose": "take_part", "version": 1, "language": "cy", "text": "Geiriau."}
    done(lead.post("/notices", words))
    notices = done(pair.mentor.get("/notices/take_part"))["notices"]
    (welsh,) = [each for each in notices if each["language"] == "cy"]
    given = {"purpose": "take_part", "notice_version": 1, "language": "cy"}
    done(pair.mentor.post("/me/consents", given | {"digest": welsh["digest"]}))
    mail.deliver()
    assert [str(each["Subject"]) for each in mail.to(pair.mentor)] == ["Mae newyddion i chi"]
    assert [str(each["Subject"]) for each in mail.to(pair.mentee)] == ["There is news for you"]

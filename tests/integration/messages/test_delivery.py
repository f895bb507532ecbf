"""What people are told goes to each of them alone, once it is recorded that their address was used."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from api.clerking.errands import CLERK
from api.messages.neutral import TELLING
from api.messages.post import PostIsAway
from crypto.errors import RecordingError
from domain.policies.erasure import streams_of
from tests.faults.clerking import World, session_in
from tests.match import Match, done, match, propose
from tests.messages import Mail, address_of
from tests.post import Mood, shown_once, text_of
from tests.scheme import Somebody

A_WHILE = timedelta(minutes=5)


def subjects(mail: Mail, person: Somebody) -> list[str]:
    return [str(each["Subject"]) for each in mail.to(person)]


def plan(of: World, made: Match, *, weeks: int) -> str:
    for party in (made.mentee, made.mentor):
        party.post(f"/relationships/{made.relationship}/agreement", {"version": 1})
    path = f"/relationships/{made.relationship}/sessions"
    return str(done(made.mentee.post(path, session_in(of.now.now(), weeks)))["made"])


def test_each_party_is_told_and_sees_that_the_service_used_their_address(
    of: World, mail: Mail
) -> None:
    made = match(of.now)
    mail.deliver()
    for party in (made.mentee, made.mentor):
        # Both have answered meanwhile, so nobody is asked any more.
        assert subjects(mail, party) == ["There is news for you"]
        assert mail.looks_at(party) == 1
        looks = done(party.get("/me/access-records"))["looks"]
        assert [look["who"] for look in looks if look["action"] == "automated"] == [str(CLERK)]
        assert sorted(mail.waiting(party)) == [
            ("matched", 1, "sent"),
            ("proposal_to_answer", 1, "not_wanted"),
        ]


def test_a_mail_names_nobody_but_its_receiver_and_says_nothing_to_others(
    of: World, mail: Mail
) -> None:
    made = match(of.now, words="Zwetschgenkuchen")
    plan(of, made, weeks=2)
    mail.deliver()
    assert len(mail.post.mails) == 4
    for party, partner in ((made.mentee, made.mentor), (made.mentor, made.mentee)):
        for each in mail.to(party):
            said = text_of(each)
            for secret in (partner.name, address_of(partner), party.name, "Zwetschgenkuchen"):
                assert secret not in said
            ids = {made.relationship.hex, made.mentee.id.hex, made.mentor.id.hex}
            plain = said.replace("-", "").replace(address_of(party), "")
            assert not any(id in plain for id in ids)
            assert TELLING.search(said) is None
    assert mail.post.callers == {"post.example.org"}


def test_what_is_no_longer_so_is_not_sent(of: World, mail: Mail) -> None:
    made = match(of.now)
    mail.deliver()
    mail.post.mails.clear()
    session = plan(of, made, weeks=2)
    path = f"/relationships/{made.relationship}/sessions/{session}/reschedule"
    done(made.mentee.post(path, session_in(of.now.now(), 3)))
    mail.deliver()
    assert subjects(mail, made.mentee) == ["New time: Professional development hour"]
    assert ("session_scheduled", 1, "not_wanted") in mail.waiting(made.mentee)


def test_a_message_waits_until_the_server_takes_it_and_keeps_its_id(of: World, mail: Mail) -> None:
    made = match(of.now)
    address = address_of(made.mentee)
    mail.post.refusals[address] = ["451 Come again"]
    mail.post.refused_data[address] = ["452 No room"]
    mail.deliver()
    assert subjects(mail, made.mentor) == ["There is news for you"]
    assert mail.to(made.mentee) == []
    mail.deliver()
    assert mail.to(made.mentee) == [], "its next try is put off"
    mail.later(A_WHILE)
    mail.deliver()
    assert mail.to(made.mentee) == []
    mail.later(A_WHILE)
    mail.deliver()
    assert subjects(mail, made.mentee) == ["There is news for you"]
    assert ("matched", 3, "sent") in mail.waiting(made.mentee)
    assert mail.looks_at(made.mentee) == 3


@pytest.mark.parametrize("answers", ["refusals", "refused_data"])
def test_an_address_that_is_refused_for_good_fails_its_own_message_alone(
    of: World, mail: Mail, answers: str
) -> None:
    made = match(of.now)
    getattr(mail.post, answers)[address_of(made.mentee)] = ["550 Nobody of this name"]
    mail.deliver()
    assert ("matched", 1, "refused") in mail.waiting(made.mentee)
    assert subjects(mail, made.mentor) == ["There is news for you"]


def test_a_message_that_never_goes_is_given_up(of: World, mail: Mail) -> None:
    made = propose(of.now)
    mail.post.refusals[address_of(made.mentee)] = ["450 Not now"] * 50
    of.rows("UPDATE record.outbox SET tries = 19 WHERE person = %s", [made.mentee.id])
    mail.deliver()
    assert mail.waiting(made.mentee) == [("proposal_to_answer", 20, "given_up")]


def test_while_no_server_takes_mail_no_address_is_opened(of: World, mail: Mail) -> None:
    made = match(of.now)
    with pytest.raises(PostIsAway):
        mail.deliver(port=1)
    assert mail.looks_at(made.mentee) == 0
    assert {tries for _, tries, _ in mail.waiting(made.mentee)} == {0}
    mail.deliver()
    assert subjects(mail, made.mentee) == ["There is news for you"]


@pytest.mark.parametrize(
    ("mood", "copies"),
    [(Mood.HANGS, 1), (Mood.CUTS_BEFORE_KEEPING, 1), (Mood.CUTS_AFTER_KEEPING, 2)],
)
def test_whatever_the_line_does_each_message_arrives_and_is_shown_once(
    of: World, mail: Mail, mood: Mood, copies: int
) -> None:
    made = propose(of.now)
    mail.post.mood = mood
    for _ in range(2):
        with pytest.raises(PostIsAway):
            mail.deliver(patience_seconds=2.0 if mood is Mood.HANGS else 30.0)
    mail.post.mood = Mood.WELL
    mail.later(A_WHILE)
    mail.deliver()
    for party in (made.mentee, made.mentor):
        assert list(shown_once(mail.to(party)).values()) == [copies]
        assert [outcome for _, _, outcome in mail.waiting(party)] == ["sent"]


def test_an_erased_person_is_told_nothing_more(of: World, mail: Mail) -> None:
    made = match(of.now)
    streams = list(streams_of(made.mentee.id))
    of.rows("SELECT record.erase(gen_random_uuid(), %s, %s)", [made.mentee.id, streams])
    mail.deliver()
    assert mail.to(made.mentee) == []
    assert {outcome for _, _, outcome in mail.waiting(made.mentee)} == {"not_wanted"}
    assert subjects(mail, made.mentor) == ["There is news for you"]


@pytest.fixture
def nothing_can_be_recorded(of: World) -> Iterator[None]:
    of.rows("REVOKE EXECUTE ON FUNCTION record.append FROM vouchsafe_clerk")
    yield
    of.rows("GRANT EXECUTE ON FUNCTION record.append TO vouchsafe_clerk")


@pytest.mark.usefixtures("nothing_can_be_recorded")
def test_rule_13_nothing_goes_while_its_look_cannot_be_recorded(of: World, mail: Mail) -> None:
    made = match(of.now)
    with pytest.raises(RecordingError):
        mail.deliver()
    assert mail.post.mails == []
    assert mail.looks_at(made.mentee) == 0


def test_what_ended_long_ago_is_forgotten(of: World, mail: Mail) -> None:
    made = propose(of.now)
    mail.deliver()
    mail.later(timedelta(days=91))
    mail.deliver()
    assert mail.waiting(made.mentee) == []


def test_what_a_later_release_tells_people_waits_for_that_release(of: World, mail: Mail) -> None:
    made = propose(of.now)
    of.rows("UPDATE record.outbox SET kind = 'unheard_of' WHERE person = %s", [made.mentee.id])
    mail.deliver()
    assert mail.waiting(made.mentee) == [("unheard_of", 0, None)]
    assert len(mail.to(made.mentor)) == 1

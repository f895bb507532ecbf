"""Disclosures, concerns and rights on pages alone: each by whoever it is for, step by step to its end."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import Match, match
from tests.scheme import Somebody

WORDS, RECIPIENT, ANSWER = "Zistrose-words.", "Zander-recipient.", "Quitte-answer."


class Doors:
    """Browsers of several people at once."""

    def __init__(self, service: LiveService, stack: ExitStack) -> None:
        self.service = service
        self._stack = stack

    def of(self, somebody: Somebody) -> Visitor:
        visitor = self._stack.enter_context(Visitor(self.service.url))
        visitor.sign_in(somebody.token)
        return visitor

    def day(self, days: int) -> str:
        return str((self.service.scheme.now() + timedelta(days=days)).date())


@pytest.fixture
def doors(service: LiveService) -> Iterator[Doors]:
    with ExitStack() as stack:
        yield Doors(service, stack)


@pytest.fixture(scope="module")
def pair(service: LiveService) -> Match:
    made = match(service.scheme)
    service.caught_up()
    return made


def sent(visitor: Visitor, page: str, action: str, **fields: str) -> str:
    """Send a form of a page, and answer where it led."""
    answer = visitor.post(action, visitor.form(page, action) | fields)
    assert answer.status_code == 303, answer.text
    led_to = str(answer.headers["location"])
    assert visitor.get(led_to).status_code == 200
    return led_to


def only_one(visitor: Visitor, register: str, *, on: str = "") -> str:
    """The address of the newest record that a list links to."""
    html = visitor.get(on or register).text
    links = [part.split('"')[0] for part in html.split(f'href="{register}/')[1:]]
    return f"{register}/{links[-1]}"


def test_a_disclosure_goes_from_the_mentors_form_to_its_review(doors: Doors, pair: Match) -> None:
    mentor, mentee = doors.of(pair.mentor), doors.of(pair.mentee)
    lead = doors.of(doors.service.scheme.person(Role.SAFEGUARDING_LEAD))
    form = f"/my-caseload/{pair.relationship}/disclosure"
    assert f'href="{form}"' in mentor.get(f"/my-caseload/{pair.relationship}").text
    written = {"ground": "serious_harm", "facts": WORDS, "recipient": RECIPIENT}

    unsaid = mentor.post(form, mentor.form(form, form) | written)
    assert unsaid.status_code == 422
    assert WORDS in unsaid.text
    assert "Say whether your mentee knows." in unsaid.text
    led_to = sent(mentor, form, form, **written, known="would_raise_risk")
    assert led_to.startswith(f"{form}/handed-over")
    handed_over = mentor.get(led_to).text
    assert "Handed over" in handed_over
    assert WORDS not in handed_over

    doors.service.caught_up()
    decide_and_make(doors, lead)
    assert "told outside" not in mentee.get("/who-looked").text
    one = only_one(lead, "/disclosures")
    sent(lead, one, f"{one}/telling")
    led_to = sent(lead, one, f"{one}/review")
    assert "Closed" in lead.get(led_to).text

    doors.service.caught_up()
    told = mentee.get("/who-looked").text
    assert "Something that had to be told outside" in told
    assert "The safeguarding lead opened what had to be told outside" in told
    assert WORDS not in told


def decide_and_make(doors: Doors, lead: Visitor) -> None:
    """All that a lead does before the mentee is told."""
    one = only_one(lead, "/disclosures")
    shown = lead.get(one).text
    assert WORDS not in shown
    assert "telling them now would put somebody at risk" in shown
    words = lead.get(f"{one}/words").text
    assert WORDS in words
    assert RECIPIENT in words
    sent(lead, one, f"{one}/agreement")
    late = lead.post(
        f"{one}/making", lead.form(one, f"{one}/making") | {"review_on": doors.day(93)}
    )
    assert (late.status_code, "within three months" in late.text) == (422, True)
    sent(lead, one, f"{one}/delay", reason="cannot_be_reached", look_again_on=doors.day(20))
    sent(lead, one, f"{one}/making", review_on=doors.day(30))


def test_a_concern_is_sorted_passed_on_and_answered(doors: Doors, pair: Match) -> None:
    scheme = doors.service.scheme
    mentee, coordinator = doors.of(pair.mentee), doors.of(scheme.person(Role.COORDINATOR))
    lead = doors.of(scheme.person(Role.SAFEGUARDING_LEAD))
    said = {"category": "other", "desk": "coordinator", "words": WORDS}
    sent(mentee, "/my-concerns", "/my-concerns", **said)
    doors.service.caught_up()

    one = only_one(coordinator, "/concerns")
    assert WORDS not in coordinator.get(one).text
    assert WORDS in coordinator.get(f"{one}/words").text
    sent(coordinator, one, f"{one}/triage", category="conduct", desk="safeguarding_lead")
    assert "not yours to read" in coordinator.get(one).text
    assert coordinator.get(f"{one}/words").status_code == 403
    assert lead.get(f"{one}/words").status_code == 403
    sent(lead, one, f"{one}/taking")
    assert WORDS in lead.get(f"{one}/words").text
    colleague = scheme.person(Role.SAFEGUARDING_LEAD)
    doors.service.caught_up()
    sent(lead, one, f"{one}/handing-over", to=str(colleague.id))
    assert "not yours to read" in lead.get(one).text
    sent(doors.of(colleague), one, f"{one}/closing", words=ANSWER)

    own = mentee.get(only_one(mentee, "/my-concerns")).text
    assert WORDS in own
    assert ANSWER in own
    assert "a concern that you raised" in mentee.get("/who-looked").text


def test_a_request_is_extended_answered_or_refused_and_its_person_reads_why(
    doors: Doors, pair: Match
) -> None:
    person = doors.of(pair.mentor)
    lead = doors.of(doors.service.scheme.person(Role.DATA_PROTECTION_LEAD))
    assert "1095 days" in person.get("/my-rights").text
    for kind, way, fields in (
        ("access", "answer", {}),
        ("objection", "refusal", {"reason": "stronger_grounds"}),
    ):
        sent(person, "/my-rights", "/my-rights", kind=kind, words=WORDS)
        doors.service.caught_up()
        one = only_one(lead, "/rights-desk")
        own = f"/my-rights/{one.rpartition('/')[2]}"
        assert WORDS not in lead.get(one).text
        assert WORDS in lead.get(f"{one}/words").text
        sent(lead, one, f"{one}/extension", reason="complex")
        assert "there is much to look through" in person.get(own).text
        sent(lead, one, f"{one}/{way}", words=ANSWER, **fields)
        assert ANSWER in person.get(own).text
    assert "there are stronger reasons to go on" in person.get(own).text


def test_an_erasure_stands_on_the_same_desk(doors: Doors) -> None:
    leaving = doors.service.scheme.person(Role.MENTEE)
    assert leaving.post("/me/erasure").status_code == 201
    doors.service.caught_up()
    lead = doors.of(doors.service.scheme.person(Role.DATA_PROTECTION_LEAD))

    desk = lead.get("/rights-desk").text
    assert "Waits for a decision" in desk
    one = only_one(lead, "/rights-desk/erasures", on="/rights-desk")
    telling = lead.form(one, f"{one}/hold") | {"review_on": doors.day(9)}
    told = lead.post(f"{one}/hold", telling | {"reason": "open_disclosure"})
    assert (told.status_code, "say legal duty instead" in told.text) == (422, True)
    sent(lead, one, f"{one}/hold", reason="legal_claim", review_on=doors.day(9))
    assert "needed for a legal claim" in doors.of(leaving).get("/my-erasure").text
    sent(lead, one, f"{one}/hold-lifting")
    led_to = sent(lead, one, f"{one}/grant")
    assert "Granted, being carried out" in lead.get(led_to).text

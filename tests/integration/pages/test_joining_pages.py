"""Joining, inviting and enquiring by form: in without an account, and nothing told that helps to guess."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from api.auth.callers import SESSION_COOKIE
from api.tries import Tries
from domain.values import Role
from tests.integration.pages.conftest import signed_in
from tests.integration.pages.visitor import Visitor
from tests.invitations import NAME, Funded, funded, is_used, token_of
from tests.live_service import LiveService

UNUSABLE = "This invitation cannot be used"
WORDS = "May I ask about Zwetschgen?"
LINK = re.compile(r"<code>([^<]*)</code>")


@pytest.fixture
def of(service: LiveService) -> Funded:
    service.scheme.app.state.guarded_invitations.tries = Tries(of_one=1000, of_all=1000)
    service.scheme.app.state.enquiry_tries = Tries(of_one=1000, of_all=1000)
    return funded(service.scheme)


@pytest.fixture
def another(service: LiveService) -> Iterator[Visitor]:
    with Visitor(service.url) as made:
        yield made


def newcomer(visitor: Visitor, token: str) -> dict[str, str]:
    """The form on the page, filled in."""
    hidden = visitor.form("/join", "/join")
    return hidden | {"invitation": token, "name": NAME, "email": "zenobia@example.org"}


def test_a_newcomer_is_let_in_shown_a_sign_in_and_signed_in(
    of: Funded, service: LiveService, visitor: Visitor, another: Visitor
) -> None:
    (token,) = of.issue()
    answer = visitor.post("/join", newcomer(visitor, token))

    assert answer.status_code == 200
    (sign_in,) = LINK.findall(answer.text)
    assert token not in answer.text + str(answer.headers)
    service.caught_up()
    assert "You have not asked for mentoring yet" in visitor.get("/my-mentoring").text
    assert another.sign_in(sign_in).status_code == 303
    assert another.get("/my-mentoring").status_code == 200


def test_a_whole_link_does_as_well_as_its_code(of: Funded, visitor: Visitor) -> None:
    (token,) = of.issue()
    link = f"https://mentoring.example/join#{token}"

    assert visitor.post("/join", newcomer(visitor, link)).status_code == 200
    assert is_used(of.scheme, token)


def test_what_cannot_be_used_is_told_alike_and_signs_nobody_in(
    of: Funded, visitor: Visitor
) -> None:
    used, withdrawn = of.issue(2)
    visitor.post("/join", newcomer(visitor, used))
    visitor.post("/sign-out", visitor.form("/my-mentoring", "/sign-out"))
    of.withdraw()

    answers = []
    for token in (used, withdrawn, "invitation_" + "C" * 22):
        answer = visitor.post("/join", newcomer(visitor, token))
        assert (answer.status_code, UNUSABLE in answer.text) == (422, True)
        answers.append(without_what_was_typed(answer.text, token))
    assert len(set(answers)) == 1
    assert SESSION_COOKIE not in visitor.cookies


def without_what_was_typed(page: str, token: str) -> str:
    return re.sub(r'name="key" value="[^"]*"', "", page.replace(token, ""))


def test_the_page_is_the_same_whatever_link_leads_to_it(of: Funded, visitor: Visitor) -> None:
    page = visitor.get("/join")

    assert page.headers["cache-control"] == "no-store"
    assert visitor.get("/join?invitation=" + of.issue()[0]).status_code == 422


def test_wrong_fields_are_named_before_the_invitation_is_looked_at(
    of: Funded, visitor: Visitor
) -> None:
    (token,) = of.issue()
    answer = visitor.post("/join", newcomer(visitor, token) | {"email": "nowhere", "name": ""})

    assert answer.status_code == 422
    assert "Enter a mail address" in answer.text
    assert "Enter your name" in answer.text
    assert not is_used(of.scheme, token)


@pytest.mark.parametrize(
    "said", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
@pytest.mark.parametrize("page", ["/join", "/enquire"])
def test_a_form_of_another_site_does_nothing(
    of: Funded, visitor: Visitor, page: str, said: dict[str, str]
) -> None:
    (token,) = of.issue()
    fields = newcomer(visitor, token) if page == "/join" else enquiry(visitor)
    before = of.scheme.event_count()

    assert visitor.post(page, fields, headers=said).status_code == 403
    assert of.scheme.event_count() == before


def test_a_form_that_was_sent_twice_lets_the_same_person_in(of: Funded, visitor: Visitor) -> None:
    (token,) = of.issue()
    fields = newcomer(visitor, token)
    visitor.post("/join", fields)
    before = of.scheme.event_count()
    again = visitor.post("/join", fields)

    assert again.status_code == 200
    assert len(LINK.findall(again.text)) == 1
    assert of.scheme.event_count() == before


def test_a_mentee_with_an_account_gets_the_place(
    of: Funded, service: LiveService, visitor: Visitor
) -> None:
    first, second = of.issue(2)
    signed_in(visitor, service.scheme.person(Role.MENTEE))
    page, action = "/join/with-account", "/join/with-account"
    answer = visitor.post(page, visitor.form(page, action) | {"invitation": first})
    refused = visitor.post(page, visitor.form(page, action) | {"invitation": second})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/my-mentoring")
    assert (refused.status_code, UNUSABLE in refused.text) == (422, True)
    assert not is_used(of.scheme, second)


def test_a_mentor_is_shown_the_sign_in_of_the_mentee_they_are_besides(
    of: Funded, service: LiveService, visitor: Visitor, another: Visitor
) -> None:
    (token,) = of.issue()
    signed_in(visitor, service.scheme.person(Role.MENTOR))
    page = "/join/with-account"
    answer = visitor.post(page, visitor.form(page, page) | {"invitation": token})

    (sign_in,) = LINK.findall(answer.text)
    another.sign_in(sign_in)
    assert another.get("/my-mentoring").status_code == 200


def test_links_are_shown_or_taken_away_as_a_table(of: Funded, visitor: Visitor) -> None:
    signed_in(visitor, of.sponsor)
    page = f"/agreements/{of.agreement}/invitations"
    fields = visitor.form(page, "/invitations")
    shown = visitor.post(page, fields | {"count": "2"})
    table = visitor.post(
        page, visitor.form(page, "/invitations") | {"count": "3", "shown_as": "csv"}
    )

    links = LINK.findall(shown.text)
    assert len({token_of(link) for link in links}) == 2
    assert visitor.post(page, fields | {"count": "2"}).text.count(links[0]) == 1
    assert "attachment" in table.headers["content-disposition"]
    heading, *rows = csv.reader(io.StringIO(table.text))
    assert heading == ["invitation", "use by"]
    assert [row[0].startswith("http") for row in rows] == [True] * 3


def test_only_a_coordinator_withdraws_and_all_at_once(of: Funded, visitor: Visitor) -> None:
    (token,) = of.issue()
    page = f"/agreements/{of.agreement}/invitations"
    signed_in(visitor, of.sponsor)
    assert "Withdraw" not in visitor.get(page).text

    signed_in(visitor, of.coordinator)
    done = visitor.post(f"{page}/withdrawal", visitor.form(page, "/withdrawal"))
    assert (done.status_code, done.headers["location"]) == (303, page)
    assert visitor.post("/join", newcomer(visitor, token)).status_code == 422


def enquiry(visitor: Visitor) -> dict[str, str]:
    asked = {"kind": "practitioner", "name": NAME, "email": "zenobia@example.org", "words": WORDS}
    return visitor.form("/enquire", "/enquire") | asked


def test_somebody_asks_and_a_coordinator_reads_answers_and_forgets(
    of: Funded, service: LiveService, visitor: Visitor
) -> None:
    fields = enquiry(visitor)
    sent = visitor.post("/enquire", fields)
    again = visitor.post("/enquire", fields)
    assert sent.status_code == 303
    assert sent.headers["location"] == again.headers["location"]
    assert WORDS not in visitor.get(sent.headers["location"]).text

    signed_in(visitor, of.coordinator)
    id = sent.headers["location"].partition("reference=")[2]
    page = f"/enquiries/{id}"
    newest = service.parts.recorder.max_notification_id() or 0
    assert page in visitor.get(f"/enquiries?at_least={newest}").text
    assert WORDS in visitor.get(page).text
    answered = visitor.post(f"{page}/answer", visitor.form(page, "/answer") | {"means": "mail"})
    assert answered.headers["location"].startswith("/enquiries?at_least=")
    forgetting = visitor.form(page, "/forgetting") | {"reason": "asked"}
    visitor.post(f"{page}/forgetting", forgetting)
    assert "It was forgotten" in visitor.get(page).text
    assert WORDS not in visitor.get(page).text


def test_an_answer_is_typed_on_the_page_and_sent(
    of: Funded, service: LiveService, visitor: Visitor
) -> None:
    sent = visitor.post("/enquire", enquiry(visitor))
    id = sent.headers["location"].partition("reference=")[2]
    signed_in(visitor, of.coordinator)
    page = f"/enquiries/{id}"
    empty = visitor.post(f"{page}/reply", visitor.form(page, "/reply"))
    before = service.event_count("enquiry.replied")
    replied = visitor.post(f"{page}/reply", visitor.form(page, "/reply") | {"words": "So. Zimt."})

    assert (empty.status_code, "Write your answer" in empty.text) == (422, True)
    assert replied.headers["location"].startswith("/enquiries?at_least=")
    assert service.event_count("enquiry.replied") == before + 1
    assert "It was answered" in visitor.get(page).text


@pytest.mark.usefixtures("of")
def test_a_question_with_faults_comes_back_as_it_was_typed(visitor: Visitor) -> None:
    answer = visitor.post("/enquire", enquiry(visitor) | {"email": "nowhere"})

    assert answer.status_code == 422
    assert "Enter a mail address" in answer.text
    assert WORDS in answer.text


def test_who_tries_too_often_is_told_to_wait(of: Funded, visitor: Visitor) -> None:
    of.scheme.app.state.enquiry_tries = Tries(of_one=1, of_all=10)
    visitor.post("/enquire", enquiry(visitor))
    answer = visitor.post("/enquire", enquiry(visitor))

    assert answer.status_code == 429
    assert "Please wait for a minute" in answer.text


def test_a_last_day_that_is_none_is_told(of: Funded, visitor: Visitor) -> None:
    signed_in(visitor, of.coordinator)
    page = f"/agreements/{of.agreement}/invitations"
    fields = visitor.form(page, "/invitations") | {"count": "1"}
    past = visitor.post(page, fields | {"expires_on": "2001-01-01"})
    today = str(datetime.now(UTC).date())

    assert (past.status_code, "An invitation lasts until a day" in past.text) == (409, True)
    anew = visitor.form(page, "/invitations") | {"count": "1", "expires_on": today}
    assert visitor.post(page, anew).status_code == 200

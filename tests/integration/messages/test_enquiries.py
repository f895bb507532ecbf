"""An answer to a question goes by mail to whoever asked, and not once the question was forgotten."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.clerking.errands import CLERK
from api.messages.neutral import TELLING
from api.tries import Tries
from domain.access_register import AccessPurpose, AccessRegister
from domain.values import Role
from tests.faults.clerking import World
from tests.match import done
from tests.messages import Mail
from tests.post import text_of
from tests.scheme import Somebody

NAME, QUESTION = "Zuleika Enquiring-Quill", "How much is an hour? Zwetschge."
A_WHILE = timedelta(minutes=5)
ANSWER = "An hour costs nobody but your employer anything. {link} Zimtstern."


@pytest.fixture
def coordinator(of: World) -> Somebody:
    of.now.app.state.enquiry_tries = Tries(of_one=1000, of_all=1000)
    return of.now.person(Role.COORDINATOR)


def asked(of: World) -> tuple[UUID, str]:
    """The enquiry, and the address to which its answer goes."""
    address = f"{uuid4().hex}@example.org"
    body = {"kind": "practitioner", "name": NAME, "email": address, "words": QUESTION}
    reference = done(of.now.client().post("/enquiries", json=body))["reference"]
    return UUID(reference), address


def reply(coordinator: Somebody, enquiry: UUID, words: str = ANSWER) -> Any:
    return coordinator.post(f"/enquiries/{enquiry}/reply", {"words": words})


def outcomes(of: World, enquiry: UUID) -> list[tuple[str, str | None]]:
    return of.rows("SELECT kind, outcome FROM record.outbox WHERE person = %s", [enquiry])


def test_the_answer_goes_to_whoever_asked_once_it_is_recorded_that_the_service_read_it(
    of: World, mail: Mail, coordinator: Somebody
) -> None:
    enquiry, address = asked(of)
    done(reply(coordinator, enquiry))
    assert outcomes(of, enquiry) == [("enquiry_answered", None)]
    mail.deliver()
    mail.deliver()

    (sent,) = mail.post.to(address)
    assert sent["Subject"] == "An answer to your question"
    said = body_of(sent)
    assert ANSWER in said
    assert "/enquire" in said
    assert QUESTION not in said
    assert NAME not in text_of(sent)
    assert TELLING.search(text_of(sent).replace(ANSWER, "")) is None
    assert outcomes(of, enquiry) == [("enquiry_answered", "sent")]
    _, *looks = of.parts.mentoring.events.get(AccessRegister.id_of(enquiry))
    told = {(type(each), each.actor, each.purpose) for each in looks}
    assert told == {(AccessRegister.Automated, CLERK, AccessPurpose.ANSWERING)}
    assert len(looks) == 2


def body_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


def test_what_is_forgotten_before_it_goes_is_not_sent(
    of: World, mail: Mail, coordinator: Somebody
) -> None:
    enquiry, address = asked(of)
    done(reply(coordinator, enquiry))
    done(coordinator.post(f"/enquiries/{enquiry}/forgetting", {"reason": "asked"}))
    mail.deliver()

    assert mail.post.to(address) == []
    assert outcomes(of, enquiry) == [("enquiry_answered", "not_wanted")]


def test_an_answer_that_the_server_puts_off_waits_and_goes_once(
    of: World, mail: Mail, coordinator: Somebody
) -> None:
    enquiry, address = asked(of)
    done(reply(coordinator, enquiry))
    mail.post.refusals[address] = ["451 Come again"]
    mail.deliver()
    assert mail.post.to(address) == []
    mail.later(A_WHILE)
    mail.deliver()
    assert len(mail.post.to(address)) == 1


def test_an_answered_question_is_not_answered_again(
    of: World, mail: Mail, coordinator: Somebody
) -> None:
    enquiry, address = asked(of)
    done(reply(coordinator, enquiry))
    again = reply(coordinator, enquiry, "Something else.")
    mail.deliver()

    assert again.json()["type"].endswith("enquiry-is-answered")
    assert len(mail.post.to(address)) == 1

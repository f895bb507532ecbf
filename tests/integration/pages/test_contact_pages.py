"""A newcomer reads on pages that their address is still to be confirmed, enters the code, and corrects the address."""

from uuid import UUID

import pytest

from api.records.address import ONES_OWN
from api.tries import Tries
from domain.access import Caller
from domain.person import Person
from domain.values import Role
from tests.integration.pages.visitor import Visitor
from tests.invitations import funded, join, mentee_of, newcomer
from tests.live_service import LiveService
from tests.scheme import Somebody

PAGE = "/my-contact"
TO_CONFIRM = "still to be confirmed"


@pytest.fixture
def joined(service: LiveService, visitor: Visitor) -> Somebody:
    service.scheme.app.state.code_tries = Tries(of_one=1000, of_all=1000)
    (token,) = funded(service.scheme).issue()
    somebody = mentee_of(service.scheme, join(service.scheme, newcomer(token)))
    visitor.sign_in(somebody.token)
    return somebody


def code_of(service: LiveService, person: UUID) -> str:
    """What the mail says."""
    waiting = service.parts.mentoring.load(Person, person).address
    assert waiting is not None
    caller = Caller(person, Role.MENTEE)
    now = service.clock()
    return service.scheme.openings.open(caller, waiting.code, ONES_OWN, now=now)


def send(visitor: Visitor, form: str, **typed: str) -> str:
    """Fill in one form, and see where it leads."""
    answer = visitor.post(f"{PAGE}/{form}", visitor.form(PAGE, f"/{form}") | typed)
    return (visitor.get(answer.headers["location"]) if answer.is_redirect else answer).text


def test_the_code_is_entered_on_the_page(
    service: LiveService, visitor: Visitor, joined: Somebody
) -> None:
    assert TO_CONFIRM in visitor.get("/my-mentoring").text
    assert "Is this address yours?" in visitor.get(PAGE).text
    wrong = send(visitor, "confirmation", code="AAAAA-AAAAA")
    assert "This code is not right, or its time is over" in wrong
    right = send(visitor, "confirmation", code=code_of(service, joined.id))

    assert "Is this address yours?" not in right
    assert TO_CONFIRM not in visitor.get("/my-mentoring").text


def test_a_mistyped_address_is_corrected_and_another_code_sent(
    service: LiveService, visitor: Visitor, joined: Somebody
) -> None:
    first = code_of(service, joined.id)
    typed = {"name": "Zoe", "email": "zoe@example.org", "language": "cy"}
    unreadable = send(visitor, "address", **typed | {"email": "nowhere"})
    corrected = send(visitor, "address", **typed)
    second = code_of(service, joined.id)
    send(visitor, "code")

    assert "Enter a mail address" in unreadable
    assert "We sent a code to zoe@example.org" in corrected
    assert len({first, second, code_of(service, joined.id)}) == 3
    assert service.told(joined.id) == ["address_to_confirm"] * 3


def test_who_was_registered_by_a_coordinator_has_nothing_to_confirm(
    service: LiveService, visitor: Visitor
) -> None:
    known = service.scheme.person(Role.MENTEE)
    visitor.sign_in(known.token)

    assert "Is this address yours?" not in visitor.get(PAGE).text
    assert TO_CONFIRM not in visitor.get("/my-mentoring").text

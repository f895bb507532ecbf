"""A mentee asks to be erased on pages, in two steps, and sees how far it has come."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.values import Role
from tests.erasing import ask, grant_by
from tests.integration.pages.conftest import signed_in
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.match import done
from tests.scheme import Somebody

SENTINEL = "quillfeather-typed-this"
RECEIPT = re.compile(r'href="(/erasure/[0-9a-f-]+/[0-9a-f-]+)"')


@pytest.fixture
def person(service: LiveService) -> Somebody:
    return service.scheme.person(Role.MENTEE)


@pytest.fixture
def page(visitor: Visitor, person: Somebody) -> Visitor:
    return signed_in(visitor, person)


def send(page: Visitor, word: str) -> Any:
    fields = page.form("/my-erasure/confirmation", "/my-erasure")
    return page.post("/my-erasure", {**fields, "word": word})


def test_the_way_there_is_on_the_page_where_one_begins(page: Visitor) -> None:
    assert 'href="/my-erasure"' in page.get("/my-mentoring").text
    assert "Would you like us to erase your record?" in page.get("/my-erasure").text


@pytest.mark.parametrize("word", ["", "yes", SENTINEL])
def test_without_the_word_nothing_is_asked_for_and_nothing_repeated(
    page: Visitor, person: Somebody, word: str
) -> None:
    answer = send(page, word)
    assert answer.status_code == 422
    assert "Nothing was asked for yet" in answer.text
    assert SENTINEL not in answer.text
    assert person.get("/me/erasure").status_code == 404


@pytest.mark.parametrize("word", ["erase", " Erase ", "“erase”"])
def test_with_the_word_it_is_asked_for_and_shown_and_can_be_taken_back(
    page: Visitor, person: Somebody, word: str
) -> None:
    answer = send(page, word)
    assert answer.status_code == 303
    shown = page.get(answer.headers["location"]).text
    assert "You have asked to be erased" in shown
    assert "Somebody decides by" in shown
    fields = page.form("/my-erasure", "/my-erasure/taking-back")
    answer = page.post("/my-erasure/taking-back", fields)
    assert "You took your request back" in page.get(answer.headers["location"]).text
    assert done(person.get("/me/erasure"))["stage"] == "taken_back"


def test_a_form_sent_twice_asks_once(page: Visitor, person: Somebody) -> None:
    fields = page.form("/my-erasure/confirmation", "/my-erasure") | {"word": "erase"}
    answers = [page.post("/my-erasure", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert done(person.get("/me/erasure"))["stage"] == "requested"


def test_a_hold_and_a_refusal_are_told_with_their_reasons(
    service: LiveService, page: Visitor, person: Somebody
) -> None:
    lead, erasure = service.scheme.person(Role.DATA_PROTECTION_LEAD), ask(person)
    review_on = (service.clock() + timedelta(days=1)).date().isoformat()
    done(lead.post(f"/erasures/{erasure}/hold", {"reason": "legal_claim", "review_on": review_on}))
    assert "needed for a legal claim" in page.get("/my-erasure").text
    done(lead.post(f"/erasures/{erasure}/refusal", {"reason": "legal_duty"}))
    shown = page.get("/my-erasure").text
    assert "The law says that the record must be kept." in shown
    assert "Would you like us to erase your record?" in shown


def test_the_receipt_shows_the_stage_to_nobody_in_particular(
    service: LiveService, page: Visitor, person: Somebody
) -> None:
    erasure = ask(person)
    found = RECEIPT.search(page.get("/my-erasure").text)
    assert found is not None
    grant_by(service.scheme, erasure)
    assert page.get("/my-erasure").status_code == 303
    with Visitor(service.url) as nobody:
        shown = nobody.get(found[1])
        assert "Your erasure was granted" in shown.text
        assert str(person.id) not in shown.text
        for wrong in (f"/erasure/{erasure}/{uuid4()}", f"/erasure/{uuid4()}/{uuid4()}"):
            assert nobody.get(wrong).status_code == 404

"""My professional development on pages: a warning before anything is kept, and never a refusal for it."""

import re

import pytest

from domain.values import Role
from tests.integration.pages.conftest import signed_in
from tests.integration.pages.visitor import Visitor
from tests.live_service import LiveService
from tests.scheme import Somebody

FIELDS = {
    "title": "Leading <b>&amp;",
    "kind": "course",
    "done_on": "2026-03-02",
    "about": "About it.",
    "learned": "Learned it.",
}
YEAR = "/my-cpd?year=2025"


@pytest.fixture(params=[Role.MENTEE, Role.MENTOR])
def owner(service: LiveService, request: pytest.FixtureRequest) -> Somebody:
    return service.scheme.person(request.param)


def sent(visitor: Visitor, **other: str) -> tuple[int, str]:
    form = visitor.form("/my-cpd/new", "/my-cpd/new")
    answer = visitor.post("/my-cpd/new", form | FIELDS | other)
    return answer.status_code, answer.text


def test_a_piece_is_written_read_changed_and_destroyed(owner: Somebody, visitor: Visitor) -> None:
    signed_in(visitor, owner)
    assert "two pieces and one with what you learned from a peer" in visitor.get(YEAR).text
    assert sent(visitor)[0] == 303

    page = visitor.get(YEAR).text
    assert "Leading &lt;b&gt;&amp;amp;" in page
    assert "one more piece and one with" in page
    (one,) = set(re.findall(r'href="(/my-cpd/[0-9a-f-]{36})"', page))
    form = visitor.form(one, one)
    assert visitor.post(one, form | FIELDS | {"peer": "A peer."}).status_code == 303
    assert "Still missing of what is asked for this year: one more piece." in visitor.get(YEAR).text

    destroying = visitor.form(one, f"{one}/destruction")
    assert visitor.post(f"{one}/destruction", destroying).status_code == 303
    assert visitor.get(one).status_code == 404
    assert "Leading" not in visitor.get(YEAR).text


def test_a_warning_comes_once_and_saving_goes_on(owner: Somebody, visitor: Visitor) -> None:
    signed_in(visitor, owner)
    status, page = sent(visitor, learned="Write to zebra@example.org.")
    assert status == 200
    assert "What I learned: there may be a mail address." in page
    assert "Write to zebra@example.org." in page
    assert "Leading" not in visitor.get(YEAR).text

    (seen,) = re.findall(r'name="looked_at" value="([0-9a-f]{64})"', page)
    other = sent(visitor, learned="Write to lion@example.org.", looked_at=seen)
    assert other[0] == 200
    assert sent(visitor, learned="Write to zebra@example.org.", looked_at=seen)[0] == 303
    assert "zebra@example.org" in visitor.get(YEAR).text
    assert "lion@example.org" not in visitor.get(YEAR).text


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("title", "", "Write a title"),
        ("kind", "supper", "Choose what type it was."),
        ("done_on", "soon", "Enter the day"),
        ("done_on", "2031-03-02", "something that has happened"),
        ("about", "x" * 4001, "4,000 characters"),
        ("session", "no", "Something here is missing"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(
    service: LiveService, visitor: Visitor, field: str, wrong: str, sentence: str
) -> None:
    signed_in(visitor, service.scheme.person(Role.MENTEE))
    status, page = sent(visitor, **{field: wrong})

    assert status == 422
    assert sentence in page
    assert "Learned it." in page


def test_a_year_is_taken_as_a_pdf(owner: Somebody, visitor: Visitor) -> None:
    signed_in(visitor, owner)
    answer = visitor.get("/my-cpd/paper?year=2025")

    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["cache-control"] == "no-store"


def test_a_session_of_somebody_elses_begins_no_piece(owner: Somebody, visitor: Visitor) -> None:
    signed_in(visitor, owner)
    page = visitor.get("/my-cpd/new?session=00000000-0000-0000-0000-000000000005").text

    assert 'name="session"' not in page
    assert "the service vouches" not in page

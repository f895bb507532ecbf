"""Professional development through the API: its owner's alone, with the hours that the service vouches for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.papers import printing
from domain.funding_agreement import FundingAgreement
from domain.organisation import Organisation
from domain.registration_year import RegistrationYear
from domain.values import Role
from projections.cpd_portfolio import CPD_PORTFOLIO
from tests.databases import Database, fresh_database
from tests.match import done, give_consent
from tests.meeting import MeetingPair, MeetingScheme, meeting_scheme_on, on_monday
from tests.scheme import Somebody, working

SECRET = "Zinnober-piece of my own."
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Here:
    """A pair that has met twice, once without the mentor, and somebody of each role beside them."""

    database: Database
    meeting: MeetingScheme
    pair: MeetingPair
    held: UUID
    missed: UUID
    others: dict[Role, Somebody]

    def piece(self, **other: Any) -> dict[str, Any]:
        facts = {
            "kind": "course",
            "title": SECRET,
            "done_on": str(self.meeting.clock().date()),
            "about": f"About {SECRET}",
            "learned": f"Learned {SECRET}",
        }
        return facts | other

    def kept(self, person: Somebody, **other: Any) -> str:
        return str(done(person.post("/me/cpd/pieces", self.piece(**other)))["made"])


@pytest.fixture(scope="module")
def here(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Here]:
    with (
        fresh_database(postgres, template) as database,
        meeting_scheme_on(database, tmp_path_factory.mktemp("portfolio")) as meeting,
        meeting.scheme.app.state.reader as reader,
        working(meeting.scheme, database),
    ):
        pair = meeting.pair()
        others = {role: meeting.scheme.person(role) for role in Role}
        lasting = {r: meeting._lasting(each) for r, each in others.items()}
        held = pair.plan(pair.mentee, on_monday(meeting.clock(), 2))
        pair.over(held)
        done(pair.mentor.post(f"{pair.of(held)}/attendance", {"minutes": 60}))
        missed = pair.plan(pair.mentee, on_monday(meeting.clock(), 2))
        pair.over(missed)
        done(pair.mentee.post(f"{pair.of(missed)}/absence", {"who": "mentor"}))
        newest = meeting.scheme.parts.recorder.max_notification_id() or 0
        reader.wait_for(CPD_PORTFOLIO.name, newest, PATIENCE_SECONDS)
        yield Here(database, meeting, pair, held, missed, lasting)


def looks_of(person: Somebody) -> list[tuple[str, str, str, str]]:
    looks = done(person.get("/me/access-records"))["looks"]
    return [(each["who"], each["action"], each["kind"], each["purpose"]) for each in looks]


def test_both_of_a_pair_have_the_hour_they_held_and_are_told_of_nobody(here: Here) -> None:
    for person in (here.pair.mentee, here.pair.mentor):
        answer = person.get("/me/cpd")
        (session,) = done(answer)["sessions"]

        assert session["session"] == str(here.held)
        assert (session["minutes"], session["mode"]) == (60, "virtual")
        for other in {here.pair.mentee.id, here.pair.mentor.id}:
            assert str(other) not in answer.text


def test_what_a_year_lacks_is_told_without_opening_anything(here: Here) -> None:
    person = here.others[Role.MENTEE]
    before = looks_of(person)
    here.kept(person)
    here.kept(person, peer="A peer said so.")

    (year,) = done(person.get("/me/cpd"))["years"]
    assert (year["pieces"], year["pieces_missing"], year["is_peer_missing"]) == (2, 0, False)
    assert looks_of(person) == before


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_a_piece_is_read_amended_and_destroyed_by_its_owner(here: Here, side: str) -> None:
    person = getattr(here.pair, side)
    piece = here.kept(person, session=str(here.held))
    read = done(person.get(f"/me/cpd/pieces/{piece}"))
    assert (read["title"], read["session"]) == (SECRET, str(here.held))
    assert (str(person.id), "opened", "portfolio", "own_record") in looks_of(person)

    done(person.put(f"/me/cpd/pieces/{piece}", here.piece(title="Another")))
    pieces = done(person.get("/me/cpd/pieces"))["pieces"]
    assert [each["title"] for each in pieces if each["id"] == piece] == ["Another"]

    done(person.delete(f"/me/cpd/pieces/{piece}"))
    assert person.get(f"/me/cpd/pieces/{piece}").status_code == 404
    assert person.put(f"/me/cpd/pieces/{piece}", here.piece()).status_code == 404
    assert keys_of(here, person, piece) == [False]


def keys_of(here: Here, person: Somebody, piece: str) -> list[bool]:
    """Of each key that the piece ever had, whether it is there still."""
    with psycopg.connect(here.database.owner_url) as connection:
        rows = connection.execute(
            "SELECT wrapped_key IS NOT NULL FROM keys.data_key_personal"
            " WHERE owner = %s AND purpose = %s",
            (person.id, f"cpd:{piece}"),
        )
        return [is_there for (is_there,) in rows]


def test_nobody_else_reaches_it_in_whatever_role(here: Here) -> None:
    piece = here.kept(here.pair.mentee)
    for other in (here.pair.mentor, *here.others.values()):
        answer = other.get(f"/me/cpd/pieces/{piece}")
        assert answer.status_code in {403, 404}
        assert SECRET not in answer.text
    for role in (Role.COORDINATOR, Role.DATA_PROTECTION_LEAD, Role.AUDITOR):
        own = here.meeting.scheme.speaking_for(
            here.pair.mentee.id, role, lasts=timedelta(days=2000)
        )
        assert own.get("/me/cpd/pieces").status_code == 403


def test_it_needs_no_consent_and_outlives_a_withdrawal(here: Here) -> None:
    person = here.meeting._lasting(here.meeting.scheme.person(Role.MENTEE))
    give_consent(person, "take_part")
    piece = here.kept(person)
    done(person.post("/me/consents/take_part/withdrawal"))

    assert done(person.get(f"/me/cpd/pieces/{piece}"))["title"] == SECRET


def test_a_piece_of_a_day_to_come_and_one_without_words_are_refused(here: Here) -> None:
    person = here.others[Role.MENTOR]
    tomorrow = str(here.meeting.clock().date() + timedelta(days=2))
    answer = person.post("/me/cpd/pieces", here.piece(done_on=tomorrow))
    assert answer.json()["type"].endswith("piece-is-of-the-future")
    for wrong in ({"about": ""}, {"learned": " "}, {"title": "x" * 201}, {"kind": SECRET}):
        answer = person.post("/me/cpd/pieces", here.piece(**wrong))
        assert answer.status_code == 422
        assert SECRET not in answer.text


def test_a_repeated_piece_is_kept_once(here: Here) -> None:
    person = here.meeting._lasting(here.meeting.scheme.person(Role.MENTOR))
    key = {"Idempotency-Key": uuid4().hex}
    first, second = (
        done(person.post("/me/cpd/pieces", here.piece(), headers=key)) for _ in range(2)
    )

    assert first["made"] == second["made"]
    assert len(done(person.get("/me/cpd/pieces"))["pieces"]) == 1


def organisation_of(here: Here) -> str:
    mentoring = here.meeting.scheme.parts.mentoring
    agreement = mentoring.load(FundingAgreement, here.pair.place().agreement)
    return mentoring.load(Organisation, agreement.organisation).name


def suspected(person: Somebody, **words: str) -> set[tuple[str, str]]:
    body = {"title": "Title", "about": "About", "learned": "Learned"} | words
    answer = person.post("/me/cpd/check", body)
    for each in words.values():
        assert each not in answer.text
    return {(each["part"], each["what"]) for each in done(answer)["suspected"]}


def test_a_check_warns_of_names_that_one_can_read_and_tells_no_others(here: Here) -> None:
    mentee, mentor = here.pair.mentee, here.pair.mentor
    give_consent(mentee, "share_profile")
    done(mentee.put("/me/shared-profile", {"display_name": "Quentin Vane", "words": "Some words."}))
    organisation = organisation_of(here)

    assert suspected(mentee, learned="What ZELDA said.") == {("learned", "partner")}
    assert suspected(mentor, impact="Quentin grew.") == {("impact", "partner")}
    assert suspected(here.others[Role.MENTOR], learned="Zelda and Quentin.") == set()
    assert suspected(mentee, learned=f"At {organisation}.") == {("learned", "organisation")}
    assert suspected(mentor, learned=f"At {organisation}.") == set()
    used = [each for each in looks_of(mentor) if each[1] == "automated"]
    assert used
    assert all(each[2] == "profile" for each in used)


def test_checking_again_and_again_fills_nobodys_register(here: Here) -> None:
    """A use of a name is told once an hour, and an hour may just have begun."""
    before = len(looks_of(here.pair.mentor))
    for _ in range(5):
        assert suspected(here.pair.mentee, learned="Zelda") == {("learned", "partner")}
    assert len(looks_of(here.pair.mentor)) <= before + 2


def test_a_check_keeps_nothing_of_what_it_was_asked(here: Here) -> None:
    person = here.others[Role.MENTEE]
    before = here.meeting.scheme.event_count()

    found = suspected(person, about="Write to vane@example.org or 07700 900123, SW1A 1AA.")
    assert found == {("about", w) for w in ("mail_address", "telephone", "postcode")}
    assert here.meeting.scheme.event_count() == before


def test_a_paper_is_a_tagged_pdf_that_nobody_keeps(here: Here) -> None:
    person = here.pair.mentor
    here.kept(person, session=str(here.held), peer="#panic() * _ $ ` @ < 🌱 שלום")
    answer = person.get("/me/cpd/paper")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content
    year = RegistrationYear.of(here.meeting.clock().date()).begins - 3
    assert person.get("/me/cpd/paper", params={"year": year}).content.startswith(b"%PDF-")


def test_a_paper_that_takes_too_long_is_given_up_kindly(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "SECONDS", 0.001)
    answer = here.pair.mentee.get("/me/cpd/paper")

    assert answer.status_code == 503
    assert answer.json()["type"].endswith("paper-not-made")

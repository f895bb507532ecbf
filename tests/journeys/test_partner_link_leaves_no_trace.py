"""The link by which a partner comes is shown to the mentee who made it, this once, and lies nowhere else."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import structlog

from api.embedded_postgres import EmbeddedPostgres
from tests.databases import fresh_database
from tests.integration.pages.visitor import Visitor
from tests.kinds import OwnProgramme
from tests.leaks.places import in_tables
from tests.leaks.run import plain
from tests.leaks.searching import Hit, Searcher
from tests.live_service import LiveService, live_service
from tests.match import done, publish_notices

LINK = re.compile(r"<code>(http[^<]*)</code>")
ADDRESS = re.compile(r'href="(/my-mentoring/[^"]*/partner-link)"')
TOKEN_IN = re.compile(r"partner_[\w-]{40,}")


@pytest.fixture(scope="module")
def service(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        live_service(database, Path(folder)) as running,
    ):
        publish_notices(running.scheme)
        running.scheme.app.state.guarded_invitations.refused_after = 0.0
        yield running


@dataclass
class Told:
    """The tokens of two links, and everything that was answered besides the two answers that show them."""

    tokens: dict[str, bytes] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)
    shown_by: list[httpx.Response] = field(default_factory=list)

    @property
    def searcher(self) -> Searcher:
        return plain(self.tokens)

    def keep(self, name: str, link: str) -> str:
        token = link.partition("#")[2]
        self.tokens[name] = token.encode()
        return token


def by_program(service: LiveService, own: OwnProgramme, told: Told) -> None:
    """Made, asked for again under the same key, tried as it should not be, used, and tried once more."""
    asking = own.waiting()
    path = f"/api/v1/relationships/{asking.relationship}/partner-link"
    theirs = {"Authorization": f"Bearer {asking.mentee.token}"}
    key = {"Idempotency-Key": uuid4().hex}
    with httpx.Client(base_url=service.url, timeout=60) as http:
        made = [http.post(path, json={"words": "Shall we?"}, headers=theirs | key) for _ in "12"]
        told.shown_by += made
        token = told.keep("link made by a program", done(made[0])["link"])
        joining = {"invitation": token, "name": "Zenobia Found", "email": "z@example.org"}
        told.answers += [
            http.get(f"/join?{token}"),
            http.get(f"/join?invitation={token}"),
            http.post("/api/v1/joining", json=joining | {"email": "none"}),
            http.post("/api/v1/joining", json=joining | {"more": token}),
            http.post("/api/v1/joining", json=joining),
            http.post("/api/v1/joining", json=joining),
            http.post("/api/v1/me/places", json={"invitation": token}, headers=theirs),
            http.get(f"/api/v1/relationships/{asking.relationship}", headers=theirs),
        ]


def by_page(service: LiveService, own: OwnProgramme, told: Told) -> None:
    asking = own.waiting()
    service.caught_up()
    with Visitor(service.url) as asks, Visitor(service.url) as comes:
        asks.sign_in(asking.mentee.token)
        (address,) = set(ADDRESS.findall(asks.get("/my-mentoring").text))
        made = asks.post(address, asks.form(address, "/partner-link"))
        told.shown_by.append(made)
        (link,) = LINK.findall(made.text)
        told.keep("link made on a page", link)
        newcomer = {"invitation": link, "name": "Zenobia Found", "email": "y@example.org"}
        told.answers += [
            asks.get(address),
            asks.get(f"/my-mentoring/{asking.relationship}"),
            comes.post("/join", comes.form("/join", "/join") | newcomer),
            comes.get("/my-caseload"),
        ]


@pytest.fixture(scope="module")
def told(service: LiveService) -> Told:
    everything = Told()
    own = OwnProgramme(
        service.scheme, kinds=["informal"], settings={"conflict_rule": "declared_only"}
    )
    for act in (by_program, by_page):
        act(service, own, everything)
    service.caught_up()
    return everything


def found_in(hits: set[Hit]) -> list[str]:
    """What was found where, without what it says."""
    return [str(hit) for hit in sorted(hits)]


def test_it_lies_in_no_table_no_event_and_no_mail_that_waits(
    service: LiveService, told: Told
) -> None:
    assert len(told.tokens) == 2
    assert found_in(in_tables(told.searcher, service.superuser_url)) == []


def test_the_database_logged_nothing_of_it(postgres: EmbeddedPostgres, told: Told) -> None:
    assert found_in(told.searcher.search("the database's log", postgres.log.read_bytes())) == []


def test_no_answer_but_the_one_repeats_it_and_none_lets_a_page_be_named_elsewhere(
    told: Told,
) -> None:
    for answer in told.answers:
        said = answer.content + str(answer.headers).encode()
        assert found_in(told.searcher.search("an answer", said)) == []
    for answer in (*told.answers, *told.shown_by):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not TOKEN_IN.search(str(answer.headers))


def test_the_service_says_nothing_of_it_to_its_log(
    service: LiveService, capfd: pytest.CaptureFixture[str]
) -> None:
    everything, own = Told(), OwnProgramme(service.scheme, kinds=["informal"])
    capfd.readouterr()
    by_program(service, own, everything)
    by_page(service, own, everything)
    logged = "".join(capfd.readouterr())

    assert "/partner-link" in logged
    assert found_in(everything.searcher.search("the log", logged.encode())) == []

    structlog.get_logger().info("joined", route=next(iter(everything.tokens.values())).decode())
    planted = "".join(capfd.readouterr())
    assert found_in(everything.searcher.search("the log", planted.encode())) != []

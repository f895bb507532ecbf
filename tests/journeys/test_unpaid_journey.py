"""A stranger followed on pages alone into a programme for which nobody pays: from its opening to a pair."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.values import Role
from tests.databases import fresh_database
from tests.integration.pages.visitor import Visitor
from tests.live_service import PATIENCE_SECONDS, LiveService, live_service
from tests.match import done, publish_notices, welcome_mentor
from tests.scheme import Somebody

LINK = re.compile(r"<code>[^<]*#(invitation_[^<]*)</code>")
PROGRAMME = re.compile(r'href="(/programmes/[0-9a-f-]+)">Reading circle<')
OPENED = {
    "name": "Reading circle",
    "formal": "on",
    "ceiling": "2",
    "needs_place": "no",
    "conflict_rule": "declared_only",
}
STRANGER = {"name": "Zenobia Newcomer", "email": "zenobia@example.org"}


class Walk:
    """Three people with a browser each, who send forms and follow where these lead."""

    def __init__(self, service: LiveService, stack: ExitStack) -> None:
        self.service = service
        scheme = service.scheme
        self.owner, self.guide = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTOR)
        welcome_mentor(self.owner, self.guide, words="I listen first.")
        self.coordinator, self.mentor, self.stranger = (
            stack.enter_context(Visitor(service.url)) for _ in range(3)
        )
        self._sign_in(self.coordinator, self.owner)
        self._sign_in(self.mentor, self.guide)

    @staticmethod
    def _sign_in(visitor: Visitor, somebody: Somebody) -> None:
        assert visitor.sign_in(somebody.token).status_code == 303

    def send(self, visitor: Visitor, page: str, action: str, **fields: str) -> str:
        """Send a form, and answer the page that it leads to once everything can be seen."""
        answer = visitor.post(action, visitor.form(page, action) | fields)
        assert answer.status_code == 303, answer.text
        self.caught_up()
        return str(visitor.get(str(answer.headers["location"])).text)

    def caught_up(self) -> None:
        self.service.caught_up()
        newest = self.service.parts.recorder.max_notification_id() or 0
        for read_model in ("programmes", "own_places"):
            self.service.reader.wait_for(read_model, newest, PATIENCE_SECONDS)

    def link(self, programme: str) -> str:
        """A link out of the page of invitations, made by the coordinator."""
        action = f"{programme}/invitations"
        form = self.coordinator.form(action, action)
        (token,) = LINK.findall(self.coordinator.post(action, form | {"count": "1"}).text)
        return str(token)

    def join(self, token: str) -> None:
        """Come in by it, and consent to taking part."""
        form = self.stranger.form("/join", "/join")
        joined = self.stranger.post("/join", form | STRANGER | {"invitation": token})
        assert joined.status_code == 200
        self.caught_up()
        agree = "/my-consents/take_part"
        self.send(self.stranger, agree, f"{agree}/yes")


@pytest.fixture
def walk(postgres: EmbeddedPostgres, template: str) -> Iterator[Walk]:
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        live_service(database, Path(folder)) as service,
        ExitStack() as stack,
    ):
        publish_notices(service.scheme)
        yield Walk(service, stack)


def test_a_stranger_comes_by_a_link_asks_and_is_matched(walk: Walk) -> None:
    listed = walk.send(walk.coordinator, "/programmes", "/programmes", **OPENED)
    (programme,) = PROGRAMME.findall(listed)
    walk.join(walk.link(programme))

    ask = "/my-mentoring/request"
    (place,) = re.findall(r'name="place"[^>]*value="([0-9a-f-]{36})"', walk.stranger.get(ask).text)
    asked = walk.send(walk.stranger, ask, ask, place=place, mode="virtual", cadence="monthly")
    matching = programme.replace("/programmes/", "/matching/")
    walk.send(walk.coordinator, matching, f"{matching}/rounds")
    walk.send(walk.coordinator, matching, f"{matching}/proposals")
    (relationship,) = set(re.findall(r"/my-mentoring/([0-9a-f-]{36})/", asked))
    for visitor, prefix in ((walk.stranger, "/my-mentoring"), (walk.mentor, "/my-caseload")):
        one = f"{prefix}/{relationship}"
        walk.send(visitor, f"{one}/proposal", f"{one}/acceptance")

    stands = done(walk.guide.get(f"/relationships/{relationship}"))
    ledger = done(walk.owner.get(f"/places/{place}"))
    assert stands["stage"] == "matched"
    assert (ledger["agreement"], ledger["granted"]) == (None, 2)
    assert ledger["programme"] == programme.rpartition("/")[2]
    assert "/agreement" in walk.stranger.get("/my-mentoring").text

"""What people state for the matching lies nowhere in the open, also after a round and a shortlist opened it."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.enrolment import enrol, issue_token
from api.records.contact import Contact
from api.simulate.first_scheme import Phase
from domain.values import Role
from tests.leaks.places import in_files, in_memory, in_tables
from tests.leaks.run import LeakRun, plain
from tests.match import done
from tests.matching import MatchingScheme, offering, theme
from tests.scheme import Somebody


@dataclass
class People:
    """Lets people in on the machine of the leak run, each with a client of their own."""

    run: LeakRun
    open: ExitStack

    def person(self, role: Role) -> Somebody:
        contact = Contact(name="Somebody", email="somebody@example.org", telephone=None)
        with self.run.machine.parts(Phase.NOW) as parts:
            id = enrol(parts, contact, [role])
            token = issue_token(parts, id, role)
        url = f"{self.run.machine.machine.url}/api/v1/"
        headers = {"Authorization": f"Bearer {token}"}
        client: Any = self.open.enter_context(
            httpx.Client(base_url=url, headers=headers, timeout=60)
        )
        return Somebody(id, role, contact.name, token, client)


class OnTheMachine(MatchingScheme):
    """The same whose read models another process keeps."""

    def shown(self) -> None:
        self.scheme.run.machine.catch_up()  # type: ignore[attr-defined]  # - People stand for a scheme here


@dataclass
class Stated:
    """What was stated and by now was opened by a round and a shortlist."""

    secrets: dict[str, bytes] = field(default_factory=dict)
    answers: list[bytes] = field(default_factory=list)
    mentee: UUID | None = None

    def say(self, name: str) -> str:
        """Words that occur nowhere else."""
        text = f"quill{secrets.token_hex(12)}"
        self.secrets[name] = text.encode()
        return text


@pytest.fixture(scope="module")
def stated(run: LeakRun) -> Iterator[Stated]:
    with ExitStack() as clients:
        yield state(run, People(run, clients))


def state(run: LeakRun, scheme: Any) -> Stated:
    """Let people ask and offer, and open what they stated by a round and a shortlist."""
    told = Stated()
    matching = OnTheMachine(scheme)
    employer, team = told.say("employer of the mentee"), told.say("team of the mentee")
    asking = matching.waiting(
        "identity_preference", employer=employer, team=team, **theme("leading")
    )
    wish = {"own": {"faith": ["sikh"]}, "wishes": {"faith": "shared"}}
    done(asking.mentee.put("/me/preferences/background", wish))
    matching.mentor(employer=told.say("employer of the mentor"), **offering("leading"))
    found = matching.run()
    shortlist = f"/relationships/{asking.relationship}/shortlist"
    done(matching.coordinator.post(shortlist))
    wrong = {"employer": employer, "languages": [team]}
    told.answers = [
        matching.coordinator.get(f"/matching-rounds/{found['id']}").content,
        matching.coordinator.get(shortlist).content,
        asking.mentee.put("/me/preferences", wrong).content,
        asking.mentee.put("/me/preferences", {"team": [team]}).content,
    ]
    matching.propose(found)
    told.mentee = asking.mentee.id
    run.machine.catch_up()
    run.machine.settle()
    return told


def test_nothing_of_it_lies_in_tables_files_logs_or_the_write_ahead_log(
    run: LeakRun, stated: Stated
) -> None:
    searcher = plain(stated.secrets)
    hits = in_tables(searcher, run.machine.superuser_url)
    hits |= in_files(searcher, run.machine.folder)

    assert [str(hit) for hit in hits] == []


def test_neither_the_worker_nor_the_clerk_ever_held_any_of_it(run: LeakRun, stated: Stated) -> None:
    searcher = plain(stated.secrets)
    for name in ("work", "clerk"):
        assert [str(hit) for hit in in_memory(searcher, run.machine.pids[name], name)] == []


def test_neither_a_coordinators_answers_nor_a_refusal_repeat_any_of_it(stated: Stated) -> None:
    searcher = plain(stated.secrets)
    hits = {hit for each in stated.answers for hit in searcher.search("an answer", each)}

    assert [str(hit) for hit in hits] == []


def test_the_search_would_find_what_lies_open(run: LeakRun, stated: Stated) -> None:
    """Who waits stands in read models under a random id, and under nothing else."""
    ids = {"id of the mentee": str(stated.mentee).encode()}

    assert in_tables(plain(ids), run.machine.superuser_url)

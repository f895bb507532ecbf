"""The token of an invitation, and what newcomers and enquirers type, lie nowhere but with whom they are for."""

import secrets
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.invitation import Invitation
from tests.funding import signed_agreement
from tests.leaks.cast import COORDINATOR
from tests.leaks.places import in_files, in_memory, in_tables
from tests.leaks.run import LeakRun, plain
from tests.leaks.searching import Hit

TOO_MANY = 429
PATIENCE_SECONDS = 180.0
PAUSE_SECONDS = 1.0


@dataclass
class Joined:
    """What was typed and shown while somebody joined and somebody else asked; nobody recorded it."""

    secrets: dict[str, bytes] = field(default_factory=dict)
    invitations: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def say(self, name: str, form: str = "{}") -> str:
        """A text that occurs nowhere else."""
        text = form.format(f"quill{secrets.token_hex(12)}")
        self.secrets[name] = text.encode()
        return text


class Patient(httpx.Client):
    """Comes again when others have tried too much from this address within the minute."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        give_up = monotonic() + PATIENCE_SECONDS
        while (answer := super().send(request, **options)).status_code == TOO_MANY:
            assert monotonic() < give_up
            Event().wait(PAUSE_SECONDS)
        return answer


@pytest.fixture(scope="module")
def joined(run: LeakRun) -> Joined:
    told = Joined()
    with Patient(base_url=run.machine.machine.url, timeout=60) as nobody:
        issue(run, told)
        join(nobody, told)
        enquire(nobody, told)
    run.machine.catch_up()
    run.machine.settle()
    return told


def issue(run: LeakRun, told: Joined) -> None:
    """Three invitations: one is used by form, one by program, one by nobody."""
    client = run.cast.client(COORDINATOR)

    def give(path: str, body: dict[str, Any]) -> Any:
        answer = client.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    agreement = signed_agreement(give)
    key = told.say("key under which links were made")
    headers = {"Idempotency-Key": key}
    path = f"/agreements/{agreement}/invitations"
    links = client.post(path, json={"count": 3}, headers=headers).json()["links"]
    for number, link in enumerate(links):
        token = link.partition("#")[2]
        told.invitations.append(token)
        told.secrets[f"token of invitation {number}"] = token.encode()


def join(nobody: httpx.Client, told: Joined) -> None:
    """By form and by program, each good and bad; whatever is refused repeats nothing."""
    by_form, by_program, _ = told.invitations
    fields = {
        "invitation": by_form,
        "name": told.say("name of who joined by form"),
        "email": told.say("mail of who joined by form", "{}@example.org"),
        "key": told.say("key of the form"),
    }
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert nobody.post("/join", data=fields, headers=ours).is_success
    body = {
        "invitation": by_program,
        "name": told.say("name of who joined by program"),
        "email": told.say("mail of who joined by program", "{}@example.org"),
    }
    answer = nobody.post("/api/v1/joining", json=body, headers={"Idempotency-Key": uuid4().hex})
    assert answer.is_success
    for wrong in (body, body | {"email": "none"}, body | {"more": body["name"]}):
        refused = nobody.post("/api/v1/joining", json=wrong)
        assert refused.is_client_error
        told.refused.append(refused.text + str(refused.headers))
    for query in (f"?{by_form}", f"?invitation={by_form}"):
        assert nobody.get(f"/join{query}").is_client_error


def enquire(nobody: httpx.Client, told: Joined) -> None:
    body = {
        "kind": "practitioner",
        "name": told.say("name of who asks"),
        "email": told.say("mail of who asks", "{}@example.org"),
        "words": told.say("what they ask"),
    }
    answer = nobody.post("/api/v1/enquiries", json=body)
    assert answer.is_success
    told.refused.append(answer.text + str(answer.headers))
    told.refused.append(nobody.post("/api/v1/enquiries", json=body | {"kind": "none"}).text)


def test_nothing_of_it_lies_in_tables_files_logs_or_the_write_ahead_log(
    run: LeakRun, joined: Joined
) -> None:
    searcher = plain(joined.secrets)
    hits = in_tables(searcher, run.machine.superuser_url)
    hits |= {hit for hit in in_files(searcher, run.machine.folder) if not is_mail_to_them(hit)}

    assert told_of(hits) == []


def is_mail_to_them(hit: Hit) -> bool:
    """Mail that waits to be read stands under the address it goes to."""
    return hit.name.startswith("mail of who joined") and "file mail/" in str(hit)


def test_nothing_of_it_is_repeated_by_a_refusal(joined: Joined) -> None:
    searcher = plain(joined.secrets)
    hits = {hit for each in joined.refused for hit in searcher.search("a refusal", each.encode())}

    assert told_of(hits) == []


def test_the_worker_never_held_any_of_it(run: LeakRun, joined: Joined) -> None:
    searcher = plain(joined.secrets)
    assert told_of(in_memory(searcher, run.machine.pids["work"], "work")) == []


def test_the_search_would_find_what_lies_open(run: LeakRun, joined: Joined) -> None:
    """The id of an invitation is in the open; its token is not to be had from it."""
    ids = {f"id {each}": str(Invitation.id_of(each)).encode() for each in joined.invitations}

    hits = in_tables(plain(ids), run.machine.superuser_url)
    assert {hit.name for hit in hits} == set(ids)


def told_of(hits: set[Hit]) -> list[str]:
    """What was found where, without what it says."""
    return [str(hit) for hit in sorted(hits)]

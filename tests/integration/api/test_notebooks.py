"""Notebooks over HTTP: what one participant may not do to the other, and who learns what."""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from api.participant import NotebookService, ParticipantClient, ParticipantFolder
from crypto.sealing import Audience
from domain.values import Role
from tests.match import Match, done, match, publish_notices
from tests.scheme import Scheme, Somebody

FIRST = {"epoch": 1, "position": 1, "audience": "shared"}
THREE_BYTES = {"sealed_entry": "AQUB", "wrapped_entry_key": "AQYB"}


class Pair:
    """Two matched people whose clients have made keys."""

    def __init__(self, scheme: Scheme, folder: Path) -> None:
        publish_notices(scheme)
        self.made: Match = match(scheme)
        self.relationship = self.made.relationship
        self.path = f"/relationships/{self.relationship}/notebook"
        self.mentee = client_of(self.made.mentee, folder)
        self.mentor = client_of(self.made.mentor, folder)
        self.mentee.make_keys()
        self.mentor.make_keys()

    def close(self) -> None:
        path = f"/relationships/{self.relationship}/closing"
        done(self.made.mentee.post(path, {"reason": "no_fault"}))


def client_of(person: Somebody, folder: Path) -> ParticipantClient:
    service = NotebookService(person.client)
    return ParticipantClient(ParticipantFolder(folder / str(person.id)), service)


def kind_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_a_partner_cannot_lock_one_out_of_ones_own_notes(scheme: Scheme, tmp_path: Path) -> None:
    pair = Pair(scheme, tmp_path)
    pair.mentee.write(pair.relationship, "my own words")
    pair.mentee.open_notebook(pair.relationship)

    refused = pair.made.mentor.post(
        pair.path + "/entries", {"id": str(uuid4()), **FIRST, **THREE_BYTES}
    )

    assert kind_of(refused) == (409, "wrong-size")
    assert [entry.text for entry in pair.mentee.read(pair.relationship)] == ["my own words"]


def test_after_the_end_nobody_writes_into_the_shared_notes_and_each_into_their_own(
    scheme: Scheme, tmp_path: Path
) -> None:
    pair = Pair(scheme, tmp_path)
    pair.mentee.write(pair.relationship, "for both", audience=Audience.SHARED)
    pair.close()

    refused = pair.made.mentor.post(
        pair.path + "/entries", {"id": str(uuid4()), **FIRST, **THREE_BYTES}
    )
    pair.mentor.write(pair.relationship, "for me")

    assert kind_of(refused) == (409, "already-closed")
    texts = [entry.text for entry in pair.mentor.read(pair.relationship)]
    assert texts == ["for me", "for both"]


def test_nobody_learns_who_exists_from_the_readers_of_an_epoch(
    scheme: Scheme, tmp_path: Path
) -> None:
    pair = Pair(scheme, tmp_path)
    stranger = scheme.person(Role.AUDITOR)

    def ask(person: UUID) -> tuple[int, str]:
        key_id = base64.b64encode(bytes(32)).decode()
        readers = [{"person": str(person), "key_id": key_id, "sealed_key": "AQQB"}]
        body = {"audience": "own", "number": 1, "statement": "AQMB", "readers": readers}
        return kind_of(pair.made.mentee.post(pair.path + "/epochs", body))

    assert ask(stranger.id) == ask(uuid4()) == (409, "wrong-readers")


def test_a_notebook_is_handed_out_page_by_page_from_either_end(
    scheme: Scheme, tmp_path: Path
) -> None:
    pair = Pair(scheme, tmp_path)
    for audience in Audience:
        for text in ("one", "two", "three"):
            pair.mentee.write(pair.relationship, text, audience=audience)

    first = done(pair.made.mentee.get(pair.path + "?limit=2"))
    last = done(pair.made.mentee.get(f"{pair.path}?limit=2&after={first['next_after']}"))

    places = [
        [(each["audience"], each["position"]) for each in page["entries"]] for page in (first, last)
    ]
    assert places == [
        [("own", 1), ("own", 2), ("shared", 1), ("shared", 2)],
        [("own", 3), ("shared", 3)],
    ]
    assert (first["next_after"], last["next_after"]) == (2, None)
    assert first["caller"] == str(pair.made.mentee.id)
    assert len(first["epochs"]) == len(last["epochs"]) == 2

    newest = done(pair.made.mentee.get(pair.path + "?limit=2&before_own=4294967295"))
    before = done(pair.made.mentee.get(pair.path + "?limit=2&before_own=2&before_shared=3"))
    backwards = [
        [(each["audience"], each["position"]) for each in page["entries"]]
        for page in (newest, before)
    ]
    assert backwards == [
        [("own", 2), ("own", 3), ("shared", 2), ("shared", 3)],
        [("own", 1), ("shared", 1), ("shared", 2)],
    ]
    assert newest["next_after"] is before["next_after"] is None

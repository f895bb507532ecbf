"""A participant's folder and client: what they keep, to whom they show it, and what they do alone."""

import json
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from api.participant import (
    FolderIsDamaged,
    FolderIsOpenToOthers,
    NoKeysYet,
    NoPartnerYet,
    NoSuchOwnEntry,
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    ServiceNotReached,
    ServiceRefused,
    connect,
)
from crypto.sealing import Audience, Kind
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.keeper import Keeper


def test_a_folder_is_for_its_owner_alone(pair: PairOfClients) -> None:
    pair.mentee.write(pair.relationship, "one", audience=Audience.SHARED)
    folder = pair.folder / "mentee"
    files = list(folder.iterdir())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {file.name for file in files} == {"identity.key", f"seen-{pair.relationship}.json"}


@pytest.mark.parametrize("name", ["", "identity.key"])
def test_a_folder_that_others_can_read_is_refused(pair: PairOfClients, name: str) -> None:
    (pair.folder / "mentee" / name).chmod(0o750)
    with pytest.raises(FolderIsOpenToOthers):
        pair.client("mentee").read(pair.relationship)


def test_a_damaged_folder_says_so(pair: PairOfClients) -> None:
    identity = pair.folder / "mentee" / "identity.key"
    identity.write_bytes(identity.read_bytes()[:-1] + b"x")
    with pytest.raises(FolderIsDamaged):
        pair.mentee.read(pair.relationship)


def test_a_damaged_memory_says_so_rather_than_forgetting(written: PairOfClients) -> None:
    memory = written.folder / "mentee" / f"seen-{written.relationship}.json"
    memory.write_text("{")
    with pytest.raises(FolderIsDamaged):
        written.mentee.read(written.relationship)


def test_a_client_without_keys_reads_nothing(keeper: Keeper, tmp_path: Path) -> None:
    service = NotebookService(keeper.http_for(keeper.mentee))
    client = ParticipantClient(ParticipantFolder(tmp_path / "new"), service)
    with pytest.raises(NoKeysYet):
        client.read(keeper.relationship)


def test_keys_are_made_once(pair: PairOfClients) -> None:
    words = pair.mentee.my_words()
    assert pair.client("mentee").make_keys() == words
    assert len(pair.keeper.keys[pair.keeper.mentee]) == 1


def test_what_was_written_opens_from_the_same_folder_after_a_restart(
    written: PairOfClients,
) -> None:
    texts = [entry.text for entry in written.client("mentor").read(written.relationship)]
    assert texts == ["one", "two", "three"]


def test_own_entries_open_for_their_author_alone(written: PairOfClients) -> None:
    texts = [entry.text for entry in written.mentee.read(written.relationship)]
    assert texts == ["own one", "own two", "one", "two", "three"]
    audiences = {entry.audience for entry in written.mentor.read(written.relationship)}
    assert audiences == {Audience.SHARED}


def test_a_kind_is_known_to_readers_only(pair: PairOfClients) -> None:
    pair.mentee.write(pair.relationship, "go far", kind=Kind.GOAL, audience=Audience.SHARED)
    (entry,) = pair.mentor.read(pair.relationship)
    assert (entry.kind, entry.is_mine) == (Kind.GOAL, False)
    assert "go far" not in repr(entry)


def test_nothing_is_shared_before_there_is_a_partner_with_keys(
    keeper: Keeper, tmp_path: Path
) -> None:
    client = ParticipantClient(
        ParticipantFolder(tmp_path / "mentee"), NotebookService(keeper.http_for(keeper.mentee))
    )
    client.make_keys()
    client.open_notebook(keeper.relationship)
    assert client.others_words(keeper.relationship) == []
    with pytest.raises(NoPartnerYet):
        client.write(keeper.relationship, "one", audience=Audience.SHARED)


def test_only_an_own_entry_that_still_opens_is_shared(written: PairOfClients) -> None:
    own, shared = (written.mentee.read(written.relationship)[at] for at in (0, 2))
    written.mentee.destroy(written.relationship, own.id)
    for entry in (own.id, shared.id, uuid4()):
        with pytest.raises(NoSuchOwnEntry):
            written.mentee.share(written.relationship, entry)


def test_an_entry_whose_place_is_taken_meanwhile_is_sealed_anew(written: PairOfClients) -> None:
    """The mentor's entry arrives after the mentee's client has read and before it hands in."""
    append, raced = NotebookService.append, []

    class Raced(NotebookService):
        def append(self, relationship: object, entry: object) -> None:
            if not raced:
                raced.append(
                    written.mentor.write(written.relationship, "four", audience=Audience.SHARED)
                )
            append(self, relationship, entry)  # type: ignore[arg-type]  # - handed on as it came

    folder = ParticipantFolder(written.folder / "mentee")
    mentee = ParticipantClient(folder, Raced(written.keeper.http_for(written.keeper.mentee)))
    mentee.write(written.relationship, "five", audience=Audience.SHARED)

    texts = [entry.text for entry in mentee.read(written.relationship)]
    assert texts[-2:] == ["four", "five"]


def test_what_a_client_remembers_is_no_text(written: PairOfClients) -> None:
    memory = written.folder / "mentee" / f"seen-{written.relationship}.json"
    assert set(json.loads(memory.read_text())) == {
        "my_person",
        "partner",
        "own",
        "shared",
        "further",
    }
    assert "own one" not in memory.read_text()


def test_a_service_that_refuses_says_why(written: PairOfClients) -> None:
    with pytest.raises(ServiceRefused, match="Refused"):
        written.mentee.destroy(written.relationship, uuid4())


def test_a_service_that_is_away_is_said_to_be(pair: PairOfClients) -> None:
    folder = ParticipantFolder(pair.folder / "mentee")
    with pytest.raises(ServiceNotReached):
        ParticipantClient(folder, connect("http://127.0.0.1:9", "token")).make_keys()

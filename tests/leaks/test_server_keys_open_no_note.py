"""With the database, every key file and the logs in one hand, all opens but the notes; their second locks too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.sealing import (
    Audience,
    ExpectedEpoch,
    Identity,
    NotebookKey,
    SealedEntry,
    SealingError,
    Secret,
    Strand,
    open_entry,
    open_grant,
    read_header,
)
from crypto.sealing.statement import Statement
from domain.notebook import Notebook
from tests.leaks.attacker import Loot, plundered
from tests.leaks.places import in_files, in_memory, in_tables
from tests.leaks.run import NOTE, LeakRun, plain
from tests.leaks.searching import Hit, Searcher, secret_needles

WRITERS = ("amara", "grace")


@dataclass(frozen=True)
class StolenNote:
    """An entry as the server keeps it."""

    strand: Strand
    sealed: SealedEntry

    @property
    def texts(self) -> tuple[bytes, ...]:
        """Its ciphertexts with what each is bound to left out: entry body, wrapped key."""
        return self.sealed.entry[188:-64], self.sealed.wrapped_key[3:]


@pytest.fixture(scope="module")
def loot(run: LeakRun) -> Loot:
    return plundered(run.machine.superuser_url, run.machine.machine.key_files)


@pytest.fixture(scope="module")
def notes(run: LeakRun, loot: Loot) -> list[StolenNote]:
    notebook = Notebook.id_of(run.story.relationships["amara"])
    return [
        StolenNote(
            Strand(notebook, Audience[each["audience"].upper()]),
            SealedEntry(each["sealed_entry"], loot.opened_field(each["locked_entry_key"])),
        )
        for each in loot.of_topic(Notebook.EntryKept.TOPIC)
        if loot.opens(each["locked_entry_key"])
    ]


@pytest.fixture(scope="module")
def devices(run: LeakRun) -> dict[bytes, Identity]:
    """The participants' own keys, which the attacker does not have."""
    folders = [run.cast.folder(who) for who in WRITERS]
    found = [key for each in folders for key in (each.identity(), *each.earlier_identities())]
    return {each.public.key_id: each for each in found}


@pytest.fixture(scope="module")
def notebook_keys(run: LeakRun, loot: Loot, devices: dict[bytes, Identity]) -> list[NotebookKey]:
    """Every notebook key, as a device opens it from what was stolen."""
    notebook = Notebook.id_of(run.story.relationships["amara"])
    return [_opened_by(devices, notebook, statement, loot) for statement in _statements(loot)]


def _statements(loot: Loot) -> Iterator[bytes]:
    for each in loot.of_topic(Notebook.EpochOpened.TOPIC):
        yield each["statement"]


def _opened_by(
    devices: Mapping[bytes, Identity], notebook: UUID, statement: bytes, loot: Loot
) -> NotebookKey:
    said = Statement.from_bytes(statement)
    granter, readers = devices[said.granter], [devices[each].public for each in said.readers]
    expected = ExpectedEpoch(said.strand, granter.public, readers, joined_at=said.epoch)
    for each in loot.of_topic(Notebook.KeyEntrusted.TOPIC):
        sealed_key = loot.opened_field(each["locked_key"])
        try:
            return open_grant(statement, sealed_key, reader=granter, expected=expected)
        except SealingError:
            continue
    raise AssertionError(notebook)


def test_the_attacker_opens_what_the_service_can_open(run: LeakRun, loot: Loot) -> None:
    """Or else finding no note would prove nothing."""
    assert len(loot.secrets) > 50
    assert len(loot.states) > 100
    found = {hit.name for hit in run.searcher.search("loot", b"\n".join(loot.opened))}
    assert {"name of amara", "words of grace"} <= found


def test_nothing_that_the_attacker_opens_holds_a_note(run: LeakRun, loot: Loot) -> None:
    found = run.searcher.search("loot", b"\n".join(loot.opened))
    assert {hit.name for hit in found if hit.name.startswith(NOTE)} == set()


def test_the_attacker_takes_every_second_lock_off(loot: Loot) -> None:
    """What is under them is still sealed to the participants."""
    passed_on = loot.of_topic(Notebook.KeyPassedOn.TOPIC)
    granted = loot.of_topic(Notebook.KeyEntrusted.TOPIC)
    assert (len(granted) >= 4, len(passed_on) >= 1) == (True, True)
    locked = [each["locked_key"] for each in (*granted, *passed_on)]
    assert {len(loot.opened_field(each)) for each in locked} == {1171}


def test_what_was_destroyed_lies_under_a_lock_that_nobody_takes_off(
    loot: Loot, notes: list[StolenNote]
) -> None:
    destroyed = loot.of_topic(Notebook.EntryDestroyed.TOPIC)
    assert len(loot.of_topic(Notebook.EntryKept.TOPIC)) - len(notes) == len(destroyed) >= 1


def test_the_attacker_has_the_sealed_notes_and_a_device_would_open_them(
    run: LeakRun, notes: list[StolenNote], notebook_keys: list[NotebookKey]
) -> None:
    texts = [_opened(note, key) for note in notes for key in notebook_keys]
    read = run.searcher.search("a device", "\n".join(filter(None, texts)).encode())
    assert len([text for text in texts if text]) == len(notes) >= 4
    assert len({hit.name for hit in read if hit.name.startswith(NOTE)}) >= 4


def _opened(note: StolenNote, key: NotebookKey) -> str | None:
    try:
        slot = read_header(note.sealed.entry).slot
        return open_entry(note.sealed, slot, notebook_key=key).body.text
    except SealingError:
        return None


def test_no_key_of_the_server_opens_a_note_in_any_part(
    run: LeakRun, loot: Loot, notes: list[StolenNote], notebook_keys: list[NotebookKey]
) -> None:
    """Each tried as a notebook key, as what wraps an entry key, and as what seals a body."""
    keys = [*loot.secrets.values(), *run.keks.values()]
    epochs = [each.epoch for each in notebook_keys]
    for secret in keys:
        for note in notes:
            tried = [_opened(note, NotebookKey(epoch, Secret(secret))) for epoch in epochs]
            assert tried == [None] * len(epochs)
            assert not any(_decrypts(secret, text, note) for text in note.texts)


def _decrypts(secret: bytes, sealed: bytes, note: StolenNote) -> bool:
    header = note.sealed.entry[:156]
    for bound in (header, b"", None):
        try:
            AESGCM(secret).decrypt(sealed[:12], sealed[12:], bound)
        except InvalidTag:
            continue
        return True
    return False


def test_no_key_of_the_server_is_a_readers_private_key(
    run: LeakRun, loot: Loot, devices: dict[bytes, Identity]
) -> None:
    for secret in {*loot.secrets.values(), *run.keks.values()}:
        assert Identity(Secret(secret), Secret(secret)).public.hpke_public not in {
            each.public.hpke_public for each in devices.values()
        }


@pytest.fixture(scope="module")
def participants_keys(
    run: LeakRun, devices: dict[bytes, Identity], notebook_keys: list[NotebookKey]
) -> dict[str, bytes]:
    """Whatever would open a note: keys, and what unlocks the vaults that they are kept in."""
    keys: dict[str, bytes] = {}
    for number, identity in enumerate(devices.values()):
        keys[f"HPKE seed {number}"] = identity.hpke_seed.reveal()
        keys[f"signing seed {number}"] = identity.signing_seed.reveal()
    keys |= run.story.own_devices.secrets
    for number, key in enumerate(notebook_keys):
        keys[f"notebook key {number}"] = key.secret.reveal()
        keys[f"wrapping key {number}"] = key.wrapping_key().reveal()
    return keys


def test_what_opens_a_note_lies_nowhere_on_the_server(
    run: LeakRun, loot: Loot, participants_keys: dict[str, bytes]
) -> None:
    assert len(participants_keys) >= 6 + 2 * 3 + 3 * 8
    everywhere = plain(participants_keys)
    hits = everywhere.search("loot", b"\n".join(loot.opened) + b"".join(loot.secrets.values()))
    hits |= everywhere.search("a response", run.heard)
    hits |= in_tables(everywhere, run.machine.superuser_url)
    hits |= in_files(everywhere, run.machine.logs)
    hits |= in_files(as_they_are(participants_keys), run.machine.folder)
    hits |= in_memory(as_they_are(participants_keys), run.machine.pids["serve"], "serve")
    assert told(hits) == []


def as_they_are(keys: Mapping[str, bytes]) -> Searcher:
    """Without the armour, where there is much to search."""
    return Searcher(each for each in secret_needles(keys) if each.form == "plain bytes")


def told(hits: set[Hit]) -> list[Any]:
    return [str(hit) for hit in sorted(hits)]

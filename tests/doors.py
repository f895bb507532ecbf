"""Every door through which stored or received bytes come in: what goes through it, and which errors may come back.

A door answers, or raises one of our named errors that repeats nothing of what it was given. Whatever it answers to bytes
that are not the good ones is checked by the door's own rule.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from api.erasing.journal import Journal, JournalIsDamaged
from api.participant import ParticipantFolder
from api.participant.errors import FolderIsDamaged
from api.participant.memory import Memory
from crypto.envelope import SMALLEST_FIELD, DataKey, event_place, pad, place, unpad
from crypto.errors import KeyFileIsDamaged, Tampered
from crypto.kms.local import LocalKeyService, make_key_file
from crypto.sealing.identity import new_identity
from tests.door import NOTEBOOK, SECRET, Door
from tests.note_doors import note_doors


def doors(folder: Path) -> list[Door]:
    """All of them; the folder is for those that read files."""
    return [*_envelopes(), *_key_files(folder), *_journals(folder), *_kept(folder), *note_doors()]


def _envelopes() -> Iterator[Door]:
    key, secret = DataKey(bytes(range(32))), bytes(range(100, 132))
    here = event_place(UUID(int=1), 3, "place.taken")
    there = place("data-key", b"personal", UUID(int=2).bytes)
    told = (SECRET, bytes(range(32)), secret)
    yield Door(
        "an envelope",
        key.seal(SECRET, here),
        lambda data: key.open(data, here, record="event 3"),
        (Tampered,),
        told,
    )
    yield Door(
        "padding",
        pad(SECRET, SMALLEST_FIELD),
        lambda data: unpad(data, record="event 3"),
        (Tampered,),
        told,
        lambda data, text: data == text + b"\x80" + bytes(len(data) - len(text) - 1),
    )
    yield Door(
        "a wrapped data key",
        key.seal(secret, there),
        lambda data: DataKey(key.open(data, there, record="key 2")),
        (Tampered,),
        told,
    )
    yield Door("a data key", secret, DataKey, (Tampered,), told, lambda data, _: len(data) == 32)


def _key_files(folder: Path) -> Iterator[Door]:
    kek = folder / "kek.json"
    make_key_file(kek, "personal")
    content = kek.read_bytes()
    yield Door(
        "a local key file",
        content,
        lambda data: _written(kek, data) and LocalKeyService({"personal": kek}),
        (KeyFileIsDamaged,),
        (content[-40:],),
        lambda _, service: service.compartments() == {"personal"},
    )


def _journals(folder: Path) -> Iterator[Door]:
    log = folder / "journal"
    journal = Journal(log)
    for erasure in (1, 2):
        journal.add(UUID(int=erasure), UUID(int=3), (UUID(int=4), UUID(int=5)))
    kept_lines = journal.lines()
    yield Door(
        "a journal of erasures",
        log.read_bytes(),
        lambda data: _written(log, data) and journal.lines(),
        (JournalIsDamaged,),
        (),
        # A cut is taken for that of a kill, and nothing speaks for the last line yet.
        lambda _, lines: lines[:-1] == kept_lines[: len(lines[:-1])],
    )


def _kept(folder: Path) -> Iterator[Door]:
    kept = ParticipantFolder(folder / "mentee")
    identity, seen = folder / "mentee" / "identity.key", folder / "mentee" / f"seen-{NOTEBOOK}.json"
    me = new_identity()
    kept.keep_identity(me)
    kept.remember(NOTEBOOK, Memory())
    yield Door(
        "a kept identity",
        identity.read_bytes(),
        lambda data: _written(identity, data) and kept.identity(),
        (FolderIsDamaged,),
        (me.hpke_seed.reveal(), me.signing_seed.reveal()),
        lambda data, identity: identity.to_bytes() == data,
    )
    yield Door(
        "a kept memory",
        seen.read_bytes(),
        lambda data: _written(seen, data) and kept.memory(NOTEBOOK),
        (FolderIsDamaged,),
        (),
        lambda _, memory: isinstance(memory, Memory),
    )


def _written(path: Path, data: bytes) -> bool:
    path.write_bytes(data)
    return True


def all_doors() -> list[Door]:
    """The doors, over a folder that goes with the process."""
    folder = tempfile.TemporaryDirectory(prefix="vouchsafe-doors-")
    KEPT.append(folder)
    return doors(Path(folder.name))


KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Folders that are taken away when the process ends."""

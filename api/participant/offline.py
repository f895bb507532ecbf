"""The command `vouchsafe open`: reads an exported folder or ZIP with the participant's own keys, and no service."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import typer

from api.participant.client import ParticipantClient
from api.participant.errors import ParticipantError
from api.participant.export import Export
from api.participant.folder import ParticipantFolder
from api.participant.keeping import VaultKeeping
from api.participant.memory import Memory, OtherMemory
from api.participant.notebook import Reading
from api.participant.terminal import ask_for_code, complain, console, say_entries
from crypto.sealing import RecoveryCode, SealingError


def open_export(path: Path, folder: Path | None) -> None:
    """Print every notebook of an export, by the keys of a folder or a recovery code that is asked for.

    A refusal is said in a sentence; what is wrong with shared notes is said after all that can be read.
    """
    try:
        # Each is said, also after one that is not whole.
        told = [_say(relationship, reading) for relationship, reading in _read(path, folder)]
    except (ParticipantError, SealingError) as refusal:
        complain(str(refusal), refusal)
        sys.exit(1)
    if not all(told):
        raise typer.Exit(1)


def _say(relationship: UUID, reading: Reading) -> bool:
    console.print(f"== {relationship}\n")
    return say_entries(reading)


def _read(path: Path, folder: Path | None) -> Iterator[tuple[UUID, Reading]]:
    export = Export.read(path)
    known = ParticipantFolder(folder) if folder else None
    with _folder_for_one_reading() as fresh:
        _bring_keys(export, known, fresh)
        client = ParticipantClient(fresh, export.service())
        for relationship in export.relationships:
            _believe_who_takes_part(export, relationship, fresh)
            yield relationship, client.read(relationship)


def _believe_who_takes_part(export: Export, relationship: UUID, fresh: ParticipantFolder) -> None:
    """Nothing is sealed to anybody here, so a group whose words nobody compared is read as the export shows it."""
    shown, memory = export.service().notebook(relationship), fresh.memory(relationship)
    if not memory.others:
        others = [each for each in shown.participants if each.person != shown.caller]
        known = [(each.person, each.current) for each in others]
        seen = tuple(OtherMemory(who, (keys.to_bytes(),)) for who, keys in known if keys)
        fresh.remember(relationship, memory.with_others(seen))


@contextmanager
def _folder_for_one_reading() -> Iterator[ParticipantFolder]:
    """What the participant's own folder remembers is newer than an export may be, so it is not asked."""
    with TemporaryDirectory(prefix="vouchsafe-open-") as folder:
        yield ParticipantFolder(Path(folder))


def _bring_keys(export: Export, known: ParticipantFolder | None, fresh: ParticipantFolder) -> None:
    if known is None or not known.has_identity:
        code: RecoveryCode = ask_for_code()
        VaultKeeping(fresh, export.service()).recover(code)
        return
    fresh.keep_identity(known.identity())
    for each in known.earlier_identities():
        fresh.keep_earlier(each)
    for relationship in export.relationships:
        seen = known.memory(relationship)
        fresh.remember(relationship, Memory(seen.my_person).with_others(seen.others))

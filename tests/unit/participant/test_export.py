"""An export opens without the service, by a folder or a code; a damaged or lying one shows no more than the truth."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import typer

from api.participant import (
    Audience,
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    VaultKeeping,
)
from api.participant.errors import ExportIsDamaged, ExportIsOfAnotherVersion
from api.participant.export import Export
from api.participant.offline import open_export
from api.records.export import FOLDER, File, packed
from crypto.sealing import RecoveryCode
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.test_hostile_service import (
    Lie,
    alters_an_entry,
    changes_the_partners_key,
    drops_the_newest_entry,
)


class Exported:
    """A mentee's notebook with a vault, and the export of both."""

    def __init__(self, pair: PairOfClients, folder: Path) -> None:
        self.pair, self.folder = pair, folder
        self.keys = folder / "mentee"
        self.codes: list[RecoveryCode] = []
        service = NotebookService(pair.keeper.http_for(pair.keeper.mentee))
        VaultKeeping(ParticipantFolder(self.keys), service).begin(self.codes.append)
        pair.mentee.write(pair.relationship, "own one")
        pair.mentee.write(pair.relationship, "one", audience=Audience.SHARED)
        pair.mentor.write(pair.relationship, "two", audience=Audience.SHARED)
        pair.mentee.read(pair.relationship)

    def files(self) -> Iterator[File]:
        http = self.pair.keeper.http_for(self.pair.keeper.mentee)
        yield "person.json", b"{}"
        yield "public-keys.json", b"{}"
        yield "vault.json", http.get("/me/vault").content
        notebook, after = f"/relationships/{self.pair.relationship}/notebook", 0
        while after is not None:
            page = http.get(f"{notebook}?after={after}").content
            yield f"notebooks/{self.pair.relationship}/{after}.json", page
            after = json.loads(page)["next_after"]

    def export(self, name: str = "export.zip") -> Path:
        path = self.folder / name
        with packed(self.files) as bag:
            path.write_bytes(bag.read())
        return path


@pytest.fixture
def exported(pair: PairOfClients, tmp_path: Path) -> Exported:
    return Exported(pair, tmp_path)


def test_an_export_opens_by_the_keys_of_a_folder(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.pair.keeper.page_size = 1
    open_export(exported.export(), exported.keys)
    said = capsys.readouterr().out
    assert said.startswith(f"== {exported.pair.relationship}\n")
    assert [line for line in said.splitlines() if line in {"own one", "one", "two"}] == [
        "own one",
        "one",
        "two",
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_an_export_opens_by_either_recovery_code_and_nothing_else(
    exported: Exported,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(exported.codes[number].reveal() + "\n"))
    open_export(exported.export(), None)
    assert "\nown one\n" in capsys.readouterr().out


def test_an_unpacked_export_opens_too(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    unpacked = exported.folder / "unpacked"
    with ZipFile(exported.export()) as bag:
        bag.extractall(unpacked)
    for path in (unpacked, unpacked / FOLDER):
        open_export(path, exported.keys)
        assert "\ntwo\n" in capsys.readouterr().out


def test_an_older_export_stays_readable_and_the_folder_forgets_nothing(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    older, relationship = exported.export(), exported.pair.relationship
    exported.pair.mentor.write(relationship, "three", audience=Audience.SHARED)
    exported.pair.mentee.read(relationship)
    before = ParticipantFolder(exported.keys).memory(relationship)

    open_export(older, exported.keys)

    assert "\ntwo\n" in capsys.readouterr().out
    assert ParticipantFolder(exported.keys).memory(relationship) == before


LIES: list[tuple[Lie, str]] = [
    (changes_the_partners_key, "Your partner's keys have changed"),
    (alters_an_entry, "does not carry its author's signature"),
]


@pytest.mark.parametrize(("lie", "said"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_what_an_export_is_lied_about_is_said(
    exported: Exported, capsys: pytest.CaptureFixture[str], lie: Lie, said: str
) -> None:
    exported.pair.keeper.lie = lie
    with pytest.raises(typer.Exit):
        open_export(exported.export(), exported.keys)
    shown = capsys.readouterr()
    assert "\nown one\n" in shown.out
    assert said in shown.err


def test_a_shortened_export_is_read_as_the_older_one_that_it_could_be(
    exported: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.pair.keeper.lie = drops_the_newest_entry
    open_export(exported.export(), exported.keys)
    assert "\ntwo\n" not in capsys.readouterr().out


def with_changed(path: Path, change: Any) -> Path:
    """The bag with its files changed; the manifest stays as it was."""
    with ZipFile(path) as bag:
        files = {name: bag.read(name) for name in bag.namelist()}
    change(files)
    changed = path.with_name("changed.zip")
    with ZipFile(changed, "w") as bag:
        for name, content in files.items():
            bag.writestr(name, content)
    return changed


DAMAGE = {
    "alters a file": lambda files: files.update({f"{FOLDER}/data/vault.json": b"{}"}),
    "drops a file": lambda files: files.pop(f"{FOLDER}/data/person.json"),
    "drops the manifest": lambda files: files.pop(f"{FOLDER}/manifest-sha256.txt"),
    "empties the manifest": lambda files: files.update({f"{FOLDER}/manifest-sha256.txt": b""}),
    "writes rubbish": lambda files: files.update({f"{FOLDER}/manifest-sha256.txt": b"\xff\xfe"}),
    "adds a file": lambda files: files.update({f"{FOLDER}/data/more.json": b"{}"}),
    "adds a file elsewhere": lambda files: files.update({f"{FOLDER}/../x": b""}),
    "adds a file outside": lambda files: files.update({"evil.sh": b""}),
    "goes up": lambda files: files.update({"../evil.sh": b""}),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_export_is_refused_before_any_key_is_asked_for(
    exported: Exported, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    path = with_changed(exported.export(), DAMAGE[damage])
    with pytest.raises(ExportIsDamaged):
        Export.read(path)
    with pytest.raises(SystemExit):
        open_export(path, exported.keys)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("This is no export of notes")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", b"\x00" * 100])
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(ExportIsDamaged):
        Export.read(path)
    with pytest.raises(ExportIsDamaged):
        Export.read(tmp_path / "nowhere.zip")


def test_every_byte_of_a_cut_export_counts(exported: Exported) -> None:
    whole = exported.export().read_bytes()
    cut = exported.folder / "cut.zip"
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        cut.write_bytes(whole[:length])
        with pytest.raises(ExportIsDamaged):
            Export.read(cut)


def test_links_in_an_unpacked_export_are_refused(exported: Exported) -> None:
    unpacked = exported.folder / "unpacked"
    with ZipFile(exported.export()) as bag:
        bag.extractall(unpacked)
    person = unpacked / FOLDER / "data" / "person.json"
    kept = exported.folder / "elsewhere.json"
    person.rename(kept)
    person.symlink_to(kept)
    with pytest.raises(ExportIsDamaged):
        Export.read(unpacked)


@pytest.mark.parametrize("said", ["vouchsafe-export/2", "anything", ""])
def test_an_export_of_another_version_is_refused(exported: Exported, said: str) -> None:
    folder = exported.folder / "unpacked"
    with ZipFile(exported.export()) as bag:
        bag.extractall(folder)
    info = folder / FOLDER / "bag-info.txt"
    info.write_text(info.read_text("utf-8").replace("vouchsafe-export/1", said), "utf-8")
    with pytest.raises(ExportIsOfAnotherVersion):
        Export.read(folder)


def test_a_group_is_read_from_an_export_before_any_words_were_compared(
    exported: Exported, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, relationship = exported.pair.keeper, exported.pair.relationship
    joy = keeper.join()
    keys = ParticipantFolder(exported.folder / "joy")
    client = ParticipantClient(keys, NotebookService(keeper.http_for(joy)))
    words = client.make_keys()
    exported.pair.mentor.accept_keys(relationship, words)
    exported.pair.mentor.write(relationship, "welcome", audience=Audience.SHARED)
    path = exported.export()
    monkeypatch.setattr("sys.stdin", io.StringIO(exported.codes[0].reveal() + "\n"))
    open_export(path, None)
    assert "welcome" in capsys.readouterr().out

"""One's own notes taken away over HTTP: a bag that opens without the service, and holds nobody else's."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.participant import (
    Audience,
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    VaultKeeping,
)
from api.participant.offline import open_export
from api.records.export import FOLDER
from domain.values import Role
from tests.databases import fresh_database
from tests.match import done, match, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on

TEXTS = ("Marmalade-gantry", "Cobalt-thicket", "Quillwort-ledger")


def client_of(person: Somebody, folder: Path) -> ParticipantClient:
    keys = ParticipantFolder(folder / str(person.id))
    service = NotebookService(person.client)
    VaultKeeping(keys, service).begin(lambda _: None)
    return ParticipantClient(keys, service)


def names_in(answer: Any) -> set[str]:
    with ZipFile(io.BytesIO(answer.content)) as bag:
        assert bag.testzip() is None
        return {name.removeprefix(f"{FOLDER}/") for name in bag.namelist()}


@pytest.fixture(scope="module")
def scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    folder = tmp_path_factory.mktemp("exporting")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as running,
    ):
        publish_notices(running)
        yield running


def caught_up(scheme: Scheme) -> None:
    position = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for("participation", position, 60.0)


def test_each_takes_away_what_they_may_read_and_opens_it_without_the_service(
    scheme: Scheme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = match(scheme)
    match(scheme)
    mentee, mentor = (client_of(each, tmp_path) for each in (made.mentee, made.mentor))
    own, shared, mentors = TEXTS
    mentee.write(made.relationship, own)
    mentee.write(made.relationship, shared, audience=Audience.SHARED)
    mentor.write(made.relationship, mentors)
    caught_up(scheme)

    for person, readable in ((made.mentee, {own, shared}), (made.mentor, {shared, mentors})):
        answer = person.get("/me/export")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Cache-Control"] == "no-store"
        assert f"data/notebooks/{made.relationship}/0.json" in names_in(answer)
        assert len([each for each in names_in(answer) if "notebooks" in each]) == 1
        assert not any(text.encode() in answer.content for text in TEXTS)
        exported = tmp_path / f"{person.role}.zip"
        exported.write_bytes(answer.content)
        open_export(exported, tmp_path / str(person.id))
        said = capsys.readouterr().out
        assert {text for text in TEXTS if text in said} == readable


def test_who_has_nothing_takes_an_empty_bag_away(scheme: Scheme) -> None:
    mentee = scheme.person(Role.MENTEE)
    caught_up(scheme)
    answer = mentee.get("/me/export")
    assert names_in(answer) == {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "data/person.json",
        "data/public-keys.json",
        "data/vault.json",
    }


def test_notes_can_be_taken_away_after_the_end(scheme: Scheme, tmp_path: Path) -> None:
    made = match(scheme)
    client_of(made.mentor, tmp_path).write(made.relationship, TEXTS[0])
    closing = f"/relationships/{made.relationship}/closing"
    done(made.mentee.post(closing, {"reason": "no_fault"}))
    caught_up(scheme)
    assert f"data/notebooks/{made.relationship}/0.json" in names_in(made.mentor.get("/me/export"))

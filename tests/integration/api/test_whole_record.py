"""One's whole record taken away: all of it, nobody else's, and held against validators that nobody here wrote."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import bagit
import html5lib
import pytest
from jsonschema import Draft202012Validator

from api.embedded_postgres import EmbeddedPostgres
from api.participant import (
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    VaultKeeping,
)
from api.participant.offline import open_export
from api.records import whole_record
from api.records.export import FOLDER
from api.records.record_sheets import SHEETS
from domain.values import Role
from tests.databases import fresh_database
from tests.match import Match, done, give_consent, match, propose, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on

PATIENCE_SECONDS = 60.0
MINE = {
    "themes": "Zinnober-wish",
    "needs": "Zinnober-needs",
    "decline": "Zinnober-no",
    "concern": "Zinnober-worry",
    "request": "Zinnober-request",
    "piece": '=Zinnober-piece <b>"</b>',
    "profile": "Zinnober-profile",
}
THEIRS = "Quendel-of-the-coordinator"
NOTE = "Marmalade-gantry"
SHEET_NAMES = {"words", "left-out", *(each.name for each in SHEETS)}


@dataclass(frozen=True)
class Told:
    """A pair, and what the mentee was handed of themselves."""

    scheme: Scheme
    pair: Match
    files: dict[str, bytes]
    unpacked: Path

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        found = json.loads(self.files[f"data/record/{sheet}.json"])["rows"]
        assert isinstance(found, list)
        return found

    def words(self, what: str) -> list[Any]:
        return [each["said"] for each in self.rows("words") if each["what"] == what]


def taken(scheme: Scheme, person: Somebody) -> Any:
    newest = scheme.parts.recorder.max_notification_id() or 0
    for name in (*whole_record.SEEN_IN, "participation"):
        scheme.app.state.reader.wait_for(name, newest, PATIENCE_SECONDS)
    answer = person.get("/me/record")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def files_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as bag:
        return {name.removeprefix(f"{FOLDER}/"): bag.read(name) for name in bag.namelist()}


@pytest.fixture(scope="module")
def scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    folder = tmp_path_factory.mktemp("whole-record")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder) as running,
    ):
        publish_notices(running)
        yield running


@pytest.fixture(scope="module")
def told(scheme: Scheme, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("told")
    pair = match(scheme, words=MINE["themes"])
    mentee, path = pair.mentee, f"/relationships/{pair.relationship}"
    folder_of_keys = ParticipantFolder(folder / str(mentee.id))
    service = NotebookService(mentee.client)
    VaultKeeping(folder_of_keys, service).begin(lambda _: None)
    ParticipantClient(folder_of_keys, service).write(pair.relationship, NOTE)
    give_consent(mentee, "share_profile")
    done(mentee.put("/me/shared-profile", {"display_name": "Zoë", "words": MINE["profile"]}))
    raised = {"category": "conduct", "desk": "coordinator", "words": MINE["concern"]}
    done(mentee.post("/me/concerns", raised))
    done(mentee.post("/me/rights-requests", {"kind": "access", "words": MINE["request"]}))
    piece = {"kind": "course", "title": MINE["piece"], "done_on": "2026-03-02"}
    done(mentee.post("/me/cpd/pieces", piece | {"about": "About.", "learned": "Learned."}))
    done(mentee.put("/me/preferences", {"employer": "Borough of Elsewhere"}))
    conflict = {"with_person": str(scheme.person(Role.MENTOR).id), "words": THEIRS}
    done(pair.coordinator.post(f"{path}/conflicts", conflict))
    content = taken(scheme, mentee).content
    (folder / "bag.zip").write_bytes(content)
    with ZipFile(io.BytesIO(content)) as bag:
        bag.extractall(folder)
    return Told(scheme, pair, files_of(content), folder)


def test_it_is_a_bag_that_a_tool_for_bags_finds_whole(told: Told) -> None:
    bagit.Bag(str(told.unpacked / FOLDER)).validate()


@pytest.mark.parametrize("sheet", sorted(SHEET_NAMES))
def test_each_sheet_is_what_its_schema_says(told: Told, sheet: str) -> None:
    schema = json.loads(told.files[f"data/record/{sheet}.schema.json"])
    document = json.loads(told.files[f"data/record/{sheet}.json"])

    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(checker.iter_errors(document)) == []
    assert list(checker.iter_errors(document | {"more": 1})) != []
    text = told.files[f"data/record/{sheet}.csv"].decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert len(rows) == len(document["rows"])
    assert all(len(row) == len(head) for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_page_is_html_by_the_letter(told: Told) -> None:
    page = told.files["data/record/index.html"].decode()

    html5lib.HTMLParser(strict=True).parse(page)
    assert "&lt;b&gt;" in page
    assert "<script" not in page
    assert "//" not in page.replace("</", "")
    with pytest.raises(html5lib.html5parser.ParseError):
        html5lib.HTMLParser(strict=True).parse(page.replace("</dl>", "</span>", 1))


def test_consents_stand_there_in_the_words_of_the_vocabulary(told: Told) -> None:
    document = json.loads(told.files["data/record/consents.jsonld"])

    assert document["@context"]["dpv"] == "https://w3id.org/dpv#"
    assert len(document["@graph"]) == len(told.rows("consents")) == 3
    states = {each["dpv:hasConsentStatus"]["@id"] for each in document["@graph"]}
    assert states == {"dpv:ConsentGiven"}


def test_all_that_they_said_is_in_it(told: Told) -> None:
    assert told.words("Your themes") == [MINE["themes"]]
    assert told.words("What you show of yourself")[0]["words"] == MINE["profile"]
    assert told.words("A concern of yours") == [MINE["concern"]]
    assert told.words("What you asked about your record") == [MINE["request"]]
    assert told.words("Your professional development")[0]["title"] == MINE["piece"]
    assert told.words("What you wish of a match")[0]["employer"] == "Borough of Elsewhere"
    assert told.words("How to reach you")[0]["name"] == told.pair.mentee.name
    assert told.words("Why somebody was suggested to you") == [MINE["themes"]]
    assert {each["state"] for each in told.rows("words")} == {"open"}
    assert [each["your_part"] for each in told.rows("relationships")] == ["mentee"]
    assert len(told.rows("places")) <= 1
    assert {each["what"] for each in told.rows("matters")} == {"concern", "rights_request"}
    assert "person.role_granted" in {each["what"] for each in told.rows("account")}


def test_what_others_wrote_and_are_is_not_in_it(told: Told) -> None:
    everything = b"".join(told.files.values())

    for name in (told.pair.mentor.name, told.pair.coordinator.name, THEIRS, NOTE):
        assert name.encode() not in everything
    (left_out,) = told.rows("left-out")
    assert left_out["about"] == str(told.pair.relationship)
    assert "data protection lead" in left_out["reason"]


def test_each_kind_that_was_opened_is_on_the_record_as_exported(told: Told) -> None:
    looks = told.rows("who-looked")
    exported = {each["kind"] for each in looks if each["action"] == "exported"}

    assert {"whole_record", "contact", "profile", "concern", "portfolio"} <= exported
    mine = {each["who"] for each in looks if each["action"] == "exported"}
    assert mine == {str(told.pair.mentee.id)}


def test_notes_in_it_open_with_ones_own_keys_without_the_service(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    open_export(told.unpacked / "bag.zip", told.unpacked / str(told.pair.mentee.id))

    assert NOTE in capsys.readouterr().out


def test_a_mentor_takes_theirs_away_and_reads_why_they_said_no(scheme: Scheme) -> None:
    made = propose(scheme)
    path = f"/relationships/{made.relationship}/proposals/{made.proposal}/refusal"
    no = {"version": 1, "reason": "not_now", "words": MINE["decline"]}
    answer = made.mentor.post(path, no)
    assert answer.status_code < 300, answer.text
    files = files_of(taken(scheme, made.mentor).content)
    words = json.loads(files["data/record/words.json"])["rows"]

    assert MINE["decline"] in [each["said"] for each in words]
    assert "Why you would mentor" in {each["what"] for each in words}
    mentees = json.loads(files_of(taken(scheme, made.mentee).content)["data/record/words.json"])
    assert MINE["decline"] not in json.dumps(mentees)


def test_what_a_withdrawal_has_closed_is_said_to_be_closed(scheme: Scheme) -> None:
    person = scheme.person(Role.MENTEE)
    give_consent(person, "take_part")
    done(person.put("/me/preferences", {"employer": "Borough of Elsewhere"}))
    done(person.post("/me/consents/take_part/withdrawal"))
    files = files_of(taken(scheme, person).content)
    words = json.loads(files["data/record/words.json"])["rows"]
    (closed,) = [each for each in words if each["what"] == "What you wish of a match"]

    assert (closed["state"], closed["said"]) == ("consent_not_live", None)
    assert b"Borough of Elsewhere" not in b"".join(files.values())


def test_nobody_gets_half_a_bag(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    person = scheme.person(Role.MENTOR)
    whole = taken(scheme, person).content
    monkeypatch.setattr(whole_record, "LARGEST", len(whole) // 2)
    answer = person.get("/me/record")

    assert answer.status_code == 413
    assert answer.json()["type"].endswith("record-is-too-large")

"""After the whole scheme and every mistake, what people said lies nowhere outside its sealed form."""

from http import HTTPStatus

import pytest

from tests.leaks.mail import kept_in
from tests.leaks.places import in_files, in_memory, in_tables
from tests.leaks.recording import shown_as_meant
from tests.leaks.run import NOTE, LeakRun, plain
from tests.leaks.searching import Hit

CONTACT = ("name of ", "mail address of ", "telephone number of ")
EVERY_ERROR = {400, 401, 403, 404, 405, 409, 412, 413, 422, 500, 503}


@pytest.mark.parametrize("place", ["tables", "files", "mail", "responses", "work", "database"])
def test_no_sentinel_lies_in(run: LeakRun, place: str) -> None:
    assert told(run.found[place]) == []


def test_the_clerk_knows_how_to_reach_people_and_nothing_else_of_them(run: LeakRun) -> None:
    assert told({hit for hit in run.found["clerk"] if not hit.name.startswith(CONTACT)}) == []


def test_mail_was_sent_so_that_searching_it_finds_something(run: LeakRun) -> None:
    mails = [each.read_bytes() for each in kept_in(run.mail_folder)]
    assert len(mails) > 20
    assert any(b"text/calendar" in each for each in mails)


def test_no_note_was_ever_in_the_memory_of_the_api(run: LeakRun) -> None:
    notes = {each.name for each in run.sentinels.all if each.name.startswith(NOTE)}
    assert len(notes) == 6
    assert told({hit for hit in run.found["serve"] if hit.name in notes}) == []


def test_the_api_holds_what_people_said_so_that_searching_memory_finds_something(
    run: LeakRun,
) -> None:
    assert any(hit.name.startswith("words of") for hit in run.found["serve"])


def test_everybody_was_shown_what_is_for_them(run: LeakRun) -> None:
    meant = {(each.name, *to) for each in run.sentinels.all for to in each.shown if " /" in to[1]}
    assert len(meant) > 100
    assert meant - shown_as_meant(run.recorder.exchanges, run.searcher, run.sentinels) == set()


def test_every_kind_of_error_was_answered(run: LeakRun) -> None:
    assert {each.status for each in run.recorder.exchanges} >= EVERY_ERROR


def test_no_key_lies_outside_its_file(run: LeakRun) -> None:
    searcher, machine = plain(run.keks), run.machine
    hits = in_tables(searcher, machine.superuser_url)
    hits |= in_files(searcher, machine.folder, but_not=[machine.folder / "keys"])
    hits |= searcher.search("a response", run.heard)
    assert told(hits) == []


@pytest.mark.parametrize(
    ("process", "opens"), [("work", {"operational"}), ("clerk", {"operational", "contact"})]
)
def test_a_process_holds_the_keys_of_its_compartments_alone(
    run: LeakRun, process: str, opens: set[str]
) -> None:
    hits = in_memory(plain(run.keks), run.machine.pids[process], process)
    assert {hit.name for hit in hits if hit.form == "plain bytes"} == opens
    assert {hit.name for hit in hits} == opens


def test_no_wrapped_key_lies_outside_the_tables_of_keys(run: LeakRun) -> None:
    assert len(run.wrapped_keys) > 50
    searcher, machine = plain(run.wrapped_keys), run.machine
    hits = in_tables(searcher, machine.superuser_url, but_not=["keys"])
    hits |= in_files(searcher, machine.logs)
    hits |= searcher.search("the database's log", machine.machine.postgres.log.read_bytes())
    hits |= searcher.search("a response", run.heard)
    assert told(hits) == []


def test_a_wrapped_form_of_a_vault_is_shown_to_its_person_alone(run: LeakRun) -> None:
    wrapped = run.story.own_devices.wrapped
    assert len(wrapped) >= 9
    searcher, machine = plain(wrapped), run.machine
    hits = in_files(searcher, machine.logs) | in_files(searcher, run.mail_folder)
    hits |= searcher.search("the database's log", machine.machine.postgres.log.read_bytes())
    for each in run.recorder.exchanges:
        found = searcher.search(each.place, each.content)
        hits |= {hit for hit in found if not hit.name.endswith(f" of {each.who}")}
        assert not (found and each.status >= HTTPStatus.BAD_REQUEST)
    assert told(hits) == []


def test_no_token_and_no_session_lies_anywhere(run: LeakRun) -> None:
    assert len(run.tokens) > 25
    searcher, machine = plain(run.tokens), run.machine
    hits = in_tables(searcher, machine.superuser_url)
    hits |= in_files(searcher, machine.logs)
    hits |= searcher.search("the database's log", machine.machine.postgres.log.read_bytes())
    hits |= searcher.search("a response", run.heard)
    assert told(hits) == []


def told(hits: set[Hit]) -> list[str]:
    """What was found where, without what it says."""
    return [str(hit) for hit in sorted(hits)]

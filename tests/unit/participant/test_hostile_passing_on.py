"""What a service may say of epochs that were passed on: it can close them, and never open others or read along."""

import base64
import copy
from typing import Any

import pytest

from api.participant import (
    Audience,
    NotebookService,
    NotPassedOnYet,
    ParticipantClient,
    ParticipantFolder,
    Reading,
    ServiceRefused,
    UnexpectedReaders,
)
from api.participant.wire import notebook_id
from crypto.sealing import (
    EMPTY,
    Body,
    GrantBelongsElsewhere,
    GrantWasAltered,
    Kind,
    NotForThisReader,
    SignatureIsNotTheGranters,
    Strand,
    UnknownFormat,
    grant_epoch,
    new_identity,
    pass_on,
    seal_entry,
)
from domain.values import Act
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.keeper import NOW, Lie
from tests.unit.participant.test_hostile_service import shared_epoch, with_flipped

Shown = dict[str, Any]


class LostAndPassedOn:
    """The mentee lost all keys, made new ones, and the mentor passed the shared notes on to them."""

    def __init__(self, written: PairOfClients) -> None:
        self.pair, self.keeper = written, written.keeper
        self.relationship = written.relationship
        self.lost = ParticipantFolder(written.folder / "mentee").identity()
        service = NotebookService(written.keeper.http_for(written.keeper.mentee))
        self.folder = ParticipantFolder(written.folder / "fresh")
        self.mentee = ParticipantClient(self.folder, service)
        words = self.mentee.make_keys()
        written.mentor.accept_keys(self.relationship, words)
        written.mentor.pass_on_to_partner(self.relationship)

    def read(self) -> Reading:
        return self.mentee.read(self.relationship)

    def lied_to(self, lie: Lie) -> Reading:
        self.keeper.lie = lie
        return self.read()


@pytest.fixture
def renewed(written: PairOfClients) -> LostAndPassedOn:
    return LostAndPassedOn(written)


def shared_texts(reading: Reading) -> list[str | None]:
    return [each.text for each in reading if each.audience is Audience.SHARED]


def passed_on(shown: Shown) -> Any:
    return shared_epoch(shown)["passed_on"][0]


def test_what_was_passed_on_is_read_and_what_was_not_is_closed(renewed: LostAndPassedOn) -> None:
    reading = renewed.read()
    assert shared_texts(reading) == ["one", "two", "three"]
    assert [each.is_closed for each in reading] == [True, True, False, False, False]
    assert reading.trouble is None


def hides_that_it_was_passed_on(shown: Shown) -> None:
    shared_epoch(shown)["passed_on"] = []


def says_that_another_key_passed_it_on(shown: Shown) -> None:
    passed_on(shown)["granter_key_id"] = base64.b64encode(bytes(32)).decode()


def says_that_another_key_was_given_it(shown: Shown) -> None:
    passed_on(shown)["reader_key_id"] = base64.b64encode(bytes(32)).decode()


CLOSING: list[Lie] = [
    hides_that_it_was_passed_on,
    says_that_another_key_passed_it_on,
    says_that_another_key_was_given_it,
]


@pytest.mark.parametrize("lie", CLOSING, ids=[lie.__name__ for lie in CLOSING])
def test_it_can_close_an_epoch_and_then_nothing_is_written(
    renewed: LostAndPassedOn, lie: Lie
) -> None:
    reading, before = renewed.lied_to(lie), renewed.keeper.written
    assert shared_texts(reading) == [None, None, None]
    with pytest.raises(NotPassedOnYet):
        renewed.mentee.write(renewed.relationship, "secret", audience=Audience.SHARED)
    assert renewed.keeper.written == before


def alters_the_signature(shown: Shown) -> None:
    passed_on(shown)["statement"] = with_flipped(passed_on(shown)["statement"], -1)


def lowers_the_suite(shown: Shown) -> None:
    passed_on(shown)["statement"] = with_flipped(passed_on(shown)["statement"], 2)


def moves_it_to_another_epoch(shown: Shown) -> None:
    passed_on(shown)["statement"] = with_flipped(passed_on(shown)["statement"], 23)


def alters_the_sealed_key(shown: Shown) -> None:
    epoch = shared_epoch(shown)
    epoch["sealed_key"] = with_flipped(epoch["sealed_key"], -1)


REFUSED: list[tuple[Lie, type[Exception]]] = [
    (alters_the_signature, SignatureIsNotTheGranters),
    (lowers_the_suite, UnknownFormat),
    (moves_it_to_another_epoch, GrantBelongsElsewhere),
    (alters_the_sealed_key, GrantWasAltered),
]


@pytest.mark.parametrize(("lie", "refusal"), REFUSED, ids=[lie.__name__ for lie, _ in REFUSED])
def test_it_cannot_alter_what_was_passed_on(
    renewed: LostAndPassedOn, lie: Lie, refusal: type[Exception]
) -> None:
    trouble = renewed.lied_to(lie).trouble
    assert trouble is not None
    assert isinstance(trouble.cause, refusal)


def test_what_was_passed_on_to_the_other_opens_nothing_for_me(renewed: LostAndPassedOn) -> None:
    """A word that the mentor gave to the mentee is shown to the mentee as one about another key of theirs."""
    other = new_identity()
    keys = renewed.keeper.keys[renewed.keeper.mentee]
    keys.insert(0, other.public)
    renewed.folder.keep_earlier(other)

    def names_the_other_key(shown: Shown) -> None:
        passed_on(shown)["reader_key_id"] = base64.b64encode(other.public.key_id).decode()

    trouble = renewed.lied_to(names_the_other_key).trouble
    assert trouble is not None
    assert isinstance(trouble.cause, NotForThisReader)


def test_a_service_that_makes_up_lost_keys_puts_no_word_into_anybodys_mouth(
    renewed: LostAndPassedOn,
) -> None:
    """It says that a key of its own was the mentee's once, and passes an epoch of its own making on with it."""
    made_up = new_identity()
    mentor = renewed.keeper.keys[renewed.keeper.mentor][-1]
    strand = Strand(notebook_id(renewed.relationship), Audience.SHARED)
    forged = grant_epoch(made_up, [made_up.public, mentor], strand=strand)
    me = renewed.folder.identity().public
    passed = pass_on(forged.notebook_key, me, granter=made_up)
    entry = seal_entry(
        Body(Kind.NOTE, "words of the service"),
        EMPTY.next(renewed.keeper.relationship),
        author=made_up,
        notebook_key=forged.notebook_key,
    )
    renewed.keeper.keys[renewed.keeper.mentee].insert(0, made_up.public)

    def as_text(value: bytes) -> str:
        return base64.b64encode(value).decode()

    def shows_its_own_epoch(shown: Shown) -> None:
        epoch, mentee = shared_epoch(shown), str(renewed.keeper.mentee)
        epoch["granter"] = mentee
        epoch["statement"], epoch["sealed_key"] = (
            as_text(forged.statement),
            as_text(passed.sealed_key),
        )
        for reader in epoch["readers"]:
            if reader["person"] == mentee:
                reader["key_id"] = as_text(made_up.public.key_id)
        row = {
            "granter": mentee,
            "granter_key_id": as_text(made_up.public.key_id),
            "reader": mentee,
            "reader_key_id": as_text(me.key_id),
            "statement": as_text(passed.statement),
        }
        epoch["passed_on"] = [row]
        shared = [each for each in shown["entries"] if each["audience"] == "shared"]
        for each in shared[1:]:
            shown["entries"].remove(each)
        shared[0]["sealed_entry"] = as_text(entry.entry)
        shared[0]["wrapped_entry_key"] = as_text(entry.wrapped_key)

    fresh = ParticipantFolder(renewed.pair.folder / "another")
    fresh.keep_identity(renewed.folder.identity())
    service = NotebookService(renewed.keeper.http_for(renewed.keeper.mentee))
    client, before = ParticipantClient(fresh, service), renewed.keeper.written
    renewed.keeper.lie = shows_its_own_epoch

    assert "words of the service" not in str(
        [each.text for each in client.read(renewed.relationship)]
    )
    with pytest.raises(NotPassedOnYet):
        client.write(renewed.relationship, "secret", audience=Audience.SHARED)
    assert renewed.keeper.written == before


def test_keys_that_are_not_ours_by_the_services_word_read_nothing_that_is_written(
    renewed: LostAndPassedOn,
) -> None:
    """Its own key beside ours in an epoch is an unexpected reader, whoever it says that it was."""
    made_up = new_identity()
    renewed.keeper.keys[renewed.keeper.mentor].insert(0, made_up.public)

    def puts_its_key_in_the_partners_place(shown: Shown) -> None:
        for reader in shared_epoch(shown)["readers"]:
            if reader["person"] == str(renewed.keeper.mentor):
                reader["key_id"] = base64.b64encode(made_up.public.key_id).decode()

    trouble = renewed.lied_to(puts_its_key_in_the_partners_place).trouble
    assert trouble is not None
    assert isinstance(trouble.cause, UnexpectedReaders)


def test_a_lock_that_is_gone_is_said_in_the_words_of_the_service(written: PairOfClients) -> None:
    """A key of the service that was destroyed or cannot be reached refuses the whole notebook, and changes nothing here."""
    http = written.keeper.http_for(written.keeper.mentee)
    refusal = {"type": "urn:vouchsafe:problem:erased", "detail": "This was erased."}
    written.keeper.refusal = (410, refusal)
    client = ParticipantClient(ParticipantFolder(written.folder / "mentee"), NotebookService(http))
    before = ParticipantFolder(written.folder / "mentee").memory(written.relationship)
    with pytest.raises(ServiceRefused, match="This was erased"):
        client.read(written.relationship)
    written.keeper.refusal = None
    assert len(client.read(written.relationship)) == 5
    assert ParticipantFolder(written.folder / "mentee").memory(written.relationship) == before


def test_a_service_that_forgets_what_was_passed_on_keeps_nobody_busy_for_ever(
    written: PairOfClients,
) -> None:
    folder = ParticipantFolder(written.folder / "mentee")
    service = NotebookService(written.keeper.http_for(written.keeper.mentee))
    folder.keep_identity(new_identity())
    client = ParticipantClient(folder, service)
    written.mentor.accept_keys(written.relationship, client.make_keys())
    epochs: list[Any] = []

    def shows_the_epoch_as_it_was(shown: Shown) -> None:
        epochs.append(copy.deepcopy(shared_epoch(shown)))
        shared_epoch(shown).update(epochs[0])

    written.keeper.lie = shows_the_epoch_as_it_was
    with pytest.raises(NotPassedOnYet):
        client.write(written.relationship, "secret", audience=Audience.SHARED)
    written.keeper.lie = None
    client.write(written.relationship, "four", audience=Audience.SHARED)
    texts = shared_texts(written.mentor.read(written.relationship))
    assert texts == ["one", "two", "three", "four"]


def test_a_destroyed_entry_of_a_closed_epoch_is_closed(renewed: LostAndPassedOn) -> None:
    own = renewed.keeper.notebook.own[renewed.keeper.mentee].entries[0].id
    renewed.keeper.notebook.destroy(own, Act(renewed.keeper.mentee, NOW))
    assert [each.is_closed for each in renewed.read()][:2] == [True, True]

"""A notebook of several: who joins reads from then on, who leaves reads no more, and nobody slips in or out unseen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.participant import (
    Audience,
    NotebookService,
    OnlyToRead,
    ParticipantClient,
    ParticipantError,
    ParticipantFolder,
    PartnerHasChanged,
    Reading,
    ReadingHasEnded,
    RolledBack,
    ServiceRefused,
    SomebodyHasJoined,
    SomebodyHasNoKeys,
    StillTakesPart,
    UnexpectedReaders,
    WordsDiffer,
)
from crypto.sealing import ChainIsBroken, fingerprint_words, new_identity
from tests.unit.participant.keeper import Keeper, Lie, published
from tests.unit.participant.test_hostile_service import coded, shared_epoch

Shown = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """Somebody of the group, with a folder of their own."""

    group: "Group"
    person: UUID
    folder: Path

    @property
    def client(self) -> ParticipantClient:
        service = NotebookService(self.group.keeper.http_for(self.person))
        return ParticipantClient(ParticipantFolder(self.folder), service)

    @property
    def words(self) -> str:
        return self.client.my_words()

    def write(self, text: str, audience: Audience = Audience.SHARED) -> None:
        self.client.write(self.group.id, text, audience=audience)

    def read(self) -> Reading:
        return self.client.read(self.group.id)

    def texts(self) -> list[str | None]:
        reading = self.read()
        assert reading.trouble is None, reading.trouble
        return [each.text for each in reading]

    def compare_with(self, *others: "Member") -> None:
        for each in others:
            self.client.accept_keys(self.group.id, each.words)


class Group:
    """A facilitator and two members who compared words with each other; one shared note of each."""

    def __init__(self, folder: Path) -> None:
        self.keeper, self.folder = Keeper(), folder
        self.id = self.keeper.relationship
        self.facilitator = self._member(self.keeper.mentor)
        self.amara = self._member(self.keeper.mentee)
        self.joy = self._member(self.keeper.join())
        self.facilitator.compare_with(self.amara, self.joy)
        self.facilitator.write("one")
        for each in (self.amara, self.joy):
            each.compare_with(self.facilitator)
        self.amara.write("two")
        self.joy.write("three")

    def newcomer(self) -> Member:
        return self._member(self.keeper.join())

    def _member(self, person: UUID) -> Member:
        member = Member(self, person, self.folder / str(person))
        member.client.make_keys()
        return member


@pytest.fixture
def group(tmp_path: Path) -> Group:
    return Group(tmp_path)


def cause_of(reading: Reading) -> Exception | None:
    return reading.trouble.cause if reading.trouble else None


def test_all_of_a_group_read_what_each_writes_and_know_whose_it_is(group: Group) -> None:
    for each in (group.facilitator, group.amara, group.joy):
        assert each.texts() == ["one", "two", "three"]
    authors = [entry.author_words for entry in group.amara.read()]
    assert authors == [group.facilitator.words, None, group.joy.words]
    assert len(group.keeper.notebook.shared.epochs) == 1


def test_who_compared_words_with_one_knows_the_others_by_what_that_one_signed(group: Group) -> None:
    assert group.amara.client.others_words(group.id) == [group.facilitator.words, group.joy.words]


def test_nobody_of_several_is_trusted_at_first_sight(tmp_path: Path) -> None:
    """Or else the service could add a reader of its own before anybody looked."""
    group = Group(tmp_path)
    fresh = Member(group, group.amara.person, tmp_path / "fresh")
    ParticipantFolder(fresh.folder).keep_identity(ParticipantFolder(group.joy.folder).identity())
    joy = Member(group, group.joy.person, fresh.folder)
    before = group.keeper.written
    assert isinstance(cause_of(joy.read()), SomebodyHasJoined)
    with pytest.raises(SomebodyHasJoined):
        joy.write("secret")
    assert group.keeper.written == before
    joy.compare_with(group.facilitator)
    assert joy.texts() == ["one", "two", "three"]


def test_ones_own_signature_tells_an_empty_folder_whom_one_sealed_to(
    group: Group, tmp_path: Path
) -> None:
    fresh = Member(group, group.facilitator.person, tmp_path / "fresh")
    identity = ParticipantFolder(group.facilitator.folder).identity()
    ParticipantFolder(fresh.folder).keep_identity(identity)
    assert fresh.texts() == ["one", "two", "three"]
    assert set(fresh.client.others_words(group.id)) == {group.amara.words, group.joy.words}


def test_a_newcomer_reads_from_then_on_and_nothing_before(group: Group) -> None:
    kwame = group.newcomer()
    kwame.compare_with(group.facilitator)
    group.facilitator.compare_with(kwame)
    group.facilitator.write("four")

    reading = kwame.read()
    assert ([each.text for each in reading], reading.trouble) == (["four"], None)
    assert (reading.since, reading[0].position) == (2, 4)
    kwame.write("five")
    for each in (group.facilitator, group.amara, group.joy):
        assert each.texts() == ["one", "two", "three", "four", "five"]
    assert kwame.texts() == ["four", "five"]
    assert set(group.amara.client.others_words(group.id)) == {
        each.words for each in (group.facilitator, group.joy, kwame)
    }


def test_a_newcomer_writes_first_where_nobody_has_written_since(group: Group) -> None:
    kwame = group.newcomer()
    kwame.compare_with(group.facilitator)
    group.facilitator.compare_with(kwame)
    group.facilitator.client.open_notebook(group.id)
    kwame.write("four")
    assert kwame.texts() == ["four"]
    assert group.amara.texts() == ["one", "two", "three", "four"]


def test_until_somebody_compared_words_a_newcomer_stops_what_is_shared_and_no_own_note(
    group: Group,
) -> None:
    group.amara.write("mine", Audience.OWN)
    kwame = group.newcomer()
    reading, before = group.amara.read(), group.keeper.written
    assert [each.text for each in reading] == ["mine", "one", "two", "three"]
    cause = cause_of(reading)
    assert isinstance(cause, SomebodyHasJoined)
    assert cause.words == kwame.words
    with pytest.raises(SomebodyHasJoined):
        group.amara.write("secret")
    with pytest.raises(WordsDiffer):
        group.amara.client.accept_keys(group.id, fingerprint_words(new_identity().public))
    assert group.keeper.written == before


def test_nothing_is_shared_while_somebody_has_no_keys(group: Group) -> None:
    group.keeper.join()
    with pytest.raises(SomebodyHasNoKeys):
        group.amara.write("secret")
    assert [each.text for each in group.amara.read()] == ["one", "two", "three"]


def test_who_left_reads_nothing_shared_any_more_and_keeps_their_own(group: Group) -> None:
    group.joy.write("for me", Audience.OWN)
    words = group.joy.words
    group.keeper.leave(group.joy.person)
    reading = group.joy.read()
    assert [each.text for each in reading] == ["for me"]
    assert isinstance(cause_of(reading), ReadingHasEnded)

    with pytest.raises(PartnerHasChanged) as missing:
        group.amara.write("secret")
    assert missing.value.words == words
    group.amara.client.say_left(group.id, words)
    group.amara.write("four")
    assert group.facilitator.texts() == group.amara.texts() == ["one", "two", "three", "four"]
    assert [each.text for each in group.joy.read()] == ["for me"]
    with pytest.raises(OnlyToRead):
        group.joy.write("secret", Audience.OWN)
    newest = group.keeper.notebook.shared.epochs[-1]
    assert newest.people == {group.amara.person, group.facilitator.person}


def test_who_only_came_and_went_while_one_was_away_is_believed_on_a_members_word(
    group: Group,
) -> None:
    kwame = group.newcomer()
    group.facilitator.compare_with(kwame)
    group.facilitator.client.open_notebook(group.id)
    kwame.compare_with(group.facilitator)
    kwame.write("four")
    group.keeper.leave(kwame.person)
    group.facilitator.client.say_left(group.id, kwame.words)
    group.facilitator.write("five")

    assert group.amara.texts() == ["one", "two", "three", "four", "five"]
    assert group.amara.read()[3].author_words is None


def test_an_epoch_of_somebody_who_left_is_believed_where_a_known_members_follows_it(
    group: Group,
) -> None:
    """The newcomer joined in an epoch that a member opened who left before the newcomer looked."""
    kwame = group.newcomer()
    group.joy.compare_with(kwame)
    group.joy.write("four")
    group.keeper.leave(group.joy.person)
    group.facilitator.client.say_left(group.id, group.joy.words)
    group.facilitator.write("five")
    kwame.compare_with(group.facilitator)
    assert kwame.texts() == ["four", "five"]


def test_nobody_is_said_to_have_left_who_is_still_there(group: Group) -> None:
    with pytest.raises(StillTakesPart):
        group.amara.client.say_left(group.id, group.joy.words)
    with pytest.raises(WordsDiffer):
        group.amara.client.say_left(group.id, group.amara.words)


def test_who_comes_again_is_compared_again(group: Group) -> None:
    group.keeper.leave(group.joy.person)
    group.amara.client.say_left(group.id, group.joy.words)
    group.amara.write("four")
    group.keeper.people[group.joy.person] = group.keeper.people[group.amara.person]
    with pytest.raises(SomebodyHasJoined):
        group.amara.write("secret")
    group.amara.compare_with(group.joy)
    group.amara.write("five")
    assert isinstance(cause_of(group.joy.read()), RolledBack)
    group.joy.client.say_rejoined(group.id)
    assert group.joy.texts() == ["five"]


STRANGER = new_identity()


def adds_a_member(shown: Shown) -> None:
    keys = published(STRANGER.public).model_dump(mode="json")
    member = {"person": shown["notebook"], "part": "mentee", "public_keys": [keys]}
    shown["participants"].append(member | {"current_key_id": keys["key_id"]})


def adds_a_member_whom_somebody_is_said_to_have_sealed_to(shown: Shown) -> None:
    adds_a_member(shown)
    reader = {"person": shown["notebook"], "key_id": coded(STRANGER.public.key_id)}
    shared_epoch(shown)["readers"].append(reader)


def drops_a_member(shown: Shown) -> None:
    del shown["participants"][0]


def hides_that_they_read_since_the_first_epoch(shown: Shown) -> None:
    shown["epochs"].remove(shared_epoch(shown))


def hides_the_first_entry(shown: Shown) -> None:
    shared = [each for each in shown["entries"] if each["audience"] == "shared"]
    shown["entries"].remove(shared[0])


LIES: list[tuple[Lie, type[ParticipantError | Exception]]] = [
    (adds_a_member, SomebodyHasJoined),
    (adds_a_member_whom_somebody_is_said_to_have_sealed_to, SomebodyHasJoined),
    (drops_a_member, PartnerHasChanged),
    (hides_that_they_read_since_the_first_epoch, Exception),
    (hides_the_first_entry, ChainIsBroken),
]


@pytest.mark.parametrize(("lie", "refusal"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_a_member_shares_nothing_with_a_service_that(
    group: Group, lie: Lie, refusal: type[Exception]
) -> None:
    assert group.joy.texts() == ["one", "two", "three"]
    before = group.keeper.written
    group.keeper.lie = lie
    with pytest.raises(refusal):
        group.joy.write("secret")
    assert group.keeper.written == before


def test_what_a_newcomer_has_seen_cannot_be_cut_at_its_beginning(group: Group) -> None:
    kwame = group.newcomer()
    kwame.compare_with(group.facilitator)
    group.facilitator.compare_with(kwame)
    group.facilitator.write("four")
    group.facilitator.write("five")
    assert kwame.texts() == ["four", "five"]
    group.keeper.lie = hides_the_first_entry
    assert isinstance(cause_of(kwame.read()), ChainIsBroken)


def test_a_word_for_another_notebook_introduces_nobody(group: Group, tmp_path: Path) -> None:
    """The facilitator sealed to a stranger elsewhere; the service shows that statement here."""
    other = Group(tmp_path / "other")
    kept = other.keeper.notebook.shared.epochs[0]
    stranger = other.keeper.keys[other.joy.person][0]

    def shows_it_here(shown: Shown) -> None:
        keys = published(stranger).model_dump(mode="json")
        member = {"person": str(other.joy.person), "part": "mentee", "public_keys": [keys]}
        shown["participants"].append(member | {"current_key_id": keys["key_id"]})
        replayed = dict(shared_epoch(shown), statement=coded(kept.statement))
        replayed["readers"] = [
            {"person": str(each.person), "key_id": coded(each.key_id)} for each in kept.readers
        ]
        shown["epochs"].append(replayed)

    group.keeper.lie = shows_it_here
    with pytest.raises((SomebodyHasJoined, UnexpectedReaders)):
        group.amara.write("secret")


def test_somebody_outside_is_shown_nothing(group: Group) -> None:
    outside = Member(group, uuid4(), group.folder / "outside")
    ParticipantFolder(outside.folder).keep_identity(new_identity())
    with pytest.raises(ServiceRefused):
        outside.read()

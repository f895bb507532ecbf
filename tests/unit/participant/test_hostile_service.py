"""Whatever is shown that is not so, a participant's client refuses it, and writes nothing that rests on it.

What a partner could have brought about stops the shared notes alone.
"""

import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.participant import (
    KeysHaveChanged,
    MyKeysAreNotCurrent,
    NotUnderstood,
    PartnerHasChanged,
    PartnerHasMyKeys,
    RolledBack,
    UnexpectedReaders,
    WordsDiffer,
)
from api.participant.wire import notebook_id
from crypto.sealing import (
    Audience,
    ChainIsBroken,
    EntryWasAltered,
    GrantBelongsElsewhere,
    GrantWasAltered,
    PublicIdentity,
    SignatureIsNotTheAuthors,
    SignatureIsNotTheGranters,
    Strand,
    UnknownFormat,
    fingerprint_words,
    grant_epoch,
    new_identity,
)
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.keeper import Keeper, Lie, published

Shown = dict[str, Any]
STRANGER = new_identity()


def shared_entries(shown: Shown) -> list[Any]:
    return [each for each in shown["entries"] if each["audience"] == "shared"]


def shared_epoch(shown: Shown) -> Any:
    return next(each for each in shown["epochs"] if each["audience"] == "shared")


def mentor_of(shown: Shown) -> Any:
    return next(each for each in shown["participants"] if each["part"] == "mentor")


def mentee_of(shown: Shown) -> Any:
    return next(each for each in shown["participants"] if each["part"] == "mentee")


def give_keys(participant: Any, identity: PublicIdentity) -> None:
    keys = published(identity).model_dump(mode="json")
    participant["public_keys"].append(keys)
    participant["current_key_id"] = keys["key_id"]


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def with_flipped(text: str, at: int) -> str:
    content = bytearray(base64.b64decode(text))
    content[at] ^= 1
    return base64.b64encode(content).decode()


def changes_the_partners_key(shown: Shown) -> None:
    give_keys(mentor_of(shown), STRANGER.public)


def changes_my_key(shown: Shown) -> None:
    give_keys(mentee_of(shown), STRANGER.public)


def renames_the_partner(shown: Shown) -> None:
    mentor_of(shown)["person"] = str(uuid4())


def drops_the_partner(shown: Shown) -> None:
    shown["participants"].remove(mentor_of(shown))


def hides_the_partners_keys(shown: Shown) -> None:
    mentor_of(shown).update(public_keys=[], current_key_id=None)


def names_a_key_for_what_it_is_not(shown: Shown) -> None:
    keys = published(STRANGER.public).model_dump(mode="json")
    mentor_of(shown)["public_keys"][0]["hpke_public"] = keys["hpke_public"]


def adds_a_participant(shown: Shown) -> None:
    third = {"person": str(uuid4()), "part": "mentor", "public_keys": [], "current_key_id": None}
    give_keys(third, STRANGER.public)
    shown["participants"].append(third)


def adds_a_reader(shown: Shown) -> None:
    key_id = base64.b64encode(STRANGER.public.key_id).decode()
    shared_epoch(shown)["readers"].append({"person": str(uuid4()), "key_id": key_id})


def drops_a_reader(shown: Shown) -> None:
    epoch = shared_epoch(shown)
    epoch["readers"] = [each for each in epoch["readers"] if each["person"] == epoch["granter"]]


def alters_a_statement(shown: Shown) -> None:
    epoch = shared_epoch(shown)
    epoch["statement"] = with_flipped(epoch["statement"], -1)


def alters_a_sealed_key(shown: Shown) -> None:
    epoch = shared_epoch(shown)
    epoch["sealed_key"] = with_flipped(epoch["sealed_key"], -1)


def lowers_the_suite(shown: Shown) -> None:
    epoch = shared_epoch(shown)
    epoch["statement"] = with_flipped(epoch["statement"], 2)


def replays_an_epoch(shown: Shown) -> None:
    shown["epochs"].append(shared_epoch(shown))


def hides_the_strand(shown: Shown) -> None:
    shown["epochs"].remove(shared_epoch(shown))
    shown["entries"] = [each for each in shown["entries"] if each["audience"] == "own"]


def drops_an_entry(shown: Shown) -> None:
    shown["entries"].remove(shared_entries(shown)[1])


def drops_the_newest_entry(shown: Shown) -> None:
    shown["entries"].remove(shared_entries(shown)[-1])


def drops_the_newest_own_entry(shown: Shown) -> None:
    own = [each for each in shown["entries"] if each["audience"] == "own"]
    shown["entries"].remove(own[-1])


def replays_an_entry(shown: Shown) -> None:
    shown["entries"].append(shared_entries(shown)[0])


def swaps_two_entries(shown: Shown) -> None:
    first, second, *_ = shared_entries(shown)
    first["sealed_entry"], second["sealed_entry"] = second["sealed_entry"], first["sealed_entry"]


def swaps_two_entry_keys(shown: Shown) -> None:
    first, second, *_ = shared_entries(shown)
    first["wrapped_entry_key"], second["wrapped_entry_key"] = (
        second["wrapped_entry_key"],
        first["wrapped_entry_key"],
    )


def passes_an_own_entry_for_a_shared_one(shown: Shown) -> None:
    own = next(each for each in shown["entries"] if each["audience"] == "own")
    own["audience"] = "shared"


def alters_an_entry(shown: Shown) -> None:
    entry = shared_entries(shown)[-1]
    entry["sealed_entry"] = with_flipped(entry["sealed_entry"], 300)


def alters_an_entry_key(shown: Shown) -> None:
    entry = shared_entries(shown)[-1]
    entry["wrapped_entry_key"] = with_flipped(entry["wrapped_entry_key"], -1)


def gives_my_keys_to_the_partner(shown: Shown) -> None:
    mentor_of(shown).update(
        public_keys=mentee_of(shown)["public_keys"],
        current_key_id=mentee_of(shown)["current_key_id"],
    )


def names_me_as_my_partner(shown: Shown) -> None:
    """The whole notebook is told from the other side, with the keys swapped to fit."""
    mentee, mentor = mentee_of(shown), mentor_of(shown)
    mentee["person"], mentor["person"] = mentor["person"], mentee["person"]
    shown["caller"] = mentee["person"]


def adds_three_bytes(shown: Shown) -> None:
    last = dict(shared_entries(shown)[-1])
    last.update(sealed_entry="AQUB", wrapped_entry_key="AQYB")
    shown["entries"].append(last)


def drops_an_entry_of_the_second_page(shown: Shown) -> None:
    shown["entries"] = [
        each for each in shown["entries"] if (each["audience"], each["position"]) != ("shared", 2)
    ]


def says_there_is_always_more(shown: Shown) -> None:
    shown["next_after"] = 0


def answers_something_else(shown: Shown) -> None:
    shown["entries"] = "none"


LIES_ABOUT_OWN_NOTES: list[tuple[Lie, type[Exception]]] = [
    (changes_my_key, MyKeysAreNotCurrent),
    (names_me_as_my_partner, MyKeysAreNotCurrent),
    (drops_the_newest_own_entry, ChainIsBroken),
    (passes_an_own_entry_for_a_shared_one, ChainIsBroken),
    (says_there_is_always_more, NotUnderstood),
    (answers_something_else, NotUnderstood),
]

# With how many shared entries can still be trusted.
LIES_ABOUT_SHARED_NOTES: list[tuple[Lie, type[Exception], int]] = [
    (changes_the_partners_key, KeysHaveChanged, 3),
    (gives_my_keys_to_the_partner, PartnerHasMyKeys, 3),
    (renames_the_partner, PartnerHasChanged, 3),
    (drops_the_partner, PartnerHasChanged, 3),
    (hides_the_partners_keys, PartnerHasChanged, 3),
    (names_a_key_for_what_it_is_not, NotUnderstood, 3),
    (adds_a_participant, UnexpectedReaders, 3),
    (adds_a_reader, UnexpectedReaders, 0),
    (drops_a_reader, UnexpectedReaders, 0),
    (alters_a_statement, SignatureIsNotTheGranters, 0),
    (alters_a_sealed_key, GrantWasAltered, 0),
    (lowers_the_suite, UnknownFormat, 0),
    (replays_an_epoch, GrantBelongsElsewhere, 3),
    (hides_the_strand, RolledBack, 0),
    (drops_an_entry, ChainIsBroken, 1),
    (drops_the_newest_entry, ChainIsBroken, 2),
    (replays_an_entry, ChainIsBroken, 3),
    (swaps_two_entries, ChainIsBroken, 0),
    (swaps_two_entry_keys, EntryWasAltered, 0),
    (alters_an_entry, SignatureIsNotTheAuthors, 2),
    (alters_an_entry_key, EntryWasAltered, 2),
    (adds_three_bytes, UnknownFormat, 3),
]


@pytest.mark.parametrize(
    ("lie", "refusal"), LIES_ABOUT_OWN_NOTES, ids=[lie.__name__ for lie, _ in LIES_ABOUT_OWN_NOTES]
)
def test_a_client_refuses_a_service_that(
    written: PairOfClients, lie: Lie, refusal: type[Exception]
) -> None:
    keeper, before = written.keeper, written.keeper.written
    keeper.lie = lie

    with pytest.raises(refusal):
        written.mentee.read(written.relationship)
    with pytest.raises(refusal):
        written.mentee.write(written.relationship, "secret", audience=Audience.SHARED)

    assert keeper.written == before
    keeper.lie = None
    assert len(written.mentee.read(written.relationship)) == 5


@pytest.mark.parametrize(
    ("lie", "refusal", "left"),
    LIES_ABOUT_SHARED_NOTES,
    ids=[lie.__name__ for lie, *_ in LIES_ABOUT_SHARED_NOTES],
)
def test_own_notes_stay_open_and_nothing_is_shared_with_a_service_that(
    written: PairOfClients, lie: Lie, refusal: type[Exception], left: int
) -> None:
    keeper, mentee, before = written.keeper, written.mentee, written.keeper.written
    keeper.lie = lie

    reading = mentee.read(written.relationship)
    texts = [entry.text for entry in reading]
    assert texts == ["own one", "own two", *["one", "two", "three"][:left]]
    assert reading.trouble is not None
    assert isinstance(reading.trouble.cause, refusal)
    assert "Your own notes are not touched" in str(reading.trouble)
    with pytest.raises(refusal):
        mentee.write(written.relationship, "secret", audience=Audience.SHARED)
    with pytest.raises(refusal):
        mentee.share(written.relationship, reading[0].id)
    assert keeper.written == before
    mentee.write(written.relationship, "own three")

    keeper.lie = None
    whole = mentee.read(written.relationship)
    assert (len(whole), whole.trouble) == (6, None)


def test_a_break_further_on_does_not_make_a_client_forget(written: PairOfClients) -> None:
    """It was shown a fourth entry before a broken fifth; hiding the fourth is noticed afterwards."""
    written.mentor.write(written.relationship, "four", audience=Audience.SHARED)
    written.keeper.lie = adds_three_bytes
    assert len(written.mentee.read(written.relationship)) == 6
    written.keeper.lie = drops_the_newest_entry
    trouble = written.mentee.read(written.relationship).trouble
    assert trouble is not None
    assert isinstance(trouble.cause, ChainIsBroken)


def test_a_partner_who_publishes_my_keys_before_i_looked_closes_nothing_of_mine(
    keeper: Keeper, tmp_path: Path
) -> None:
    clients = PairOfClients(keeper, tmp_path)
    clients.mentee.make_keys()
    keeper.keys[keeper.mentor] = keeper.keys[keeper.mentee]
    clients.mentee.write(keeper.relationship, "own one")
    reading = clients.mentee.read(keeper.relationship)
    assert [entry.text for entry in reading] == ["own one"]
    assert reading.trouble is not None
    assert isinstance(reading.trouble.cause, PartnerHasMyKeys)


def test_a_chain_is_verified_across_pages(written: PairOfClients) -> None:
    written.keeper.page_size = 1
    reading = written.mentee.read(written.relationship)
    assert [entry.text for entry in reading] == ["own one", "own two", "one", "two", "three"]
    written.keeper.lie = drops_an_entry_of_the_second_page
    trouble = written.mentee.read(written.relationship).trouble
    assert trouble is not None
    assert isinstance(trouble.cause, ChainIsBroken)


def test_a_key_swapped_before_anybody_looked_shows_in_the_words(pair: PairOfClients) -> None:
    pair.keeper.lie = changes_the_partners_key

    shown = pair.mentee.others_words(pair.relationship)

    assert shown == [fingerprint_words(STRANGER.public)] != [pair.mentor.my_words()]


def test_new_keys_are_taken_only_with_the_words_that_the_partner_said(
    written: PairOfClients,
) -> None:
    mentee, relationship, renewed = written.mentee, written.relationship, new_identity()
    written.keeper.keys[written.keeper.mentor].append(renewed.public)
    words = fingerprint_words(renewed.public)

    with pytest.raises(KeysHaveChanged) as changed:
        mentee.others_words(relationship)
    with pytest.raises(WordsDiffer):
        mentee.accept_keys(relationship, written.mentor.my_words())
    mentee.accept_keys(relationship, words)
    mentee.write(relationship, "four", audience=Audience.SHARED)

    assert changed.value.words == words
    newest = written.keeper.notebook.shared.epochs[-1]
    assert renewed.public.key_id in {reader.key_id for reader in newest.readers}


def test_words_never_make_another_person_the_partner(written: PairOfClients) -> None:
    written.keeper.lie = renames_the_partner
    with pytest.raises(PartnerHasChanged):
        written.mentee.accept_keys(written.relationship, written.mentor.my_words())


@pytest.mark.parametrize("is_published", [False, True])
def test_an_epoch_that_the_service_signed_itself_is_refused(
    written: PairOfClients, *, is_published: bool
) -> None:
    """It knows all public keys, so it can seal a key of its own to us; it cannot sign as one of us."""
    mentees = written.keeper.keys[written.keeper.mentee][0]
    strand = Strand(notebook_id(written.relationship), Audience.SHARED)
    forged = grant_epoch(STRANGER, [STRANGER.public, mentees], strand=strand)

    def forges_an_epoch(shown: Shown) -> None:
        epoch = shared_epoch(shown)
        epoch["statement"] = base64.b64encode(forged.statement).decode()
        epoch["sealed_key"] = base64.b64encode(forged.sealed_keys[mentees.key_id]).decode()
        if is_published:
            give_keys(mentor_of(shown), STRANGER.public)
            mentor_of(shown)["current_key_id"] = mentor_of(shown)["public_keys"][0]["key_id"]
            mentor = {"person": mentor_of(shown)["person"], "key_id": coded(STRANGER.public.key_id)}
            mentee = {"person": mentee_of(shown)["person"], "key_id": coded(mentees.key_id)}
            epoch.update(granter=mentor["person"], readers=[mentor, mentee])

    written.keeper.lie = forges_an_epoch
    with pytest.raises(UnexpectedReaders):
        written.mentee.write(written.relationship, "secret", audience=Audience.SHARED)


def test_a_notebook_of_another_relationship_opens_nothing_here(written: PairOfClients) -> None:
    with pytest.raises(GrantBelongsElsewhere):
        written.mentee.read(uuid4())


def test_a_keeper_that_lies_to_nobody_is_believed(keeper: Keeper, pair: PairOfClients) -> None:
    entry = pair.mentee.write(keeper.relationship, "one", audience=Audience.SHARED)
    assert [each.id for each in pair.mentor.read(keeper.relationship)] == [entry]

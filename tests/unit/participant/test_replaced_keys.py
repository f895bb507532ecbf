"""Who uses other keys than before goes on reading what they wrote, and never breaks it for anybody."""

from dataclasses import dataclass

import pytest

from api.participant import (
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    UnexpectedReaders,
    WrittenWithOtherKeys,
)
from crypto.sealing import Audience, new_identity
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.test_hostile_service import Shown, shared_epoch, with_flipped


def replace_the_mentees_keys(pair: PairOfClients) -> None:
    """Made in the same folder, published, let read what the earlier ones read, and compared by the mentor."""
    folder = ParticipantFolder(pair.folder / "mentee")
    renewed = new_identity()
    # Whatever goes by the order of keys meets the earlier one first.
    while renewed.public.key_id < folder.identity().public.key_id:
        renewed = new_identity()
    folder.keep_identity(renewed)
    NotebookService(pair.keeper.http_for(pair.keeper.mentee)).publish_keys(renewed.public)
    pair.mentee.pass_on_to_myself(pair.relationship)
    pair.mentor.accept_keys(pair.relationship, pair.mentee.my_words())


@pytest.mark.parametrize("audience", Audience)
def test_what_was_written_with_earlier_keys_is_written_anew_and_not_changed(
    pair: PairOfClients, audience: Audience
) -> None:
    relationship = pair.relationship
    before = pair.mentee.write(relationship, "before", audience=audience)
    replace_the_mentees_keys(pair)
    with pytest.raises(WrittenWithOtherKeys):
        pair.mentee.amend(relationship, before, "changed")
    after = pair.mentee.write(relationship, "after", audience=audience)
    pair.mentee.amend(relationship, after, "changed after")

    reading = pair.mentee.read(relationship)
    assert [each.text for each in reading] == ["before", "after", "changed after"]
    assert [each.is_mine for each in reading] == [True, True, True]
    assert reading.trouble is None
    assert pair.mentor.read(relationship).trouble is None


def test_who_lost_all_keys_is_given_notes_by_the_keys_that_they_compare(
    pair: PairOfClients,
) -> None:
    pair.mentee.write(pair.relationship, "before", audience=Audience.SHARED)
    replace_the_mentees_keys(pair)
    service = NotebookService(pair.keeper.http_for(pair.keeper.mentor))
    anew = ParticipantClient(ParticipantFolder(pair.folder / "anew"), service)
    pair.mentee.accept_keys(pair.relationship, anew.make_keys())
    anew.accept_keys(pair.relationship, pair.mentee.my_words())
    pair.mentee.pass_on_to_partner(pair.relationship)
    reading = anew.read(pair.relationship)

    assert reading.trouble is None
    assert [each.text for each in reading] == ["before"]


@dataclass(frozen=True)
class PassedOn:
    """The mentee lost the keys by which they granted the notes, the mentor let their new ones read, and sits at an empty device."""

    mentee: ParticipantClient
    mentor: ParticipantClient


@pytest.fixture
def passed(written: PairOfClients) -> PassedOn:
    keeper = written.keeper
    anew = ParticipantClient(
        ParticipantFolder(written.folder / "anew"), NotebookService(keeper.http_for(keeper.mentee))
    )
    written.mentor.accept_keys(written.relationship, anew.make_keys())
    written.mentor.pass_on_to_partner(written.relationship)
    empty = ParticipantFolder(written.folder / "empty")
    empty.keep_identity(ParticipantFolder(written.folder / "mentor").identity())
    service = NotebookService(keeper.http_for(keeper.mentor))
    return PassedOn(anew, ParticipantClient(empty, service))


def test_an_empty_device_believes_what_its_person_passed_on(
    written: PairOfClients, passed: PassedOn
) -> None:
    relationship = written.relationship
    reading = passed.mentor.read(relationship)

    assert reading.trouble is None
    assert [each.text for each in reading][-3:] == ["one", "two", "three"]
    passed.mentor.write(relationship, "four", audience=Audience.SHARED)
    assert [each.text for each in passed.mentee.read(relationship)][-1] == "four"


def test_a_word_of_passing_on_that_nobody_signed_makes_nothing_believed(
    written: PairOfClients, passed: PassedOn
) -> None:
    def alters_the_word(shown: Shown) -> None:
        (row,) = shared_epoch(shown)["passed_on"]
        row["statement"] = with_flipped(row["statement"], -1)

    written.keeper.lie = alters_the_word
    trouble = passed.mentor.read(written.relationship).trouble

    assert trouble is not None
    assert isinstance(trouble.cause, UnexpectedReaders)

"""Whose words something are, the service has no say in: it can neither lend a partner's to me, nor its own to either of us."""

import base64
from typing import Any
from uuid import uuid4

from api.participant import Reading, UnexpectedReaders
from api.participant.wire import notebook_id
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    Kind,
    PublicIdentity,
    Strand,
    grant_epoch,
    new_identity,
    seal_entry,
)
from tests.unit.participant.conftest import PairOfClients
from tests.unit.participant.keeper import published
from tests.unit.participant.test_hostile_service import mentee_of, mentor_of

Shown = dict[str, Any]


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def keys_of(identity: PublicIdentity) -> dict[str, str]:
    return published(identity).model_dump(mode="json")


def authors(reading: Reading) -> dict[str | None, bool]:
    return {each.text: each.is_mine for each in reading}


def test_a_partners_words_are_theirs_also_where_their_key_is_said_to_be_mine(
    written: PairOfClients,
) -> None:
    truth = authors(written.mentee.read(written.relationship))

    def says_that_their_key_was_mine(shown: Shown) -> None:
        mentee_of(shown)["public_keys"].insert(0, mentor_of(shown)["public_keys"][0])

    written.keeper.lie = says_that_their_key_was_mine
    assert authors(written.mentee.read(written.relationship)) == truth
    assert truth["two"] is False


def test_a_key_that_is_made_up_as_one_that_i_lost_says_nothing_in_my_name(
    pair: PairOfClients,
) -> None:
    """The service grants an epoch by it, seals it to the keys that I have under a stranger's name, and writes in it."""
    keeper, made_up = pair.keeper, new_identity()
    mine, theirs = keeper.keys[keeper.mentee][0], keeper.keys[keeper.mentor][0]
    strand = Strand(notebook_id(pair.relationship), Audience.SHARED)
    forged = grant_epoch(made_up, [made_up.public, mine, theirs], strand=strand)
    slot = EMPTY.next(uuid4())
    body = Body(Kind.NOTE, "words of the service")
    sealed = seal_entry(body, slot, author=made_up, notebook_key=forged.notebook_key)
    stranger = str(uuid4())

    def begins_the_notes_itself(shown: Shown) -> None:
        mentee, mentor = mentee_of(shown), mentor_of(shown)
        mentee["public_keys"].insert(0, keys_of(made_up.public))
        shown["further_readers"].append({"person": stranger, "public_keys": [keys_of(mine)]})
        named = ((mentee["person"], made_up.public), (stranger, mine), (mentor["person"], theirs))
        epoch = {
            "audience": "shared",
            "granter": mentee["person"],
            "readers": [{"person": who, "key_id": coded(key.key_id)} for who, key in named],
            "statement": coded(forged.statement),
            "sealed_key": coded(forged.sealed_keys[mine.key_id]),
        }
        entry = {
            "audience": "shared",
            "sealed_entry": coded(sealed.entry),
            "wrapped_entry_key": coded(sealed.wrapped_key),
        }
        shown["epochs"].append(epoch)
        shown["entries"].append(entry)

    keeper.lie = begins_the_notes_itself
    reading = pair.mentee.read(pair.relationship)

    assert authors(reading) == {}
    assert reading.trouble is not None
    assert isinstance(reading.trouble.cause, UnexpectedReaders)

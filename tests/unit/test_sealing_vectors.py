"""The published vectors of the sealed note: good ones open to what they say, bad ones are refused by name."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import cryptography_vectors
import pytest

from crypto import sealing
from crypto.sealing import (
    Audience,
    Body,
    ExpectedEpoch,
    Identity,
    Kind,
    NotebookKey,
    PassedOn,
    PublicIdentity,
    SealedEntry,
    SealingError,
    Secret,
    Slot,
    Strand,
    Tip,
    fingerprint_words,
    open_entry,
    open_grant,
    open_passed_on,
    seal_entry,
    tip_after,
    verify_chain,
)

Case = dict[str, Any]
FOLDER = Path(__file__).parents[1] / "vectors" / "sealed-note"


@cache
def vectors(name: str) -> Case:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def cases(name: str, kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in vectors(name)[kind]]


def error_of(case: Case) -> type[SealingError]:
    return getattr(sealing, case["error"])


@cache
def person(name: str) -> Identity:
    by_name = {case["name"]: case for case in vectors("identities")["cases"]}
    return Identity.from_bytes(bytes.fromhex(by_name[name]["private"]))


def expected_epoch(expected: Case) -> ExpectedEpoch:
    strand = Strand(UUID(expected["notebook_id"]), Audience[expected["audience"].upper()])
    previous = notebook_key(expected["previous"]).epoch if expected["previous"] else None
    readers = [person(name).public for name in expected["readers"]]
    granter = person(expected["granter"]).public
    return ExpectedEpoch(strand, granter, readers, previous, expected["joined_at"])


@cache
def notebook_key(grant: str) -> NotebookKey:
    case = next(case for case in vectors("grants")["cases"] if case["name"] == grant)
    return open_as(case, case["expected"]["readers"][-1])


def open_as(case: Case, reader: str) -> NotebookKey:
    return open_grant(
        bytes.fromhex(case["statement"]),
        bytes.fromhex(case["sealed_keys"][reader]),
        reader=person(reader),
        expected=expected_epoch(case["expected"]),
    )


def slot_of(case: Case) -> Slot:
    amends = UUID(case["amends"]) if case["amends"] else None
    previous_hash = bytes.fromhex(case["previous_hash"])
    return Slot(UUID(case["entry_id"]), case["position"], previous_hash, amends)


def tip_of(remembered: Case | None) -> Tip | None:
    if remembered is None:
        return None
    return Tip(remembered["position"], bytes.fromhex(remembered["entry_hash"]))


class Replayed:
    """A source of randomness that gives what a vector recorded."""

    def __init__(self, recorded: bytes) -> None:
        self.left = recorded

    def __call__(self, count: int) -> bytes:
        given, self.left = self.left[:count], self.left[count:]
        return given


@pytest.mark.parametrize("case", cases("identities", "cases"))
def test_an_identity_gives_its_public_keys_its_id_and_its_words(case: Case) -> None:
    identity = Identity.from_bytes(bytes.fromhex(case["private"]))
    assert identity.to_bytes().hex() == case["private"]
    assert identity.public.to_bytes().hex() == case["public"]
    assert PublicIdentity.from_bytes(bytes.fromhex(case["public"])) == identity.public
    assert identity.public.key_id.hex() == case["key_id"]
    assert fingerprint_words(identity.public) == case["fingerprint"]


@pytest.mark.parametrize("case", cases("identities", "refused"))
def test_bytes_that_are_no_identity_are_refused(case: Case) -> None:
    form = PublicIdentity if case["form"] == "public" else Identity
    with pytest.raises(error_of(case)):
        form.from_bytes(bytes.fromhex(case["bytes"]))


@pytest.mark.parametrize("case", cases("grants", "cases"))
def test_every_reader_opens_their_grant_to_the_same_notebook_key(case: Case) -> None:
    for reader in case["sealed_keys"]:
        key = open_as(case, reader)
        assert key.secret.reveal().hex() == case["notebook_key"]
        assert key.epoch.statement_hash.hex() == case["statement_hash"]


@pytest.mark.parametrize("case", cases("grants", "refused"))
def test_a_bad_grant_is_refused_by_name(case: Case) -> None:
    expected = expected_epoch(case["expected"])
    statement, sealed_key = bytes.fromhex(case["statement"]), bytes.fromhex(case["sealed_key"])
    with pytest.raises(SealingError) as refusal:
        open_grant(statement, sealed_key, reader=person(case["reader"]), expected=expected)
    assert refusal.type is error_of(case)


@pytest.mark.parametrize("case", cases("entries", "cases"))
def test_an_entry_is_sealed_again_to_the_same_bytes(case: Case) -> None:
    random = Replayed(bytes.fromhex(case["randomness"]))
    sealed = reseal(case, random)
    assert random.left == b""
    assert len(sealed.entry) == case["entry_length"]
    assert sealed.tip == Tip(case["position"], bytes.fromhex(case["entry_hash"]))
    assert sealed.wrapped_key.hex() == case["wrapped_key"]
    assert case["entry"] in {None, sealed.entry.hex()}


def reseal(case: Case, random: Replayed) -> SealedEntry:
    body = Body(Kind[case["kind"].upper()], case["text"] * case["times"])
    key, author = notebook_key(case["grant"]), person(case["author"])
    return seal_entry(body, slot_of(case), author=author, notebook_key=key, random=random)


@pytest.mark.parametrize("case", cases("entries", "cases"))
def test_an_entry_opens_to_its_kind_and_text(case: Case) -> None:
    resealed = reseal(case, Replayed(bytes.fromhex(case["randomness"]))).entry
    entry = bytes.fromhex(case["entry"]) if case["entry"] else resealed
    sealed = SealedEntry(entry, bytes.fromhex(case["wrapped_key"]))
    author = person(case["author"]).public
    key = notebook_key(case["grant"])
    opened = open_entry(sealed, slot_of(case), notebook_key=key, author=author)
    assert opened.body.text == case["text"] * case["times"]
    assert opened.body.kind.name.lower() == case["kind"]


@pytest.mark.parametrize("case", cases("entries", "refused"))
def test_a_bad_entry_is_refused_by_name(case: Case) -> None:
    sealed = SealedEntry(bytes.fromhex(case["entry"]), bytes.fromhex(case["wrapped_key"]))
    author = person(case["author"]).public if case["author"] else None
    key = notebook_key(case["grant"])
    with pytest.raises(SealingError) as refusal:
        open_entry(sealed, slot_of(case), notebook_key=key, author=author)
    assert refusal.type is error_of(case)


def verify(case: Case) -> Tip:
    entries = [bytes.fromhex(vectors("chains")["entries"][index]) for index in case["chain"]]
    epochs = [notebook_key(name).epoch for name in ("shared-1", "shared-2")]
    return verify_chain(entries, epochs, remembered=tip_of(case["remembered"]))


@pytest.mark.parametrize("case", cases("chains", "cases"))
def test_a_whole_chain_is_verified_without_keys(case: Case) -> None:
    last = [bytes.fromhex(vectors("chains")["entries"][index]) for index in case["chain"]][-1:]
    assert verify(case) == (tip_after(last[0]) if last else sealing.EMPTY)


@pytest.mark.parametrize("case", cases("chains", "refused"))
def test_a_broken_chain_is_refused_and_names_the_position(case: Case) -> None:
    with pytest.raises(SealingError) as refusal:
        verify(case)
    assert refusal.type is error_of(case)
    assert getattr(refusal.value, "position", None) == case["position"]


def test_hpke_public_keys_are_those_of_the_published_vectors() -> None:
    with cryptography_vectors.open_vector_file("HPKE/hpke-pq-test-vectors.json", "rb") as file:
        published = [case for case in json.load(file) if case["kem_id"] == 0x647A]
    assert published
    for case in published:
        identity = Identity(Secret(bytes.fromhex(case["skRm"])), Secret(bytes(32)))
        assert identity.public.hpke_public.hex() == case["pkRm"]


def passed_on_as(case: Case) -> NotebookKey:
    later = frozenset(person(name).public.key_id for name in case["later"])
    epoch = replace(notebook_key(case["grant"]).epoch, later=later)
    passed = PassedOn(bytes.fromhex(case["statement"]), bytes.fromhex(case["sealed_key"]))
    granter = person(case["granter"]).public
    return open_passed_on(passed, epoch=epoch, granter=granter, reader=person(case["reader"]))


@pytest.mark.parametrize("case", cases("passed_on", "cases"))
def test_what_is_passed_on_opens_to_the_key_of_the_epoch(case: Case) -> None:
    opened = passed_on_as(case)
    assert opened.secret.reveal() == notebook_key(case["grant"]).secret.reveal()
    assert person(case["reader"]).public.key_id in opened.epoch.later


@pytest.mark.parametrize("case", cases("passed_on", "refused"))
def test_what_is_wrongly_passed_on_is_refused_by_name(case: Case) -> None:
    with pytest.raises(error_of(case)) as refused:
        passed_on_as(case)
    assert refused.type is error_of(case)

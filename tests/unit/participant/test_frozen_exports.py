"""What a participant once took away opens for ever, by every way to unlock; the browser opens the same samples in tests of its own."""

import base64
from pathlib import Path
from uuid import UUID

import pytest

from api.participant import ParticipantClient, ParticipantFolder, VaultKeeping
from api.participant.export import Export
from api.participant.service import NotebookService
from crypto.sealing import (
    RecoveryCode,
    Secret,
    Way,
    WrapperPlace,
    credential_hash,
    open_identity,
    prf_input,
    unwrap_vault_key,
)
from tests.vectors.frozen_maker.exports import told
from tests.vectors.frozen_maker.samples import Sample, decoded, read

EXPORTS: list[Sample] = read("note_exports")


def service_of(sample: Sample) -> NotebookService:
    return Export({name: text.encode() for name, text in sample["files"].items()}).service()


@pytest.mark.parametrize("sample", EXPORTS, ids=lambda each: f"{each['name']}, {each['format']}")
def test_every_frozen_export_opens_by_its_recovery_code(sample: Sample, tmp_path: Path) -> None:
    folder, service = ParticipantFolder(tmp_path / "folder"), service_of(sample)
    VaultKeeping(folder, service).recover(RecoveryCode.read(sample["recovery_code"]))
    client, relationship = ParticipantClient(folder, service), UUID(sample["relationship"])
    client.accept_keys(relationship, sample["words_of_others"][0])

    reading = client.read(relationship)

    assert told(reading) == sample["opens_to"]
    assert reading.trouble is None
    assert client.others_words(relationship) == sample["words_of_others"]


@pytest.mark.parametrize(
    "sample", [each for each in EXPORTS if each["passkey"]], ids=lambda each: each["name"]
)
def test_every_frozen_vault_opens_by_its_passkey(sample: Sample) -> None:
    shown, passkey = service_of(sample).vault(), sample["passkey"]
    (wrapper,) = [each for each in shown.wrappers if each.kind == "passkey"]
    credential = decoded(passkey["credential_id"])
    assert wrapper.credential_hash == credential_hash(credential)
    assert [base64.b64encode(prf_input(wrapper.salt)).decode()] == passkey["prf_inputs"]
    place = WrapperPlace(
        shown.person, wrapper.id, Way.PASSKEY, wrapper.salt, wrapper.credential_hash
    )
    secret = Secret(decoded(passkey["prf_output"]))
    key = unwrap_vault_key(wrapper.wrapped_key, secret, place)
    assert shown.sealed_identity is not None
    for each in (shown.sealed_identity, *shown.earlier_identities):
        open_identity(each, key, person_id=shown.person)


def test_the_samples_show_everything_that_can_become_of_notes() -> None:
    read_out = [each for sample in EXPORTS for each in sample["opens_to"]]
    kinds = {each["kind"] for each in read_out}
    assert kinds == {"NOTE", "GOAL", "GOAL_REVIEW", "REFLECTION", None}
    assert any(each["amends"] for each in read_out)
    assert {each["audience"] for each in read_out} == {"own", "shared"}
    texts = "".join(text for sample in EXPORTS for text in sample["files"].values())
    assert '"passed_on":[{' in texts
    assert '"after":{"position":1,' in texts
    assert '"earlier_identities":["' in texts

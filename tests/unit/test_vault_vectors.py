"""The published vectors of the vault: good ones open to what they say, bad ones are refused by name."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from crypto import sealing
from crypto.sealing import (
    Identity,
    RecoveryCode,
    RecoveryCodeHasWrongLength,
    SealingError,
    Secret,
    TypedBackDiffers,
    Way,
    WrapperPlace,
    credential_hash,
    groups_to_type_back,
    new_recovery_code,
    new_salt,
    new_vault_key,
    open_identity,
    prf_input,
    seal_identity,
    unwrap_vault_key,
    wrap_vault_key,
)

Case = dict[str, Any]
FOLDER = Path(__file__).parents[1] / "vectors" / "vault"


@cache
def vectors(name: str) -> Case:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def cases(name: str, kind: str) -> list[Any]:
    return [pytest.param(case, id=case.get("name")) for case in vectors(name)[kind]]


def error_of(case: Case) -> type[SealingError]:
    return getattr(sealing, case["error"])


def replay(randomness: str) -> Callable[[int], bytes]:
    """The recorded draws, one after the other."""
    left = bytearray.fromhex(randomness)

    def drawn(count: int) -> bytes:
        value = bytes(left[:count])
        del left[:count]
        return value

    return drawn


def place_of(case: Case) -> WrapperPlace:
    return WrapperPlace(
        UUID(case["person"]),
        UUID(case["id"]),
        Way[case["kind"].upper()],
        bytes.fromhex(case["salt"]),
        bytes.fromhex(case["credential_hash"]),
    )


def secret_of(case: Case) -> Secret | None:
    return Secret(bytes.fromhex(case["secret"])) if case["secret"] else None


@pytest.mark.parametrize("case", cases("recovery_codes", "cases"))
def test_a_code_is_made_written_and_read(case: Case) -> None:
    made = new_recovery_code(replay(case["randomness"]))
    assert (made.secret.reveal().hex(), made.reveal()) == (case["secret"], case["code"])
    assert RecoveryCode.read(case["code"]).secret.reveal() == made.secret.reveal()


@pytest.mark.parametrize("case", cases("recovery_codes", "readings"))
def test_what_people_paste_is_read(case: Case) -> None:
    assert RecoveryCode.read(case["typed"]).reveal() == case["code"]


@pytest.mark.parametrize("case", cases("recovery_codes", "refused"))
def test_what_is_no_code_is_refused(case: Case) -> None:
    with pytest.raises(SealingError) as refusal:
        RecoveryCode.read(case["typed"])
    assert type(refusal.value) is error_of(case)
    if isinstance(refusal.value, RecoveryCodeHasWrongLength):
        assert refusal.value.length == case["length"]


@pytest.mark.parametrize("case", cases("recovery_codes", "groups"))
def test_two_groups_are_drawn(case: Case) -> None:
    assert groups_to_type_back(replay(case["randomness"])) == tuple(case["groups"])


@pytest.mark.parametrize("case", cases("recovery_codes", "typed_back"))
def test_two_groups_are_typed_back(case: Case) -> None:
    code, groups = RecoveryCode.read(case["code"]), tuple(case["groups"])
    if case["accepted"]:
        code.require_typed_back(groups, case["typed"])
        return
    with pytest.raises(TypedBackDiffers):
        code.require_typed_back(groups, case["typed"])


@pytest.mark.parametrize("case", cases("wrappers", "cases"))
def test_a_wrapper_is_made_and_opened(case: Case) -> None:
    key, place = Secret(bytes.fromhex(case["vault_key"])), place_of(case)
    wrapped = wrap_vault_key(key, secret_of(case), place, replay(case["randomness"]))
    assert wrapped.hex() == case["wrapped_key"]
    assert unwrap_vault_key(wrapped, secret_of(case), place).reveal() == key.reveal()


@pytest.mark.parametrize("case", cases("wrappers", "credentials"))
def test_a_credential_has_a_hash(case: Case) -> None:
    assert credential_hash(bytes.fromhex(case["credential_id"])).hex() == case["credential_hash"]


@pytest.mark.parametrize("case", cases("wrappers", "prf_inputs"))
def test_a_salt_gives_what_a_passkey_is_asked(case: Case) -> None:
    assert prf_input(bytes.fromhex(case["salt"])).hex() == case["prf_input"]


@pytest.mark.parametrize("case", cases("wrappers", "refused"))
def test_a_bad_wrapper_is_refused(case: Case) -> None:
    with pytest.raises(SealingError) as refusal:
        unwrap_vault_key(bytes.fromhex(case["wrapped_key"]), secret_of(case), place_of(case))
    assert type(refusal.value) is error_of(case)


@pytest.mark.parametrize("case", cases("sealed_identities", "cases"))
def test_an_identity_is_sealed_and_opened(case: Case) -> None:
    identity = Identity.from_bytes(bytes.fromhex(case["private"]))
    key, person = Secret(bytes.fromhex(case["vault_key"])), UUID(case["person"])
    sealed = seal_identity(identity, key, person_id=person, random=replay(case["randomness"]))
    assert sealed.hex() == case["sealed"]
    assert open_identity(sealed, key, person_id=person).to_bytes() == identity.to_bytes()


@pytest.mark.parametrize("case", cases("sealed_identities", "refused"))
def test_a_bad_sealed_identity_is_refused(case: Case) -> None:
    key, person = Secret(bytes.fromhex(case["vault_key"])), UUID(case["person"])
    with pytest.raises(SealingError) as refusal:
        open_identity(bytes.fromhex(case["sealed"]), key, person_id=person)
    assert type(refusal.value) is error_of(case)


@pytest.mark.parametrize("case", cases("vaults", "cases"))
def test_a_whole_vault_is_begun_in_the_documented_order(case: Case) -> None:
    random, person = replay(case["randomness"]), UUID(case["person"])
    key = new_vault_key(random)
    identity = Identity.from_bytes(bytes.fromhex(case["private"]))
    sealed = seal_identity(identity, key, person_id=person, random=random)
    assert (key.reveal().hex(), sealed.hex()) == (case["vault_key"], case["sealed_identity"])
    for row in case["wrappers"]:
        code, salt = new_recovery_code(random), new_salt(random)
        place = place_of(row)
        assert (code.reveal(), salt) == (row["code"], place.salt)
        assert wrap_vault_key(key, code.secret, place, random).hex() == row["wrapped_key"]


@pytest.mark.parametrize("case", cases("vaults", "cases"))
def test_every_way_opens_a_whole_vault(case: Case) -> None:
    person = UUID(case["person"])
    for row in case["wrappers"]:
        code = RecoveryCode.read(row["code"])
        key = unwrap_vault_key(bytes.fromhex(row["wrapped_key"]), code.secret, place_of(row))
        opened = open_identity(bytes.fromhex(case["sealed_identity"]), key, person_id=person)
        assert opened.to_bytes().hex() == case["private"]

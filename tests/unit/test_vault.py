"""The vault beyond its vectors: every changed byte is refused, and nothing secret prints."""

from contextlib import suppress
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.sealing import (
    DoesNotUnlock,
    NotARecoveryCode,
    PrfOutputUnusable,
    RandomnessFailed,
    RecoveryCode,
    RecoveryCodeIsMistyped,
    SealingError,
    Secret,
    UnknownFormat,
    Way,
    WrapperPlace,
    new_identity,
    new_recovery_code,
    new_salt,
    new_vault_key,
    open_identity,
    seal_identity,
    sealed_key_id,
    unwrap_vault_key,
    wrap_vault_key,
)
from crypto.sealing.recovery_code import LETTERS

PERSON, WRAPPER = UUID(int=1), UUID(int=2)
CODE, KEY = new_recovery_code(), new_vault_key()
PLACE = WrapperPlace(PERSON, WRAPPER, Way.RECOVERY_CODE, new_salt())


def one_byte_changed(data: bytes) -> list[bytes]:
    return [data[:at] + bytes((byte ^ 1,)) + data[at + 1 :] for at, byte in enumerate(data)]


def test_every_changed_byte_of_a_wrapper_is_refused() -> None:
    for changed in one_byte_changed(wrap_vault_key(KEY, CODE.secret, PLACE)):
        with pytest.raises(SealingError):
            unwrap_vault_key(changed, CODE.secret, PLACE)


def test_every_changed_byte_of_a_sealed_identity_is_refused() -> None:
    for changed in one_byte_changed(seal_identity(new_identity(), KEY, person_id=PERSON)):
        with pytest.raises(SealingError):
            open_identity(changed, KEY, person_id=PERSON)


def test_a_sealed_identity_names_its_key_in_the_open() -> None:
    identity = new_identity()
    sealed = seal_identity(identity, KEY, person_id=PERSON)
    assert sealed_key_id(sealed) == identity.public.key_id
    assert identity.to_bytes()[3:67] not in sealed


def test_two_wrappers_of_one_key_have_nothing_in_common() -> None:
    first = wrap_vault_key(KEY, CODE.secret, PLACE)
    second = wrap_vault_key(KEY, CODE.secret, PLACE)
    assert first[48:] != second[48:]
    with pytest.raises(DoesNotUnlock):
        unwrap_vault_key(first, new_recovery_code().secret, PLACE)


@given(st.binary(min_size=17, max_size=17), st.data())
def test_a_code_survives_writing_and_up_to_four_wrong_letters_never_pass(
    drawn: bytes, data: st.DataObject
) -> None:
    written = new_recovery_code(lambda _: drawn).reveal()
    assert RecoveryCode.read(written.lower()).reveal() == written
    letters = list(written.replace("-", ""))
    places = data.draw(st.sets(st.integers(0, 29), min_size=1, max_size=4))
    for place in places:
        letters[place] = data.draw(
            st.sampled_from([each for each in LETTERS if each != letters[place]])
        )
    with pytest.raises(RecoveryCodeIsMistyped):
        RecoveryCode.read("".join(letters))


def test_any_two_letters_that_change_places_are_noticed() -> None:
    bare = CODE.reveal().replace("-", "")
    for one, other in combinations(range(30), 2):
        letters = list(bare)
        letters[one], letters[other] = letters[other], letters[one]
        if letters != list(bare):
            with pytest.raises(RecoveryCodeIsMistyped):
                RecoveryCode.read("".join(letters))


@given(st.text(max_size=300))
def test_any_text_is_a_code_or_a_refusal(typed: str) -> None:
    with suppress(SealingError):
        assert len(RecoveryCode.read(typed).reveal()) == len("-".join(["12345"] * 6))


def test_a_passkey_that_answers_nothing_wraps_nothing() -> None:
    place = WrapperPlace(PERSON, WRAPPER, Way.PASSKEY, new_salt(), bytes(32))
    for output in (None, Secret(b""), Secret(bytes(32)), Secret(b"\x01" * 31)):
        with pytest.raises(PrfOutputUnusable):
            wrap_vault_key(KEY, output, place)


def test_a_recovery_code_of_another_length_wraps_nothing() -> None:
    for secret in (None, Secret(b""), Secret(bytes(32))):
        with pytest.raises(NotARecoveryCode):
            wrap_vault_key(KEY, secret, PLACE)


def test_a_place_that_no_wrapper_can_have_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        WrapperPlace(PERSON, WRAPPER, Way.PASSKEY, new_salt())


def test_short_randomness_is_refused() -> None:
    for make in (new_vault_key, new_salt, new_recovery_code):
        with pytest.raises(RandomnessFailed):
            make(lambda _: b"short")


def test_nothing_secret_prints() -> None:
    assert repr(CODE) == repr(KEY) == "<sealed>"
    printed = f"{CODE} {CODE!r} {CODE.__dict__}"
    assert not any(group in printed for group in CODE.groups)

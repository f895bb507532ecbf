"""A participant's vault: confirmed before it counts, opened on another device, and never another one than theirs."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.participant import (
    FolderHasOtherKeys,
    NotUnderstood,
    NoVaultYet,
    ParticipantClient,
    ParticipantFolder,
    ServiceRefused,
    VaultIsAnothers,
    VaultIsThere,
    VaultKeeping,
)
from api.participant.service import NotebookService
from crypto.sealing import (
    DoesNotUnlock,
    RecoveryCode,
    SealingError,
    TypedBackDiffers,
    UnknownFormat,
    VaultBelongsElsewhere,
    VaultWasAltered,
    new_recovery_code,
)
from tests.unit.participant.keeper import Keeper

Shown = dict[str, Any]
Lie = Callable[[Shown], None]


class Devices:
    """The mentee's devices, each with a folder of its own, and the codes that were shown."""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self.keeper, self.folder = keeper, folder
        self.codes: list[RecoveryCode] = []
        self.service = NotebookService(keeper.http_for(keeper.mentee))

    def folder_of(self, name: str) -> ParticipantFolder:
        return ParticipantFolder(self.folder / name)

    def keeping(self, name: str = "first") -> VaultKeeping:
        return VaultKeeping(self.folder_of(name), self.service)

    def client(self, name: str = "first") -> ParticipantClient:
        return ParticipantClient(self.folder_of(name), self.service)

    def set_up(self, name: str = "first", *, anew: bool = False) -> str:
        keeping = self.keeping(name)
        return (keeping.begin_anew if anew else keeping.begin)(self.codes.append)


@pytest.fixture
def devices(keeper: Keeper, tmp_path: Path) -> Devices:
    return Devices(keeper, tmp_path)


@pytest.fixture
def kept(devices: Devices) -> Devices:
    devices.set_up()
    return devices


def test_either_code_brings_the_keys_and_with_them_the_notes_to_another_device(
    kept: Devices,
) -> None:
    relationship = kept.keeper.relationship
    kept.client().write(relationship, "Marmalade-gantry")
    for number, code in enumerate(kept.codes):
        words = kept.keeping(f"device {number}").recover(code)
        there = kept.client(f"device {number}")
        assert words == there.my_words() == kept.client().my_words()
        assert [each.text for each in there.read(relationship)] == ["Marmalade-gantry"]


def test_the_service_is_handed_no_code_and_no_private_key(kept: Devices) -> None:
    private = kept.folder_of("first").identity().to_bytes()[3:67]
    secrets = [private, *(code.secret.reveal() for code in kept.codes)]
    written = [each.reveal() for each in kept.codes]
    for handed_in in kept.keeper.vaults.handed_in:
        assert not any(each.encode() in handed_in for each in written)
        assert not any(base64.b64encode(each)[:20] in handed_in for each in secrets)


def test_nothing_is_handed_in_while_a_code_is_not_confirmed(devices: Devices) -> None:
    def confirm_the_first_only(code: RecoveryCode) -> None:
        devices.codes.append(code)
        if len(devices.codes) > 1:
            raise TypedBackDiffers

    with pytest.raises(TypedBackDiffers):
        devices.keeping().begin(confirm_the_first_only)
    assert devices.keeper.vaults.handed_in == []
    assert not devices.folder_of("first").has_identity


def test_keys_that_were_published_before_get_their_vault(devices: Devices) -> None:
    words = devices.client().make_keys()
    assert devices.set_up() == words
    assert devices.keeping("second").recover(devices.codes[0]) == words


def test_a_second_vault_is_not_begun_unless_it_is_meant(kept: Devices) -> None:
    with pytest.raises(VaultIsThere):
        kept.set_up("second")
    lost, old_code = kept.client().my_words(), kept.codes[0]
    words = kept.set_up("second", anew=True)
    assert words != lost
    with pytest.raises(DoesNotUnlock):
        kept.keeping("third").recover(old_code)
    assert kept.keeping("third").recover(kept.codes[-1]) == words


def test_keys_that_are_replaced_stay_in_the_folder_and_in_the_vault(kept: Devices) -> None:
    before = kept.folder_of("first").identity().to_bytes()
    kept.set_up(anew=True)
    kept.keeping("second").recover(kept.codes[-1])
    for name in ("first", "second"):
        earlier = kept.folder_of(name).earlier_identities()
        assert [each.to_bytes() for each in earlier] == [before]
    assert kept.client().my_words() == kept.client("second").my_words()


def test_there_is_nothing_to_recover_without_a_vault(devices: Devices) -> None:
    with pytest.raises(NoVaultYet):
        devices.keeping().recover(new_recovery_code())


def test_a_wrong_code_opens_nothing_and_asks_the_service_nothing_more(kept: Devices) -> None:
    with pytest.raises(DoesNotUnlock):
        kept.keeping("second").recover(new_recovery_code())
    assert not kept.folder_of("second").has_identity
    assert len(kept.keeper.vaults.handed_in) == 1


def test_a_folder_with_other_keys_is_left_as_it_is(kept: Devices) -> None:
    VaultKeeping(
        kept.folder_of("mentor's"), NotebookService(kept.keeper.http_for(kept.keeper.mentor))
    ).begin(lambda _: None)
    before = kept.folder_of("mentor's").identity().to_bytes()
    (kept.folder / "mentor's" / "vault.json").unlink()
    with pytest.raises(FolderHasOtherKeys):
        kept.keeping("mentor's").recover(kept.codes[0])
    assert kept.folder_of("mentor's").identity().to_bytes() == before


def test_ways_in_are_listed_added_and_removed(kept: Devices) -> None:
    kept.keeping().add_code(kept.codes[0], kept.codes.append)
    first, *others = [each.id for each in kept.keeping().ways()]
    kept.keeping().remove_way(first)
    assert [each.id for each in kept.keeping().ways()] == others
    with pytest.raises(DoesNotUnlock):
        kept.keeping("second").recover(kept.codes[0])
    kept.keeping("second").recover(kept.codes[-1])
    with pytest.raises(ServiceRefused):
        kept.keeping().remove_way(others[0])


def test_a_code_is_added_only_by_one_that_opens_the_vault(kept: Devices) -> None:
    with pytest.raises(DoesNotUnlock):
        kept.keeping().add_code(new_recovery_code(), kept.codes.append)
    assert len(kept.codes) == len(kept.keeping().ways()) == 2


def flipped(text: str, at: int) -> str:
    content = bytearray(base64.b64decode(text))
    content[at] ^= 1
    return base64.b64encode(content).decode()


def names_another_person(shown: Shown) -> None:
    shown["person"] = str(uuid4())


def hides_the_wrappers(shown: Shown) -> None:
    shown["wrappers"] = []


def shows_no_keys(shown: Shown) -> None:
    shown["sealed_identity"] = None


def relabels_the_wrappers(shown: Shown) -> None:
    for each in shown["wrappers"]:
        each["id"] = str(uuid4())


def swaps_the_salts(shown: Shown) -> None:
    first, second = shown["wrappers"]
    first["salt"], second["salt"] = second["salt"], first["salt"]


def shortens_the_salts(shown: Shown) -> None:
    for each in shown["wrappers"]:
        each["salt"] = ""


def alters_the_wrapped_keys(shown: Shown) -> None:
    for each in shown["wrappers"]:
        each["wrapped_key"] = flipped(each["wrapped_key"], 60)


def lowers_the_suite(shown: Shown) -> None:
    for each in shown["wrappers"]:
        each["wrapped_key"] = flipped(each["wrapped_key"], 2)


def calls_the_codes_passkeys(shown: Shown) -> None:
    for each in shown["wrappers"]:
        each["kind"] = "passkey"


def alters_the_sealed_identity(shown: Shown) -> None:
    shown["sealed_identity"] = flipped(shown["sealed_identity"], 100)


def names_another_key(shown: Shown) -> None:
    shown["sealed_identity"] = flipped(shown["sealed_identity"], 10)


def lowers_the_suite_of_the_identity(shown: Shown) -> None:
    shown["sealed_identity"] = flipped(shown["sealed_identity"], 2)


def adds_an_earlier_identity(shown: Shown) -> None:
    shown["earlier_identities"].append(flipped(shown["sealed_identity"], -1))


def answers_something_else(shown: Shown) -> None:
    shown["wrappers"] = "none"


LIES: list[tuple[Lie, type[Exception]]] = [
    (names_another_person, DoesNotUnlock),
    (hides_the_wrappers, NoVaultYet),
    (shows_no_keys, NoVaultYet),
    (relabels_the_wrappers, DoesNotUnlock),
    (swaps_the_salts, DoesNotUnlock),
    (shortens_the_salts, NotUnderstood),
    (alters_the_wrapped_keys, VaultWasAltered),
    (lowers_the_suite, UnknownFormat),
    (calls_the_codes_passkeys, DoesNotUnlock),
    (alters_the_sealed_identity, VaultWasAltered),
    (names_another_key, VaultBelongsElsewhere),
    (lowers_the_suite_of_the_identity, UnknownFormat),
    (adds_an_earlier_identity, VaultWasAltered),
    (answers_something_else, NotUnderstood),
]


@pytest.mark.parametrize(("lie", "refusal"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_a_new_device_takes_nothing_from_a_service_that(
    kept: Devices, lie: Lie, refusal: type[Exception]
) -> None:
    kept.keeper.vaults.lie = lie
    with pytest.raises(refusal):
        kept.keeping("second").recover(kept.codes[0])
    assert not kept.folder_of("second").has_identity
    kept.keeper.vaults.lie = None
    kept.keeping("second").recover(kept.codes[0])


def test_a_device_that_knows_its_vault_takes_no_other(kept: Devices) -> None:
    """The service shows the mentor's vault, or none, or an older one, to the mentee."""
    mentee, mentor = kept.keeper.mentee, kept.keeper.mentor
    service = NotebookService(kept.keeper.http_for(mentor))
    mentors: list[RecoveryCode] = []
    VaultKeeping(kept.folder_of("mentor"), service).begin(mentors.append)
    vaults = kept.keeper.vaults.vaults
    own = vaults[mentee]
    for shown in (vaults[mentor], None):
        vaults.pop(mentee, None)
        if shown is not None:
            vaults[mentee] = shown
        for act in (kept.keeping().ways, lambda: kept.keeping().recover(mentors[0])):
            with pytest.raises(VaultIsAnothers):
                act()
        with pytest.raises(VaultIsAnothers):
            kept.set_up()
    vaults[mentee] = own
    kept.keeping().recover(kept.codes[0])


def test_a_device_that_knows_its_person_is_nobody_else(kept: Devices) -> None:
    kept.keeper.vaults.lie = names_another_person
    with pytest.raises(VaultIsAnothers):
        kept.keeping().add_code(kept.codes[0], kept.codes.append)
    assert len(kept.codes) == 2


@pytest.mark.parametrize("at", range(0, 96, 5))
def test_no_altered_wrapper_gives_other_keys(kept: Devices, at: int) -> None:
    def alters_a_byte(shown: Shown) -> None:
        for each in shown["wrappers"]:
            each["wrapped_key"] = flipped(each["wrapped_key"], at)

    kept.keeper.vaults.lie = alters_a_byte
    with pytest.raises(SealingError):
        kept.keeping("second").recover(kept.codes[0])

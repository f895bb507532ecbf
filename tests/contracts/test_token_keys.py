"""Keys in a token: they stay in it, end with their objects, and outlive a token that is taken out."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from crypto.errors import (
    Erased,
    KeyFileIsMissing,
    KeyFileIsOpenToOthers,
    KeyServiceRefuses,
    KeyServiceUnavailable,
    NoEpochYet,
)
from crypto.kms.pkcs11 import _THE_THREAD, Pkcs11KeyService
from tests.key_services.softhsm import PIN, SoftHsm

ROOT = Path(__file__).parents[2]
SECRET = bytes(range(32))
CONTEXT = b"branch-key of personal"
ANOTHER_PROCESS = """
import sys
from pathlib import Path
from crypto.kms.pkcs11 import Pkcs11KeyService
driver, prefix, pin_file = sys.argv[1:4]
service = Pkcs11KeyService(Path(driver), {"personal": Path(pin_file)}, prefix)
wrapped = service.wrap("personal", service.new_epoch("personal"), bytes(range(32)), b"context")
service.destroy_epoch("personal", 1)
print(wrapped.hex())
"""


@pytest.fixture
def service(softhsm: SoftHsm) -> Pkcs11KeyService:
    service = softhsm.service("personal")
    service.new_epoch("personal")
    return service


@contextmanager
def looking(softhsm: SoftHsm) -> Iterator[pkcs11.Session]:
    """A session of somebody who has the PIN and would like the keys."""
    token = pkcs11.lib(str(softhsm.driver)).get_token(token_label=f"{softhsm.prefix}-personal")
    with token.open(rw=True) as session:
        yield session


def test_a_key_is_made_in_the_token_and_cannot_be_taken_out(
    softhsm: SoftHsm, service: Pkcs11KeyService
) -> None:
    with looking(softhsm) as session:
        [key] = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        assert key[Attribute.SENSITIVE]
        assert key[Attribute.ALWAYS_SENSITIVE]
        assert key[Attribute.NEVER_EXTRACTABLE]
        assert key[Attribute.LOCAL]
        assert key[Attribute.PRIVATE]
        assert key[Attribute.VALUE_LEN] == 32
        for ability in (Attribute.EXTRACTABLE, Attribute.WRAP, Attribute.DERIVE):
            assert not key[ability]
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            key[Attribute.VALUE]
    assert service.epoch("personal") == 1


def test_destroying_an_epoch_leaves_no_object_of_it(
    softhsm: SoftHsm, service: Pkcs11KeyService
) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    service.new_epoch("personal")
    before = {path for path in softhsm.tokens.rglob("*.object") if path.stat().st_size}
    service.destroy_epoch("personal", 1)
    after = {path for path in softhsm.tokens.rglob("*.object") if path.stat().st_size}
    assert len(before - after) == 1
    with looking(softhsm) as session:
        labels = [
            key.label for key in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        ]
    assert labels == [f"{softhsm.prefix}/personal/2"]
    with pytest.raises(Erased):
        service.unwrap("personal", 1, wrapped, CONTEXT)
    assert service.is_destroyed("personal", 1)


def test_another_process_makes_and_destroys_epochs_that_this_one_sees(
    softhsm: SoftHsm, service: Pkcs11KeyService
) -> None:
    old = service.wrap("personal", 1, SECRET, CONTEXT)
    given = (str(softhsm.driver), softhsm.prefix, str(softhsm.pin_file("personal")))
    told = subprocess.run(
        (sys.executable, "-c", ANOTHER_PROCESS, *given),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert service.epoch("personal") == 2
    assert service.unwrap("personal", 2, bytes.fromhex(told.stdout), b"context") == SECRET
    with pytest.raises(Erased):
        service.unwrap("personal", 1, old, CONTEXT)


def test_what_two_makers_wrapped_under_one_number_opens_and_ends_together(
    service: Pkcs11KeyService,
) -> None:
    first = service.wrap("personal", 1, SECRET, CONTEXT)
    service._make("personal", 1, {})
    wrapped = [first, *(service.wrap("personal", 1, SECRET, CONTEXT) for _ in range(4))]
    assert [service.unwrap("personal", 1, each, CONTEXT) for each in wrapped] == [SECRET] * 5
    service.new_epoch("personal")
    service.destroy_epoch("personal", 1)
    with pytest.raises(Erased):
        service.unwrap("personal", 1, first, CONTEXT)


def test_a_token_that_is_away_is_not_taken_for_an_empty_one(
    softhsm: SoftHsm, service: Pkcs11KeyService
) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    away = softhsm.tokens.rename(softhsm.folder / "in a drawer")
    attempts = (
        lambda: service.epoch("personal"),
        lambda: service.unwrap("personal", 1, wrapped, CONTEXT),
        lambda: service.new_epoch("personal"),
        lambda: service.is_destroyed("personal", 1),
    )
    for attempt in attempts:
        with pytest.raises(KeyServiceUnavailable) as away_error:
            attempt()
        assert away_error.value.__context__ is None
    away.rename(softhsm.tokens)
    assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET
    assert service.epoch("personal") == 1


def test_a_session_that_ended_is_opened_again(softhsm: SoftHsm, service: Pkcs11KeyService) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    pkcs11.lib(str(softhsm.driver)).reinitialize()
    assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET


def test_a_token_that_does_not_answer_in_time_is_unavailable(
    service: Pkcs11KeyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()
    stuck = _THE_THREAD.submit(answers.wait, 60)
    with monkeypatch.context() as impatient:
        impatient.setattr("crypto.kms.pkcs11.TIMEOUT_SECONDS", 0.05)
        with pytest.raises(KeyServiceUnavailable):
            service.epoch("personal")
    answers.set()
    assert stuck.result()
    assert service.epoch("personal") == 1


def test_a_wrong_pin_is_tried_once_since_tokens_lock_themselves(softhsm: SoftHsm) -> None:
    softhsm.pin_file("personal").write_text("00000000\n")
    service = softhsm.service("personal")
    for _ in range(2):
        with pytest.raises(KeyServiceRefuses) as refused:
            service.epoch("personal")
        assert "00000000" not in f"{refused.value!r} {vars(refused.value)} {vars(service)}"
        softhsm.pin_file("personal").write_text(PIN)
    with pytest.raises(NoEpochYet):
        softhsm.service("personal").epoch("personal")


def test_a_pin_file_must_be_there_and_its_owners_alone(softhsm: SoftHsm) -> None:
    softhsm.pin_file("personal").chmod(0o640)
    with pytest.raises(KeyFileIsOpenToOthers):
        softhsm.service("personal").epoch("personal")
    softhsm.pin_file("personal").unlink()
    with pytest.raises(KeyFileIsMissing):
        softhsm.service("personal").epoch("personal")


def test_a_driver_that_is_not_there_is_unavailable(softhsm: SoftHsm) -> None:
    service = Pkcs11KeyService(
        Path("/nowhere/driver.so"), softhsm.pin_files(["personal"]), softhsm.prefix
    )
    with pytest.raises(KeyServiceUnavailable):
        service.epoch("personal")

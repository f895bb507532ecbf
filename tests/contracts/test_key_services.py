"""What every key service promises; each adapter passes the same suite."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crypto.errors import (
    Absent,
    CompartmentIsClosed,
    Erased,
    KeyFileIsDamaged,
    KeyFileIsMissing,
    KeyFileIsOpenToOthers,
    NewestEpochStays,
    Tampered,
)
from crypto.kms import KeyService
from crypto.kms.local import LocalKeyService, make_key_file

Reopen = Callable[[], KeyService]
SECRET = bytes(range(32))
CONTEXT = b"branch-key of personal"
OPEN = ("personal", "special")


def local(folder: Path) -> Reopen:
    files = {compartment: folder / f"{compartment}.json" for compartment in OPEN}
    for compartment, path in files.items():
        make_key_file(path, compartment)
    return lambda: LocalKeyService(files)


ADAPTERS: dict[str, Callable[[Path], Reopen]] = {"local": local}


@pytest.fixture(params=ADAPTERS)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Reopen:
    """Opens the same service again, as a process that starts later would."""
    return ADAPTERS[request.param](tmp_path)


@pytest.fixture
def service(reopen: Reopen) -> KeyService:
    return reopen()


class TestEveryKeyService:
    def test_says_which_compartments_are_open(self, service: KeyService) -> None:
        assert service.compartments() == frozenset(OPEN)

    def test_begins_with_epoch_1(self, service: KeyService) -> None:
        assert service.epoch("personal") == 1

    def test_unwraps_what_it_wrapped_also_after_a_restart(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET
        assert reopen().unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_wraps_no_secret_twice_to_the_same_bytes(self, service: KeyService) -> None:
        wrapped = {service.wrap("personal", 1, SECRET, CONTEXT) for _ in range(20)}
        assert len(wrapped) == 20
        assert not any(SECRET in each for each in wrapped)

    def test_refuses_another_context(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        for other in (b"", CONTEXT + b"\x00", CONTEXT[:-1], b"branch-key of special"):
            with pytest.raises(Tampered):
                service.unwrap("personal", 1, wrapped, other)

    def test_refuses_another_compartments_secret(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        with pytest.raises(Tampered):
            service.unwrap("special", 1, wrapped, CONTEXT)

    def test_refuses_another_epochs_secret(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        service.new_epoch("personal")
        with pytest.raises(Tampered):
            service.unwrap("personal", 2, wrapped, CONTEXT)

    def test_refuses_every_changed_byte_and_every_truncation(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        for at in range(len(wrapped)):
            changed = bytearray(wrapped)
            changed[at] ^= 0x01
            for wrong in (bytes(changed), wrapped[:at]):
                with pytest.raises(Tampered):
                    service.unwrap("personal", 1, wrong, CONTEXT)

    def test_keeps_old_epochs_open_beside_a_new_one(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        assert service.new_epoch("personal") == 2
        for each in (service, reopen()):
            assert each.epoch("personal") == 2
            assert each.epoch("special") == 1
            assert each.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_uses_an_epoch_that_another_process_began(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        other = reopen()
        wrapped = other.wrap("personal", other.new_epoch("personal"), SECRET, CONTEXT)
        assert service.unwrap("personal", 2, wrapped, CONTEXT) == SECRET

    def test_loses_no_epoch_that_another_process_began(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        other = reopen()
        wrapped = other.wrap("personal", other.new_epoch("personal"), SECRET, CONTEXT)
        assert service.new_epoch("personal") == 3
        assert reopen().unwrap("personal", 2, wrapped, CONTEXT) == SECRET

    def test_says_erased_of_a_destroyed_epoch(self, service: KeyService, reopen: Reopen) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        service.new_epoch("personal")
        service.destroy_epoch("personal", 1)
        service.destroy_epoch("personal", 1)
        for each in (service, reopen()):
            with pytest.raises(Erased):
                each.unwrap("personal", 1, wrapped, CONTEXT)
            with pytest.raises(Erased):
                each.wrap("personal", 1, SECRET, CONTEXT)

    def test_says_absent_of_an_epoch_that_never_was(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        for epoch in (-1, 0, 2, 99):
            with pytest.raises(Absent):
                service.unwrap("personal", epoch, wrapped, CONTEXT)
            with pytest.raises(Absent):
                service.wrap("personal", epoch, SECRET, CONTEXT)
            with pytest.raises(Absent):
                service.destroy_epoch("personal", epoch)
            with pytest.raises(Absent):
                service.is_destroyed("personal", epoch)

    def test_says_whether_a_destruction_is_confirmed(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        other = reopen()
        assert service.new_epoch("personal") == 2
        assert not service.is_destroyed("personal", 1)
        other.destroy_epoch("personal", 1)
        assert service.is_destroyed("personal", 1)
        assert not service.is_destroyed("personal", 2)
        assert not service.is_destroyed("special", 1)

    def test_never_gives_a_destroyed_epochs_number_again(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        service.new_epoch("personal")
        service.destroy_epoch("personal", 1)
        assert reopen().new_epoch("personal") == 3

    def test_keeps_the_newest_epoch(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        with pytest.raises(NewestEpochStays):
            service.destroy_epoch("personal", 1)
        assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_keeps_a_closed_compartment_closed(self, service: KeyService) -> None:
        attempts: list[Callable[[], object]] = [
            lambda: service.epoch("contact"),
            lambda: service.new_epoch("contact"),
            lambda: service.destroy_epoch("contact", 1),
            lambda: service.is_destroyed("contact", 1),
            lambda: service.wrap("contact", 1, SECRET, CONTEXT),
            lambda: service.unwrap("contact", 1, b"x" * 93, CONTEXT),
        ]
        for attempt in attempts:
            with pytest.raises(CompartmentIsClosed):
                attempt()


class TestLocalKeyFiles:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "personal.json"
        make_key_file(path, "personal")
        return path

    def test_are_made_for_their_owner_alone(self, path: Path) -> None:
        assert path.stat().st_mode & 0o777 == 0o600
        LocalKeyService({"personal": path}).new_epoch("personal")
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o601, 0o777])
    def test_are_refused_when_others_have_any_right(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        with pytest.raises(KeyFileIsOpenToOthers):
            LocalKeyService({"personal": path})

    def test_print_as_sealed_once_read(self, path: Path) -> None:
        encoded = json.loads(path.read_text())["epochs"]["1"]
        shown = repr(vars(LocalKeyService({"personal": path})))
        assert "<sealed>" in shown
        for form in (encoded, b64decode(encoded).hex(), repr(b64decode(encoded))[2:-1]):
            assert form not in shown

    def test_are_refused_when_missing(self, path: Path) -> None:
        path.unlink()
        with pytest.raises(KeyFileIsMissing):
            LocalKeyService({"personal": path})

    def test_are_refused_for_another_compartment(self, path: Path) -> None:
        with pytest.raises(KeyFileIsDamaged):
            LocalKeyService({"special": path})

    def test_are_refused_when_damaged_and_tell_nothing_of_what_they_hold(self, path: Path) -> None:
        secret = json.loads(path.read_text())["epochs"]["1"]
        for text in damaged(path.read_text()):
            path.write_text(text)
            with pytest.raises(KeyFileIsDamaged) as refused:
                LocalKeyService({"personal": path})
            error = refused.value
            assert error.__cause__ is error.__context__ is None
            assert secret[:8] not in f"{error!r} {vars(error)}"

    def test_are_not_made_again(self, path: Path) -> None:
        before = path.read_bytes()
        make_key_file(path, "personal")
        assert path.read_bytes() == before

    def test_are_made_by_one_of_many_makers(self, tmp_path: Path) -> None:
        """Each maker goes on with the same file, so none seals under a key that is lost."""
        path = tmp_path / "new.json"

        def make(_: int) -> bytes:
            make_key_file(path, "personal")
            return path.read_bytes()

        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(make, range(16)))) == 1
        assert list(tmp_path.iterdir()) == [path]

    def test_stay_whole_when_a_write_fails(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, service = path.read_bytes(), LocalKeyService({"personal": path})

        def full(_: int) -> None:
            raise OSError

        monkeypatch.setattr("crypto.kms.local.os.fsync", full)
        with pytest.raises(OSError):  # noqa: PT011 - the disk's own error, whatever it says
            service.new_epoch("personal")
        assert path.read_bytes() == before
        assert service.epoch("personal") == 1
        assert list(path.parent.iterdir()) == [path]

    def test_leave_no_copy_of_a_destroyed_epoch_beside_them(self, path: Path) -> None:
        service = LocalKeyService({"personal": path})
        leftover = path.with_name(".personal.json.killed")
        leftover.write_bytes(path.read_bytes())
        old = json.loads(path.read_text())["epochs"]["1"]
        service.new_epoch("personal")
        service.destroy_epoch("personal", 1)
        assert not any(old in each.read_text() for each in path.parent.iterdir())


def damaged(text: str) -> Iterator[str]:
    """The file with one thing wrong, each time another."""
    content = json.loads(text)
    secret = content["epochs"]["1"]
    yield from ("", "{", text[:-2], "[]", "null", "7", '"text"')
    yield json.dumps(content | {"format": "vouchsafe-local-kek/2"})
    wrong: list[object] = [{}, [], None, {"1": secret[:-4]}, {"1": secret + "AAAA"}, {"1": 7}]
    wrong += [{"one": secret}, {"0": secret}, {"-1": secret}, {"1": "!" + secret[1:]}]
    for epochs in wrong:
        yield json.dumps(content | {"epochs": epochs})
    for name in content:
        yield json.dumps({key: value for key, value in content.items() if key != name})

"""Key-encryption keys in files: for their owner alone, whole after a crash, and told apart from damage."""

import json
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crypto.errors import KeyFileIsDamaged, KeyFileIsMissing, KeyFileIsOpenToOthers
from crypto.kms.local import LocalKeyService, make_key_file


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

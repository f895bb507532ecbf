"""A data folder that was there before is closed to others, or refused."""

import os
import stat
from pathlib import Path

import pytest

from api.cli import data_folder
from api.cli.data_folder import KeysBelongToOthers, OthersMayChangeIt, held_data_folder


def mode_of(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    (made / "keys").mkdir(parents=True)
    (made / "keys" / "contact.json").write_text("{}")
    return made


@pytest.mark.parametrize("inner", [".", "keys"])
def test_what_others_could_read_is_closed_to_them(folder: Path, inner: str) -> None:
    (folder / inner).chmod(0o755)
    with held_data_folder(folder):
        assert mode_of(folder / inner) == 0o711


@pytest.mark.parametrize("inner", [".", "keys"])
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_what_others_could_change_is_refused(folder: Path, inner: str, mode: int) -> None:
    (folder / inner).chmod(mode)
    with pytest.raises(OthersMayChangeIt), held_data_folder(folder):
        pass


def test_a_new_folder_is_ours_alone(tmp_path: Path) -> None:
    with held_data_folder(tmp_path / "new"):
        assert not mode_of(tmp_path / "new") & 0o066


def test_keys_of_another_account_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.stat

    def another(path: Path, **options: bool) -> os.stat_result:
        found = whole(path, **options)
        fields = list(found)
        fields[stat.ST_UID] += path.suffix == ".json"
        return os.stat_result(fields)

    monkeypatch.setattr(data_folder.Path, "stat", another)
    with pytest.raises(KeysBelongToOthers), held_data_folder(folder):
        pass

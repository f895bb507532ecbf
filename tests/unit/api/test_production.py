"""What a trial may do and a service in production must refuse."""

from pathlib import Path

import pytest

from api.bootstrap import NotForProduction, joined
from api.settings import Settings


def test_production_refuses_keys_that_lie_in_files(tmp_path: Path) -> None:
    settings = Settings(
        database_url="postgresql://nobody@localhost/nothing",
        key_files={"operational": tmp_path / "operational.json"},
        production=True,
    )
    with pytest.raises(NotForProduction), joined(settings):
        pass

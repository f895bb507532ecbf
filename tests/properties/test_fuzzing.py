"""A fuzzer that sees which lines ran finds no way through a door either."""

import os
import re
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]
SECONDS = "8"
PATIENCE_SECONDS = 300


def test_a_fuzzer_is_let_in_nowhere(tmp_path: Path) -> None:
    tried = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing", SECONDS, str(tmp_path)],
        cwd=HOUSE,
        env=os.environ | {"PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    told = tried.stdout + tried.stderr
    assert tried.returncode == 0, told[-4000:]
    runs = re.search(r"Done (\d+) runs", told)
    assert runs is not None, told[-4000:]
    assert int(runs[1]) > 0

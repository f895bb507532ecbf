"""An account without rights and a Python that it can run, for tests that run as root."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

NOBODY = 65534
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Somebody:
    """Who runs a command with which Python; without a user it is whoever runs the tests."""

    user: int | None = None
    python: str = sys.executable
    environment: dict[str, str] = field(default_factory=dict)

    def can_run_it(self) -> bool:
        """Whether this program can be imported by them."""
        command = [self.python, "-B", "-c", "import api.cli.running"]
        try:
            tried = subprocess.run(
                command,
                check=False,
                cwd=ROOT,
                env=self.environment,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                capture_output=True,
            )
        except PermissionError:
            return False
        return tried.returncode == 0


OURSELVES = Somebody()


@cache
def somebody_ordinary() -> Somebody:
    """Whoever runs the tests; under root an account without rights, if any Python is open to it."""
    if os.geteuid() != 0:
        return OURSELVES
    packages = {"PYTHONPATH": sysconfig.get_path("purelib")}
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    choices = [Somebody(NOBODY), Somebody(NOBODY, system, packages)]
    return next((each for each in choices if each.can_run_it()), OURSELVES)

"""A software token, whose folder belongs to one test; what it needs it brings, or it says how to."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from crypto.kms.pkcs11 import Pkcs11KeyService

INSTALL = ("apt-get", "install", "-y", "softhsm2")
DRIVERS = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN = "47110815"
SECURITY_OFFICER_PIN = "08154711"


@dataclass(frozen=True)
class SoftHsm:
    """A folder of tokens, one a compartment, and files with their PINs."""

    folder: Path
    driver: Path
    prefix: str

    @property
    def tokens(self) -> Path:
        return self.folder / "tokens"

    def pin_file(self, compartment: str) -> Path:
        return self.folder / f"{compartment}.pin"

    def pin_files(self, compartments: Iterable[str]) -> dict[str, Path]:
        return {compartment: self.pin_file(compartment) for compartment in compartments}

    def service(self, *compartments: str) -> Pkcs11KeyService:
        """Another process's service, as far as one process can hold two."""
        return Pkcs11KeyService(self.driver, self.pin_files(compartments), self.prefix)

    def add_token(self, compartment: str) -> None:
        label = f"{self.prefix}-{compartment}"
        pins = ("--so-pin", SECURITY_OFFICER_PIN, "--pin", PIN)
        command = ("softhsm2-util", "--init-token", "--free", "--label", label, *pins)
        subprocess.run(command, check=True, capture_output=True)
        self.pin_file(compartment).touch(mode=0o600)
        self.pin_file(compartment).write_text(f"{PIN}\n")


def softhsm_driver() -> Path:
    """Where SoftHSM is; as root on Debian it is installed, elsewhere the one command is named."""
    if _found() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (("apt-get", "update"), INSTALL):
            subprocess.run(command, check=False, capture_output=True)
    driver = _found()
    if driver is None or shutil.which("softhsm2-util") is None:
        pytest.fail(f"The tests of tokens need SoftHSM. Run: sudo {' '.join(INSTALL)}")
    return driver


def softhsm_in(folder: Path, patch: pytest.MonkeyPatch, compartments: Iterable[str]) -> SoftHsm:
    """Tokens in this folder, which the driver finds through its own variable."""
    # The driver remembers tokens of earlier folders until it is started again.
    made = SoftHsm(folder, softhsm_driver(), f"t{uuid4().hex[:12]}")
    made.tokens.mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {made.tokens}\nlog.level = ERROR\n")
    patch.setenv("SOFTHSM2_CONF", str(settings))
    for compartment in compartments:
        made.add_token(compartment)
    return made


def _found() -> Path | None:
    return next((Path(driver) for driver in DRIVERS if Path(driver).exists()), None)

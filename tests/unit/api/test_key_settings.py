"""A key service is chosen by settings, with all that it needs and for no more than a process may open."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.bootstrap import MAY_OPEN, TooManyCompartments, key_service, require_own_compartments
from api.settings import KeySettings
from crypto.errors import DriverIsMissing
from crypto.kms.guarded import GuardedKeyService
from crypto.kms.local import make_key_file
from domain.values import Compartment

ROOT = Path(__file__).parents[3]
WITHOUT_DRIVERS = """
import sys
sys.modules |= dict.fromkeys(("boto3", "hvac", "pkcs11"))
from pathlib import Path
from api.bootstrap import key_service
from api.settings import KeySettings
assert key_service(KeySettings(key_files={"operational": Path(sys.argv[1])})).epoch("operational") == 1
"""

NEEDED: dict[str, dict[str, Any]] = {
    "local": {"key_files": {}},
    "pkcs11": {
        "pkcs11_driver": Path("/nowhere/driver.so"),
        "pkcs11_pin_files": {"operational": Path("/nowhere/pin")},
    },
    "aws": {"aws_region": "eu-central-1", "compartments": frozenset({"operational"})},
    "openbao": {
        "openbao_url": "https://bao.example",
        "openbao_token_file": Path("/nowhere/token"),
        "compartments": frozenset({"operational"}),
    },
}


@pytest.mark.parametrize("name", NEEDED)
def test_every_key_service_is_refused_without_what_it_needs(name: str) -> None:
    assert KeySettings(key_service=name, **NEEDED[name]).key_service == name
    for missing in NEEDED[name]:
        rest = {key: value for key, value in NEEDED[name].items() if key != missing}
        with pytest.raises(ValidationError):
            KeySettings(key_service=name, **rest)


@pytest.mark.parametrize("name", ["pkcs11", "aws", "openbao"])
def test_services_outside_this_machine_stand_behind_a_breaker(name: str) -> None:
    service = key_service(KeySettings(key_service=name, **NEEDED[name]))
    assert isinstance(service, GuardedKeyService)
    assert service.compartments() == {"operational"}


@pytest.mark.parametrize(
    ("name", "driver"), [("pkcs11", "pkcs11"), ("aws", "boto3"), ("openbao", "hvac")]
)
def test_a_driver_that_is_not_installed_is_named_when_it_is_chosen(
    name: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [each for each in sys.modules if each.partition(".")[0] == driver]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delitem(sys.modules, f"crypto.kms.{name}", raising=False)
    monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(DriverIsMissing):
        key_service(KeySettings(key_service=name, **NEEDED[name]))


def test_keys_in_files_need_no_driver(tmp_path: Path) -> None:
    file = tmp_path / "operational.json"
    make_key_file(file, "operational")
    subprocess.run((sys.executable, "-c", WITHOUT_DRIVERS, str(file)), cwd=ROOT, check=True)


@pytest.mark.parametrize("prefix", ["", "a/b", "Trial", "-a", "a" * 20, "a b"])
def test_a_prefix_fits_into_every_service(prefix: str) -> None:
    with pytest.raises(ValidationError):
        KeySettings(key_files={}, key_prefix=prefix)


@pytest.mark.parametrize("process", MAY_OPEN)
def test_a_process_is_refused_every_compartment_but_its_own(process: str) -> None:
    own = frozenset(MAY_OPEN[process])
    for compartments in (own, frozenset({"operational"}), frozenset[str]()):
        require_own_compartments(naming(compartments), process)
    for other in {each.value for each in Compartment} - own:
        with pytest.raises(TooManyCompartments):
            require_own_compartments(naming(own | {other}), process)


@pytest.mark.parametrize("process", ["work", "clerk"])
def test_files_and_pins_count_as_compartments_too(process: str) -> None:
    files = {"special": Path("/nowhere/special")}
    in_files = KeySettings(key_files=files)
    in_tokens = KeySettings(
        key_service="pkcs11", pkcs11_driver=Path("/nowhere/driver.so"), pkcs11_pin_files=files
    )
    for settings in (in_files, in_tokens):
        with pytest.raises(TooManyCompartments):
            require_own_compartments(settings, process)


def naming(compartments: frozenset[str]) -> KeySettings:
    return KeySettings(key_service="aws", aws_region="eu-central-1", compartments=compartments)

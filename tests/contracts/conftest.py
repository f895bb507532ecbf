"""The services behind the adapters: what can be shared is started once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from crypto.kms import KeyService
from crypto.kms.guarded import GuardedKeyService
from crypto.kms.local import LocalKeyService, make_key_file
from tests.key_services.aws_server import AwsServer, aws_server
from tests.key_services.bao import BaoServer, bao_server, write_token
from tests.key_services.patience import patient_drivers
from tests.key_services.softhsm import SoftHsm, softhsm_in

Reopen = Callable[[], KeyService]
OPEN = ("personal", "special")


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    with patient_drivers():
        yield


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsServer]:
    with aws_server() as running:
        yield running


@pytest.fixture(scope="module")
def bao() -> Iterator[BaoServer]:
    with bao_server() as running:
        yield running


@pytest.fixture
def prefix() -> str:
    """Names that no other test uses in a service that tests share."""
    return f"t{uuid4().hex[:12]}"


@pytest.fixture
def softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    return softhsm_in(tmp_path, monkeypatch, OPEN)


@pytest.fixture
def local(tmp_path: Path) -> Reopen:
    files = {compartment: tmp_path / f"{compartment}.json" for compartment in OPEN}
    for compartment, path in files.items():
        make_key_file(path, compartment)
    return lambda: LocalKeyService(files)


@pytest.fixture
def guarded(local: Reopen) -> Reopen:
    return lambda: GuardedKeyService(local())


@pytest.fixture
def pkcs11(softhsm: SoftHsm) -> Reopen:
    return begun(lambda: softhsm.service(*OPEN))


@pytest.fixture
def amazon(aws: AwsServer, prefix: str) -> Reopen:
    return begun(lambda: aws.service(prefix, *OPEN))


@pytest.fixture
def openbao(bao: BaoServer, prefix: str, tmp_path: Path) -> Reopen:
    token_file = write_token(tmp_path)
    return begun(lambda: bao.service(token_file, prefix, *OPEN))


@pytest.fixture(params=["local", "guarded", "pkcs11", "amazon", "openbao"])
def reopen(request: pytest.FixtureRequest) -> Reopen:
    """Opens the same service again, as a process that starts later would."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def service(reopen: Reopen) -> KeyService:
    return reopen()


def begun(reopen: Reopen) -> Reopen:
    """With a first epoch in each compartment, as `vouchsafe migrate` leaves it."""
    service = reopen()
    for compartment in OPEN:
        service.new_epoch(compartment)
    return reopen

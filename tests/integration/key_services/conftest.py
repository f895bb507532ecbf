"""A service whose keys lie in each of the key services that a production may choose."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from api.bootstrap import MAY_OPEN
from api.settings import Settings
from domain.values import Compartment
from tests.databases import Database
from tests.key_services.aws_server import REGION, aws_server
from tests.key_services.bao import BaoServer, bao_server, write_token
from tests.key_services.patience import patient_drivers
from tests.key_services.softhsm import softhsm_in

ALL = tuple(sorted(compartment.value for compartment in Compartment))


@dataclass(frozen=True)
class Chosen:
    """A key service, as settings name it for a process that may open some compartments."""

    database: Database
    told: Callable[[tuple[str, ...]], dict[str, Any]]

    def settings(self, process: str, **changes: Any) -> Settings:
        url = {"serve": self.database.api_url, "work": self.database.worker_url}[process]
        told = self.told(MAY_OPEN[process])
        return Settings(database_url=SecretStr(url), pool_size=4, **{**told, **changes})

    def of_the_owner(self, **changes: Any) -> Settings:
        """What `vouchsafe migrate` is told."""
        url = SecretStr(self.database.owner_url)
        return Settings(database_url=url, **{**self.told(ALL), **changes})


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    with patient_drivers():
        yield


@pytest.fixture(scope="module")
def bao() -> Iterator[BaoServer]:
    with bao_server() as running:
        yield running


@pytest.fixture
def in_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> Chosen:
    softhsm = softhsm_in(tmp_path, monkeypatch, ALL)
    where = {"pkcs11_driver": softhsm.driver, "key_prefix": softhsm.prefix}
    return Chosen(
        database,
        lambda names: {
            "key_service": "pkcs11",
            "pkcs11_pin_files": softhsm.pin_files(names),
            **where,
        },
    )


@pytest.fixture
def in_aws(database: Database) -> Iterator[Chosen]:
    prefix = f"t{uuid4().hex[:12]}"
    with aws_server() as running:
        where = {"aws_region": REGION, "aws_endpoint": running.url, "key_prefix": prefix}
        yield Chosen(
            database,
            lambda names: {"key_service": "aws", "compartments": frozenset(names), **where},
        )


@pytest.fixture
def in_bao(tmp_path: Path, bao: BaoServer, database: Database) -> Chosen:
    where = {
        "openbao_url": bao.url,
        "openbao_token_file": write_token(tmp_path),
        "key_prefix": f"t{uuid4().hex[:12]}",
    }
    return Chosen(
        database,
        lambda names: {"key_service": "openbao", "compartments": frozenset(names), **where},
    )


@pytest.fixture(params=["in_tokens", "in_aws", "in_bao"])
def chosen(request: pytest.FixtureRequest) -> Chosen:
    return request.getfixturevalue(request.param)

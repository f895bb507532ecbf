"""Key services as a frozen sample found them: with the key that wrapped it, under the name that it had."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pkcs11 import Attribute, KeyType, ObjectClass

from crypto.kms import KeyService
from crypto.kms.aws import AwsKeyService, kms_client
from crypto.kms.local import LocalKeyService
from crypto.kms.pkcs11 import ONLY_SEALS
from tests.key_services.aws_server import REGION, made_up_account
from tests.key_services.bao import Key, bao_server, write_token
from tests.key_services.impostor import impostor
from tests.key_services.patience import patient_drivers
from tests.key_services.softhsm import PIN, SoftHsm, softhsm_in
from tests.vectors.frozen_maker.samples import Sample, decoded

World = Callable[[Sample, Path], AbstractContextManager[KeyService]]


@contextmanager
def service_of(sample: Sample, folder: Path) -> Iterator[KeyService]:
    """The service of a sample, for its compartment alone."""
    with patient_drivers(), WORLDS[sample["service"]](sample, folder) as service:
        yield service


@contextmanager
def _files(sample: Sample, folder: Path) -> Iterator[KeyService]:
    path = folder / "kek.json"
    path.touch(mode=0o600)
    path.write_text(sample["world"]["key_file"], encoding="utf-8")
    yield LocalKeyService({sample["compartment"]: path})


@contextmanager
def _token(sample: Sample, folder: Path) -> Iterator[KeyService]:
    with pytest.MonkeyPatch.context() as patch:
        softhsm = replace(softhsm_in(folder, patch, ()), prefix=sample["prefix"])
        softhsm.add_token(sample["compartment"])
        _bring_in(softhsm, sample["world"])
        yield softhsm.service(sample["compartment"])


def _bring_in(softhsm: SoftHsm, world: Mapping[str, str]) -> None:
    """Put a known key into the token, which no key service of ours would."""
    library = pkcs11.lib(str(softhsm.driver))
    library.reinitialize()
    with library.get_token(token_label=world["token"]).open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                **ONLY_SEALS,
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.AES,
                Attribute.ID: world["object_id"].encode(),
                Attribute.LABEL: world["object_label"],
                Attribute.VALUE: decoded(world["kek"]),
            }
        )


@contextmanager
def _kms(sample: Sample, _: Path) -> Iterator[KeyService]:
    """KMS itself opens nothing here: what is asked of it must be what it was asked when it wrapped."""
    with made_up_account(), impostor() as running:
        for operation, answer in sample["world"]["answers"].items():
            running.says(200, answer, to=operation)
        compartments = frozenset({sample["compartment"]})
        client = kms_client(REGION, running.url)
        yield AwsKeyService(client, compartments, sample["prefix"])
        assert running.asked["Decrypt"] == sample["world"]["asked_to_decrypt"]


@contextmanager
def _openbao(sample: Sample, folder: Path) -> Iterator[KeyService]:
    with bao_server() as bao:
        key = Key()
        key.aead = AESGCM(decoded(sample["world"]["kek"]))
        bao.engine._keys[sample["world"]["key"]] = key
        yield bao.service(write_token(folder), sample["prefix"], sample["compartment"])


WORLDS: Mapping[str, World] = {"local": _files, "pkcs11": _token, "aws": _kms, "openbao": _openbao}

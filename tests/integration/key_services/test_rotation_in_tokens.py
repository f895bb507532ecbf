"""A rotation over a real token: old key-encryption keys are gone from it, and what lay under them opens nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pkcs11
import psycopg
import pytest
from pkcs11 import Attribute, ObjectClass
from pydantic import SecretStr

from api.bootstrap import Parts, joined, keeper, key_service, prepare_database
from api.settings import Settings
from crypto.branch_keys import branch_place
from crypto.errors import Erased, Tampered
from crypto.kms import KeyService
from domain.person import Person
from domain.values import Role
from projections.reader import Reader
from tests.integration.key_services.conftest import ALL, Chosen
from tests.scheme import Scheme, Somebody, running_scheme

COPY = """
CREATE TABLE old_branch AS SELECT * FROM keys.branch_key;
CREATE TABLE old_key AS SELECT * FROM keys.data_key
"""
PUT_BACK = """
DELETE FROM keys.data_key;
DELETE FROM keys.branch_key;
INSERT INTO keys.branch_key SELECT * FROM old_branch;
INSERT INTO keys.data_key SELECT * FROM old_key
"""
FIELD_KEYS = "SELECT compartment, key_id FROM keys.data_key WHERE purpose <> 'stream'"
EPOCHS = "SELECT DISTINCT epoch FROM keys.data_key WHERE wrapped_key IS NOT NULL"
ENDED = """
SELECT compartment FROM keys.branch_key
 WHERE epoch = 1 AND wrapped_key IS NULL AND destroyed_at IS NOT NULL
"""

Owner = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Rotated:
    """A service whose keys were all put under a second epoch, while it ran."""

    chosen: Chosen
    scheme: Scheme
    coordinator: Somebody
    mentee: Somebody
    owner: Owner

    def key_service(self) -> KeyService:
        """As another process reaches it."""
        return key_service(self.chosen.of_the_owner())


@pytest.fixture
def rotated(in_tokens: Chosen) -> Iterator[Rotated]:
    """Keys are copied, as a backup copies them, before they are rotated."""
    prepare_database(in_tokens.database.owner_url, key_service(in_tokens.of_the_owner()))
    with (
        psycopg.connect(in_tokens.database.owner_url, autocommit=True) as owner,
        running(in_tokens) as scheme,
    ):
        people = scheme.person(Role.COORDINATOR), scheme.person(Role.MENTEE)
        made = Rotated(in_tokens, scheme, *people, owner)
        owner.execute(COPY)
        assert_old_branch_keys_open(made)
        rotate(in_tokens)
        yield made


@contextmanager
def running(chosen: Chosen) -> Iterator[Scheme]:
    with (
        joined(chosen.settings("serve")) as parts,
        running_scheme(parts, Reader(chosen.database.reader_url)) as scheme,
    ):
        yield scheme


def rotate(chosen: Chosen) -> None:
    """As `vouchsafe rotate-keys` does."""
    url = SecretStr(chosen.database.keeper_url)
    settings = Settings(database_url=url, **chosen.told(ALL))
    with keeper(settings, progress=lambda *_: None, go_on=lambda: True) as made:
        made.carry_out(ask=True)


def old_branch_keys(rotated: Rotated) -> list[tuple[str, bytes]]:
    found = rotated.owner.execute("SELECT compartment, wrapped_key FROM old_branch").fetchall()
    assert {compartment for compartment, _ in found} == set(ALL)
    return found


def assert_old_branch_keys_open(rotated: Rotated) -> None:
    service = rotated.key_service()
    for compartment, wrapped in old_branch_keys(rotated):
        assert service.unwrap(compartment, 1, wrapped, branch_place(compartment, 1))


def names_in_token(rotated: Rotated, compartment: str) -> list[str]:
    """What the token itself says it holds; this process has signed in to it already."""
    told = rotated.chosen.told(ALL)
    library = pkcs11.lib(str(told["pkcs11_driver"]))
    token = library.get_token(token_label=f"{told['key_prefix']}-{compartment}")
    with token.open() as session:
        keys = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        return [str(key[Attribute.LABEL]).removeprefix(f"{told['key_prefix']}/") for key in keys]


def field_keys(owner: Owner) -> list[tuple[str, UUID]]:
    found = owner.execute(FIELD_KEYS).fetchall()
    assert {compartment for compartment, _ in found} == {"contact"}
    return found


def assert_open(parts: Parts, rotated: Rotated) -> None:
    for person in (rotated.coordinator, rotated.mentee):
        assert parts.mentoring.load(Person, person.id).id == person.id
    for compartment, key_id in field_keys(rotated.owner):
        assert parts.keyring.field_key(compartment, key_id).key_id == key_id


def test_everything_opens_under_the_new_epoch_for_old_and_new_processes(rotated: Rotated) -> None:
    assert rotated.owner.execute(EPOCHS).fetchall() == [(2,)]
    assert_open(rotated.scheme.parts, rotated)
    with joined(rotated.chosen.settings("serve")) as parts:
        assert_open(parts, rotated)
    contact = rotated.coordinator.get(f"/people/{rotated.mentee.id}/contact").json()
    assert contact["name"] == rotated.mentee.name
    rotated.scheme.person(Role.MENTOR)
    assert rotated.owner.execute(EPOCHS).fetchall() == [(2,)]


def test_the_old_epochs_objects_are_gone_and_copied_branch_keys_open_no_more(
    rotated: Rotated,
) -> None:
    service = rotated.key_service()
    assert {name for (name,) in rotated.owner.execute(ENDED).fetchall()} == set(ALL)
    for compartment, wrapped in old_branch_keys(rotated):
        assert service.is_destroyed(compartment, 1)
        assert not service.is_destroyed(compartment, 2)
        assert names_in_token(rotated, compartment) == [f"{compartment}/2"]
        with pytest.raises(Erased):
            service.unwrap(compartment, 1, wrapped, branch_place(compartment, 1))
        with pytest.raises(Tampered):
            service.unwrap(compartment, 2, wrapped, branch_place(compartment, 1))


def test_a_backup_of_all_keys_that_is_put_back_opens_nothing(rotated: Rotated) -> None:
    rotated.owner.execute(PUT_BACK)
    with joined(rotated.chosen.settings("serve")) as parts:
        for person in (rotated.coordinator, rotated.mentee):
            with pytest.raises(Erased):
                parts.mentoring.load(Person, person.id)
        for compartment, key_id in field_keys(rotated.owner):
            with pytest.raises(Erased):
                parts.keyring.field_key(compartment, key_id)

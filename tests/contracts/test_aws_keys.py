"""Keys in KMS: refused unless enabled, and destroyed only when KMS knows them no more."""

from typing import Any

import pytest
from moto.kms.models import kms_backends

from crypto.errors import Erased, KeyServiceUnavailable, Tampered
from crypto.kms.aws import AwsKeyService
from crypto.kms.epochs import _bound, _digest
from tests.key_services.aws_server import REGION, AwsServer

ACCOUNT = "123456789012"
SECRET = bytes(range(32))
CONTEXT = b"branch-key of personal"


@pytest.fixture
def service(aws: AwsServer, prefix: str) -> AwsKeyService:
    service = aws.service(prefix, "personal")
    service.new_epoch("personal")
    return service


@pytest.fixture
def kms(aws: AwsServer) -> Any:
    """What an administrator of the account can do."""
    return aws._client


@pytest.fixture
def ended(service: AwsKeyService) -> tuple[str, bytes]:
    """The id of an epoch's key whose deletion is scheduled, and what it wrapped."""
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    key = service._found("personal")[1]
    service.new_epoch("personal")
    service.destroy_epoch("personal", 1)
    return key, wrapped


def test_a_key_about_to_be_deleted_is_refused_although_kms_still_uses_it(
    service: AwsKeyService, kms: Any, ended: tuple[str, bytes]
) -> None:
    key, wrapped = ended
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert service._unwrap(key, wrapped[33:], _bound("personal", 1, CONTEXT)) == SECRET
    with pytest.raises(Erased):
        service.unwrap("personal", 1, wrapped, CONTEXT)
    assert not service.is_destroyed("personal", 1)


def test_a_deletion_that_was_called_off_is_never_shown_as_destroyed(
    service: AwsKeyService, kms: Any, ended: tuple[str, bytes]
) -> None:
    key, wrapped = ended
    kms.cancel_key_deletion(KeyId=key)
    assert not service.is_destroyed("personal", 1)
    kms.enable_key(KeyId=key)
    assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET


def test_a_key_that_is_gone_is_destroyed_also_after_its_successors(
    service: AwsKeyService, ended: tuple[str, bytes]
) -> None:
    key, wrapped = ended
    _pass_the_waiting_time(key)
    assert service.is_destroyed("personal", 1)
    service.new_epoch("personal")
    assert service.is_destroyed("personal", 1)
    with pytest.raises(Erased):
        service.unwrap("personal", 1, wrapped, CONTEXT)


def test_a_key_whose_alias_alone_is_gone_is_not_taken_for_destroyed(
    service: AwsKeyService, aws: AwsServer, kms: Any, prefix: str
) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    service.new_epoch("personal")
    service.new_epoch("personal")
    kms.delete_alias(AliasName=f"alias/{prefix}/personal/1")
    later = aws.service(prefix, "personal")
    assert not later.is_destroyed("personal", 1)
    assert later.unwrap("personal", 1, wrapped, CONTEXT) == SECRET
    later.destroy_epoch("personal", 1)
    with pytest.raises(Erased):
        later.unwrap("personal", 1, wrapped, CONTEXT)


def test_a_disabled_key_is_unavailable_and_neither_erased_nor_tampered(
    service: AwsKeyService, kms: Any
) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    key = service._found("personal")[1]
    kms.disable_key(KeyId=key)
    for attempt in (
        lambda: service.wrap("personal", 1, SECRET, CONTEXT),
        lambda: service.unwrap("personal", 1, wrapped, CONTEXT),
    ):
        with pytest.raises(KeyServiceUnavailable):
            attempt()
    kms.enable_key(KeyId=key)
    assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET


def test_of_two_makers_at_one_moment_the_first_to_name_a_key_wins(
    service: AwsKeyService, aws: AwsServer, kms: Any, prefix: str
) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    before = {key["KeyId"] for key in kms.list_keys()["Keys"]}
    aws.service(prefix, "personal")._make("personal", 1, {})
    [late] = {key["KeyId"] for key in kms.list_keys()["Keys"]} - before
    assert kms.describe_key(KeyId=late)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET


def test_more_aliases_than_a_page_holds_are_all_found(
    service: AwsKeyService, aws: AwsServer, kms: Any, prefix: str
) -> None:
    key = service._found("personal")[1]
    for number in range(2, 121):
        kms.create_alias(AliasName=f"alias/{prefix}/personal/{number}", TargetKeyId=key)
    assert aws.service(prefix, "personal").epoch("personal") == 120


def test_what_was_changed_with_its_digest_made_to_fit_is_tampered_still(
    service: AwsKeyService,
) -> None:
    wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
    inner = wrapped[33:-1] + bytes([wrapped[-1] ^ 1])
    with pytest.raises(Tampered):
        service.unwrap("personal", 1, wrapped[:1] + _digest(wrapped[:1], inner) + inner, CONTEXT)


def _pass_the_waiting_time(key: str) -> None:
    """After it KMS forgets the key and takes its aliases along, as moto does, which keeps them there."""
    del kms_backends[ACCOUNT][REGION].keys[key]

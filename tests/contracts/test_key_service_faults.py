"""Whatever a remote key service does wrong has a name of ours, and carries no words of its own."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from crypto.errors import (
    KeyServiceError,
    KeyServiceRefuses,
    KeyServiceUnavailable,
    NoEpochYet,
    SealedRecordError,
)
from crypto.kms import KeyService
from crypto.kms.aws import AwsKeyService, kms_client
from crypto.kms.openbao import Bao, OpenBaoKeyService
from tests.contracts.conftest import Reopen
from tests.key_services import bao as troubles
from tests.key_services.aws_server import REGION, AwsServer
from tests.key_services.bao import BaoServer, Trouble, bao_server, write_token
from tests.key_services.impostor import Impostor, impostor

SECRET = bytes(range(32))
CONTEXT = b"branch-key of personal"
KEY = "11111111-2222-3333-4444-555555555555"
SAID = "what the service said, which may quote anything"
UNAVAILABLE: list[Trouble] = [
    troubles.sealed,
    troubles.throttled,
    troubles.broken,
    troubles.someone_elses_page,
    troubles.someone_elses_refusal,
    troubles.emptied,
    troubles.elsewhere,
]
FAILURES = [
    (400, "ThrottlingException", KeyServiceUnavailable),
    (400, "LimitExceededException", KeyServiceUnavailable),
    (500, "KMSInternalException", KeyServiceUnavailable),
    (503, "ServiceUnavailableException", KeyServiceUnavailable),
    (400, "DependencyTimeoutException", KeyServiceUnavailable),
    (400, "AccessDeniedException", KeyServiceRefuses),
    (400, "ExpiredTokenException", KeyServiceRefuses),
    (400, "UnrecognizedClientException", KeyServiceRefuses),
]
GARBAGE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"<html></html>",
    b"{}",
    b'{"Aliases": 7}',
    b'{"Aliases": [7]}',
    b'{"Aliases": [{"AliasName": 7, "TargetKeyId": []}]}',
]


@pytest.fixture
def own_bao() -> Iterator[BaoServer]:
    with bao_server() as running:
        yield running


@pytest.fixture
def in_bao(own_bao: BaoServer, tmp_path: Path) -> OpenBaoKeyService:
    service = own_bao.service(write_token(tmp_path), "trial", "personal")
    service.new_epoch("personal")
    return service


@pytest.fixture(scope="module")
def one_impostor(aws: AwsServer) -> Iterator[Impostor]:
    with impostor() as running:
        assert aws.url != running.url
        yield running


@pytest.fixture(scope="module")
def its_client(one_impostor: Impostor) -> Any:
    """One for all, since making one takes longer than a test does."""
    return kms_client(REGION, one_impostor.url)


@pytest.fixture
def fake(one_impostor: Impostor) -> Impostor:
    one_impostor.forget()
    return one_impostor


@pytest.fixture
def in_fake(fake: Impostor, its_client: Any, monkeypatch: pytest.MonkeyPatch) -> AwsKeyService:
    """Names found, keys described; what else is answered is the test's."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    alias = {"AliasName": "alias/trial/personal/1", "TargetKeyId": KEY}
    fake.says(200, {"Aliases": [alias]}, to="ListAliases")
    fake.says(200, {"KeyMetadata": {"KeyId": KEY, "KeyState": "Enabled"}}, to="DescribeKey")
    return AwsKeyService(its_client, frozenset({"personal"}), "trial")


def all_calls(service: KeyService, wrapped: bytes) -> list[Callable[[], object]]:
    return [
        lambda: service.epoch("personal"),
        lambda: service.wrap("personal", 1, SECRET, CONTEXT),
        lambda: service.unwrap("personal", 1, wrapped, CONTEXT),
        lambda: service.new_epoch("personal"),
        lambda: service.destroy_epoch("personal", 1),
        lambda: service.is_destroyed("personal", 1),
    ]


def assert_fails(attempt: Callable[[], object], kind: type[Exception]) -> None:
    with pytest.raises(kind) as failed:
        attempt()
    error = failed.value
    assert error.__cause__ is error.__context__ is None
    assert error.args in {(), ("",)}


class TestOpenBao:
    @pytest.mark.parametrize("trouble", UNAVAILABLE)
    def test_is_unavailable_while_it_answers_anything_else(
        self, own_bao: BaoServer, in_bao: OpenBaoKeyService, trouble: Trouble
    ) -> None:
        wrapped = in_bao.wrap("personal", 1, SECRET, CONTEXT)
        own_bao.trouble = trouble
        for attempt in all_calls(in_bao, wrapped):
            assert_fails(attempt, KeyServiceUnavailable)
        own_bao.trouble = None
        assert in_bao.epoch("personal") == 1
        assert in_bao.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_is_unavailable_while_nobody_listens(
        self, own_bao: BaoServer, in_bao: OpenBaoKeyService
    ) -> None:
        wrapped = in_bao.wrap("personal", 1, SECRET, CONTEXT)
        own_bao.stop()
        for attempt in all_calls(in_bao, wrapped):
            assert_fails(attempt, KeyServiceUnavailable)
        own_bao.start()
        assert in_bao.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_is_not_waited_for_longer_than_its_time(
        self, own_bao: BaoServer, in_bao: OpenBaoKeyService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("crypto.kms.openbao.TIMEOUT_SECONDS", (2.0, 0.1))
        own_bao.trouble = troubles.silent
        assert_fails(lambda: in_bao.epoch("personal"), KeyServiceUnavailable)

    def test_refuses_an_unknown_token_until_it_is_renewed_in_its_file(
        self, in_bao: OpenBaoKeyService, tmp_path: Path
    ) -> None:
        wrapped = in_bao.wrap("personal", 1, SECRET, CONTEXT)
        write_token(tmp_path, "s.expired")
        for attempt in all_calls(in_bao, wrapped):
            assert_fails(attempt, KeyServiceRefuses)
        write_token(tmp_path)
        assert in_bao.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_without_a_key_is_no_engine_that_is_missing(
        self, own_bao: BaoServer, tmp_path: Path
    ) -> None:
        token_file, open_here = write_token(tmp_path), frozenset({"personal"})
        empty = OpenBaoKeyService(Bao(own_bao.url, token_file), open_here, "trial")
        assert_fails(lambda: empty.epoch("personal"), NoEpochYet)
        missing = OpenBaoKeyService(Bao(own_bao.url, token_file, "elsewhere"), open_here, "trial")
        for attempt in (lambda: missing.epoch("personal"), lambda: missing.new_epoch("personal")):
            assert_fails(attempt, KeyServiceUnavailable)

    def test_makes_no_key_by_using_one_that_was_deleted_at_that_moment(
        self, in_bao: OpenBaoKeyService
    ) -> None:
        in_bao.new_epoch("personal")
        in_bao.destroy_epoch("personal", 1)
        with pytest.raises(KeyServiceError):
            in_bao._wrap("trial-personal-1", SECRET, CONTEXT)
        assert in_bao.is_destroyed("personal", 1)


class TestAws:
    @pytest.mark.parametrize(("status", "code", "kind"), FAILURES)
    def test_has_a_name_for_each_failure(
        self,
        in_fake: AwsKeyService,
        fake: Impostor,
        *,
        status: int,
        code: str,
        kind: type[Exception],
    ) -> None:
        fake.answers.clear()
        fake.says(status, {"__type": code, "message": SAID})
        for attempt in all_calls(in_fake, _wrapped()):
            assert_fails(attempt, kind)

    @pytest.mark.parametrize("garbage", GARBAGE)
    def test_is_unavailable_while_it_answers_anything_else(
        self, in_fake: AwsKeyService, fake: Impostor, garbage: bytes
    ) -> None:
        fake.answers.clear()
        fake.says(200, garbage)
        for attempt in all_calls(in_fake, _wrapped()):
            with suppress(NoEpochYet):
                assert_fails(attempt, KeyServiceUnavailable)

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"KeyId": KEY},
            {"KeyId": "another-key", "Plaintext": b64encode(SECRET).decode()},
            {"Plaintext": b64encode(SECRET).decode()},
            {"KeyId": KEY, "Plaintext": 7},
            {"KeyId": KEY, "Plaintext": "not base64"},
        ],
    )
    def test_opens_nothing_with_an_answer_that_is_not_that_keys(
        self, in_fake: AwsKeyService, fake: Impostor, answer: dict[str, object]
    ) -> None:
        fake.says(200, answer, to="Decrypt")
        assert_fails(
            lambda: in_fake.unwrap("personal", 1, _wrapped(), CONTEXT), KeyServiceUnavailable
        )

    def test_is_unavailable_while_nobody_listens(self, aws: AwsServer, prefix: str) -> None:
        service = aws.service(prefix, "personal")
        service.new_epoch("personal")
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        aws.stop()
        try:
            for attempt in all_calls(service, wrapped):
                assert_fails(attempt, KeyServiceUnavailable)
        finally:
            aws.start()
        assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_is_not_waited_for_longer_than_its_time(
        self, fake: Impostor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("crypto.kms.aws.READ_SECONDS", 0.1)
        fake.silent = True
        service = AwsKeyService(kms_client(REGION, fake.url), frozenset({"personal"}), "trial")
        assert_fails(lambda: service.epoch("personal"), KeyServiceUnavailable)

    def test_leaves_no_nameless_key_in_use_when_naming_it_fails(
        self, in_fake: AwsKeyService, fake: Impostor
    ) -> None:
        fake.says(200, {"KeyMetadata": {"KeyId": KEY}}, to="CreateKey")
        fake.says(500, {"__type": "KMSInternalException"}, to="CreateAlias")
        assert_fails(lambda: in_fake.new_epoch("personal"), KeyServiceUnavailable)


def test_a_record_of_another_service_is_tampered_and_not_sent_there(
    openbao: Reopen, pkcs11: Reopen
) -> None:
    wrapped = openbao().wrap("personal", 1, SECRET, CONTEXT)
    with pytest.raises(SealedRecordError):
        pkcs11().unwrap("personal", 1, wrapped, CONTEXT)


def _wrapped() -> bytes:
    from crypto.kms.epochs import _digest  # noqa: PLC0415 - of the form, so that the service is asked

    blob = json.dumps({"any": "blob"}).encode()
    return AwsKeyService.FORMAT + _digest(AwsKeyService.FORMAT, blob) + blob

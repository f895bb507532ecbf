"""A KMS of moto's on a free loopback port, spoken to over real HTTP.

It enforces the encryption context, but still decrypts with keys that are disabled or about to be
deleted, so that destruction is not proved on it: only that our adapter refuses such keys itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from crypto.kms.aws import AwsKeyService, kms_client

REGION = "eu-central-1"


class AwsServer:
    """A running KMS; it keeps what it knows when it is stopped and started again."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def service(self, prefix: str, *compartments: str) -> AwsKeyService:
        return AwsKeyService(self._client, frozenset(compartments), prefix)

    @cached_property
    def _client(self) -> Any:
        """One for all, since making one takes longer than most tests do."""
        return kms_client(REGION, self.url)

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()


@contextmanager
def aws_server() -> Iterator[AwsServer]:
    with pytest.MonkeyPatch.context() as patch:
        # The driver looks for who it is where all AWS programs look.
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        server = AwsServer()
        yield server
        server.stop()

"""A KMS of moto's on a free loopback port, spoken to over real HTTP.

It enforces the encryption context, but still decrypts with keys that are disabled or about to be
deleted, so that destruction is not proved on it: only that our adapter refuses such keys itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Thread
from typing import Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from crypto.kms.aws import AwsKeyService, kms_client

REGION = "eu-central-1"


class AwsServer:
    """A running KMS; what it knows outlives it within this process."""

    def __init__(self) -> None:
        self._begin(0)

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
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def start(self) -> None:
        self._begin(self.port)

    def _begin(self, port: int) -> None:
        app = DomainDispatcherApplication(create_backend_app)
        # One request after the other, since moto's own tables are not made for several at once.
        self._http = make_server("127.0.0.1", port, app)
        self.port = int(self._http.server_port)
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), name="kms")
        self._thread.start()


@contextmanager
def made_up_account() -> Iterator[None]:
    """The driver looks for who it is where all AWS programs look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@contextmanager
def aws_server() -> Iterator[AwsServer]:
    with made_up_account():
        server = AwsServer()
        yield server
        server.stop()

"""A machine that is overloaded is no key service that is away."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LONG_SECONDS = 60.0


@contextmanager
def patient_drivers() -> Iterator[None]:
    """Wait longer than a running service would; tests of waiting choose a time of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crypto.kms.pkcs11.TIMEOUT_SECONDS", LONG_SECONDS)
        patch.setattr("crypto.kms.openbao.TIMEOUT_SECONDS", (LONG_SECONDS, LONG_SECONDS))
        patch.setattr("crypto.kms.aws.CONNECT_SECONDS", LONG_SECONDS)
        patch.setattr("crypto.kms.aws.READ_SECONDS", LONG_SECONDS)
        yield

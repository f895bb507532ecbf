"""What a trial may do and a service in production must refuse."""

from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import NotForProduction, joined
from api.settings import Settings

URL = "postgresql://nobody@localhost/nothing"
TOKENS = {
    "key_service": "pkcs11",
    "pkcs11_driver": Path("/nowhere/driver.so"),
    "pkcs11_pin_files": {"operational": Path("/nowhere/pin")},
}
BAO = {
    "key_service": "openbao",
    "openbao_token_file": Path("/nowhere/token"),
    "compartments": frozenset({"operational"}),
}

MAIL = {"smtp_host": "post.example", "smtp_tls": "none", "mail_sender": "hello@post.example"}


@pytest.mark.parametrize(
    "trial",
    [
        {"key_files": {"operational": Path("/nowhere/operational.json")}},
        {"openbao_url": "http://bao.example", **BAO},
        {"clock_behind_seconds": 1, **TOKENS},
        {**MAIL, **TOKENS},
    ],
    ids=[
        "keys that lie in files",
        "a way to OpenBao without TLS",
        "a clock set back",
        "a way to a mail server elsewhere without TLS",
    ],
)
def test_production_refuses(trial: dict[str, Any]) -> None:
    settings = Settings(database_url=URL, production=True, **trial)
    with pytest.raises(NotForProduction), joined(settings):
        pass

"""The clerk's round with the mail, beside its other work, and the mail server of a trial."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.bootstrap import Parts, joined
from api.embedded_postgres.processes import wait_until
from api.messages.mail import Letter, mail_of
from api.messages.postman import delivering
from api.messages.words import ENGLISH
from domain.policies.messages import MessageKind
from tests.faults.clerking import World
from tests.faults.ordinary import ROOT
from tests.match import propose
from tests.messages import Mail
from tests.post import SENDER, Mood, Post, post

PATIENCE_SECONDS = 60.0
LETTER = Letter(uuid4(), MessageKind.MATCHED, ENGLISH, "somebody@example.org")


@contextmanager
def clerk_parts(of: World, **mail_settings: Any) -> Iterator[Parts]:
    settings = of.settings_of_clerk().model_copy(
        update={"mail_sender": SENDER.address, "public_url": SENDER.service_url, **mail_settings}
    )
    with joined(of.settings_of_clerk()) as parts:
        yield replace(parts, settings=settings)


def of_server(port: int, **more: str) -> dict[str, Any]:
    return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", **more}


def postmen() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "postman"]


def test_mail_goes_while_the_clerk_does_other_things(of: World, mail: Mail) -> None:
    made = propose(of.now)
    with clerk_parts(of, **of_server(mail.post.port)) as parts, delivering(parts):
        assert wait_until(lambda: len(mail.to(made.mentee)) == 1, PATIENCE_SECONDS)
    assert postmen() == []


@pytest.mark.usefixtures("mail")
def test_a_server_that_hangs_holds_up_neither_the_clerk_nor_its_end(of: World) -> None:
    propose(of.now)
    with clerk_parts(of) as parts:
        with post() as server:
            server.mood = Mood.HANGS
            told = replace(parts, settings=parts.settings.model_copy(update=of_server(server.port)))
            with delivering(told):
                assert wait_until(lambda: server.hanging > 0, PATIENCE_SECONDS)
        assert wait_until(lambda: postmen() == [], PATIENCE_SECONDS)


@pytest.mark.parametrize(
    "settings",
    [
        {"smtp_host": None},
        of_server(1, mail_sender="mentoring@example.org"),
        of_server(1, mail_sender_name="The Diversity Scheme"),
        of_server(1, public_url="https://vouchsafe.example.org"),
    ],
)
def test_without_a_server_or_a_neutral_sender_messages_wait_and_the_clerk_goes_on(
    of: World, settings: dict[str, Any]
) -> None:
    with clerk_parts(of, **settings) as parts, delivering(parts):
        assert postmen() == []


def test_the_mail_server_of_a_trial_keeps_mail_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listening,
        capturing(folder, listening) as process,
    ):
        office = Post(listening.getsockname()[1]).office()
        with office.opened() as way:
            for _ in range(3):
                way.hand_over(mail_of(LETTER, SENDER, datetime.now(UTC)), LETTER.to)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    kept = list(folder.iterdir())
    assert [each.suffix for each in kept] == [".eml"] * 3
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(b"There is news for you" in each.read_bytes() for each in kept)


@contextmanager
def capturing(folder: Path, listening: socket.socket) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "capture-mail"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VOUCHSAFE_CAPTURE_FOLDER": str(folder),
            "VOUCHSAFE_CAPTURE_DESCRIPTOR": str(listening.fileno()),
        },
        pass_fds=[listening.fileno()],
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()

"""What mails tell: nothing that is anybody's but the address of whom each goes to."""

import email
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

from api.messages.neutral import TELLING
from tests.leaks.searching import Hit, Searcher
from tests.post import text_of

TELLS = "a word that says what it is about"


def in_mails(searcher: Searcher, folder: Path) -> set[Hit]:
    """Look into every mail that was kept, as it was sent and as a program shows it."""
    return {hit for file in kept_in(folder) for hit in _in_mail(searcher, file)}


def kept_in(folder: Path) -> list[Path]:
    """Every mail, in the order in which they came."""
    return sorted(folder.glob("*.eml"))


def _in_mail(searcher: Searcher, file: Path) -> Iterator[Hit]:
    content = file.read_bytes()
    mail = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    said, place = text_of(mail), "a mail"
    its_own = {hit.name for hit in searcher.search(place, str(mail["To"]).encode())}
    assert len(its_own) == 1, "a mail goes to one of the people"
    for hit in searcher.search(place, content) | searcher.search(place, said.encode()):
        if hit.name not in its_own:
            yield hit
    if TELLING.search(said):
        yield Hit(place, TELLS, "plain text")

"""One version of the words shown when consent is asked: published once, never changed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.values import Act, Purpose

NOTICES = UUID("5f0c1c8e-6a0b-5d3e-9a55-3d0b8a4f7e21")
"""The namespace of notice ids: final, because stored ids are derived from it."""

LONGEST_TEXT = 20_000
TIME_TO_RENEW = timedelta(days=14)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


class WrongVersion(DomainError):
    """Versions of a notice are numbered from one."""


class UnknownLanguage(DomainError):
    """The language must be a tag such as en, cy or en-GB."""


class WrongText(DomainError):
    """A notice needs words, and at most 20,000 characters of them."""


class NoticeIsPublished(DomainError):
    """This version is published already; a correction is a new version."""


class NoticeIsRetired(DomainError):
    """This notice has been retired; ask again with the one that is current."""


class NoticeIsSuperseded(DomainError):
    """These words were replaced by newer ones; read those and decide anew."""


class RenewsTooEarly(DomainError):
    """Give people at least 14 days to read new words before what they said under the old ones ends."""


class WordsDiffer(DomainError):
    """The words that were shown are not the words of this notice."""


@dataclass(frozen=True, slots=True)
class Words:
    """Exactly what a person was shown: a consent names it, and the digest proves it."""

    purpose: Purpose
    version: int
    language: str
    digest: bytes


class Notice(Aggregate):
    """One purpose, one version, one language; the digest is SHA-256 over the text in UTF-8."""

    TOPIC = "notice"

    class Created(Aggregate.Created):
        TOPIC = "notice.published"
        purpose: Purpose
        version: int
        language: str
        text: str
        digest: bytes

    class Retired(Aggregate.Event):
        TOPIC = "notice.retired"

    class Superseded(Aggregate.Event):
        """What was said under older words stands until `renew_by`; without a day it simply stands."""

        TOPIC = "notice.superseded"
        purpose: Purpose
        language: str
        by_version: int
        renew_by: datetime | None

    @staticmethod
    def id_of(purpose: Purpose, version: int, language: str) -> UUID:
        """The id under which these words can be published once."""
        return uuid5(NOTICES, f"{purpose}/{version}/{language}")

    @classmethod
    def publish(cls, purpose: Purpose, version: int, language: str, text: str, act: Act) -> Self:
        """Publish words; a correction is a new version."""
        if version < 1:
            raise WrongVersion
        if not LANGUAGE.fullmatch(language):
            raise UnknownLanguage
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise WrongText
        facts = {"purpose": purpose, "version": version, "language": language, "text": text}
        digest = sha256(text.encode()).digest()
        return cls.begin(cls.id_of(purpose, version, language), act, **facts, digest=digest)

    @event(Created)
    def __init__(
        self, purpose: Purpose, version: int, language: str, text: str, digest: bytes
    ) -> None:
        self.words = Words(purpose, version, language, digest)
        self.text = text
        self.is_retired = False
        self.superseded_by: int | None = None

    @property
    def is_asked_with(self) -> bool:
        """Whether anybody can still answer to these words."""
        return not self.is_retired and self.superseded_by is None

    def require_shown(self, digest: bytes) -> Words:
        """The words, if they may still be asked with and are the ones that were shown."""
        if self.is_retired:
            raise NoticeIsRetired
        if self.superseded_by is not None:
            raise NoticeIsSuperseded
        if digest != self.words.digest:
            raise WordsDiffer
        return self.words

    def supersede(self, newer: Words, renew_by: datetime | None, act: Act) -> None:
        """Ask with newer words from now on; a day by which people renew lies far enough ahead."""
        if newer.version <= (self.superseded_by or self.words.version):
            raise NoticeIsSuperseded
        if renew_by is not None and renew_by < act.at + TIME_TO_RENEW:
            raise RenewsTooEarly
        self.record(
            self.Superseded,
            act,
            purpose=newer.purpose,
            language=newer.language,
            by_version=newer.version,
            renew_by=renew_by,
        )

    @event(Superseded)
    def _superseded(self, by_version: int) -> None:
        self.superseded_by = by_version

    def retire(self, act: Act) -> None:
        """Stop asking with these words; consents given under them stand."""
        if self.is_retired:
            raise NoticeIsRetired
        self.record(self.Retired, act)

    @event(Retired)
    def _retired(self) -> None:
        self.is_retired = True


NoticePublished = Notice.Created

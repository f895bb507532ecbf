from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.aggregate import project
from domain.notice import (
    LONGEST_TEXT,
    Notice,
    NoticeIsRetired,
    UnknownLanguage,
    WordsDiffer,
    WrongText,
    WrongVersion,
)
from domain.values import Act, Purpose

ACT = Act(uuid4(), datetime(2026, 3, 2, 12, tzinfo=UTC))
TEXT = "A ydych chi'n cymryd rhan? Tŷ."


def published() -> Notice:
    return Notice.publish(Purpose.TAKE_PART, 1, "en-GB", TEXT, ACT)


def test_a_notice_is_found_by_its_purpose_version_and_language() -> None:
    assert published().id == Notice.id_of(Purpose.TAKE_PART, 1, "en-GB")
    assert len({Notice.id_of(p, v, "en") for p in Purpose for v in (1, 2)}) == 2 * len(Purpose)


def test_the_digest_is_sha_256_of_the_words() -> None:
    digest = sha256(TEXT.encode("utf-8")).digest()
    assert published().require_shown(digest).digest == digest


def test_words_that_differ_by_one_character_are_refused() -> None:
    with pytest.raises(WordsDiffer):
        published().require_shown(sha256(TEXT[:-1].encode()).digest())


def test_a_retired_notice_is_not_asked_with_again() -> None:
    notice = published()
    notice.retire(ACT)
    with pytest.raises(NoticeIsRetired):
        notice.require_shown(notice.words.digest)
    with pytest.raises(NoticeIsRetired):
        notice.retire(ACT)


@pytest.mark.parametrize("language", ["", "English", "en_GB", "EN", "en-GB\n"])
def test_the_language_is_a_tag(language: str) -> None:
    with pytest.raises(UnknownLanguage):
        Notice.publish(Purpose.TAKE_PART, 1, language, TEXT, ACT)


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_TEXT + 1)])
def test_a_notice_has_words_and_an_end(text: str) -> None:
    with pytest.raises(WrongText):
        Notice.publish(Purpose.TAKE_PART, 1, "en", text, ACT)


def test_versions_begin_at_one() -> None:
    with pytest.raises(WrongVersion):
        Notice.publish(Purpose.TAKE_PART, 0, "en", TEXT, ACT)


def test_replaying_the_events_gives_the_same_notice() -> None:
    notice = published()
    notice.retire(ACT)
    assert project(None, notice.collect_events()) == notice

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.aggregate import project
from domain.notice import (
    LONGEST_TEXT,
    TIME_TO_RENEW,
    Notice,
    NoticeIsRetired,
    NoticeIsSuperseded,
    RenewsTooEarly,
    UnknownLanguage,
    WordsDiffer,
    WrongText,
    WrongVersion,
)
from domain.values import Act, Purpose

ACT = Act(uuid4(), datetime(2026, 3, 2, 12, tzinfo=UTC))
TEXT = "A ydych chi'n cymryd rhan? Tŷ."


def published(version: int = 1, text: str = TEXT) -> Notice:
    return Notice.publish(Purpose.TAKE_PART, version, "en-GB", text, ACT)


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


def test_newer_words_take_the_place_of_older_ones() -> None:
    older, newer = published(), published(version=2, text=f"{TEXT} And more.")
    older.supersede(newer.words, None, ACT)
    with pytest.raises(NoticeIsSuperseded):
        older.require_shown(older.words.digest)
    with pytest.raises(NoticeIsSuperseded):
        older.supersede(newer.words, None, ACT)
    older.supersede(published(version=3).words, None, ACT)
    assert newer.require_shown(newer.words.digest) == newer.words


def test_people_get_time_to_read_new_words() -> None:
    newer = published(version=2)
    soon = ACT.at + TIME_TO_RENEW
    with pytest.raises(RenewsTooEarly):
        published().supersede(newer.words, soon - timedelta(seconds=1), ACT)
    published().supersede(newer.words, soon, ACT)

"""The scheme's own notices: all purposes in both languages, published once and again when they change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.records.written_notices import WrittenNotice, publish_written, written_notices
from domain.notice import LONGEST_TEXT, RenewsTooEarly
from domain.values import Purpose, Role
from tests.match import done
from tests.scheme import Scheme

LANGUAGES = {"en", "cy"}
NOTICES = list(written_notices())
WITHDRAWING = {
    "en": "withdraw at any time, in one step",
    "cy": "dynnu'n ôl unrhyw bryd, mewn un cam",
}


def test_every_purpose_is_asked_for_in_english_and_in_welsh() -> None:
    found = {(each.purpose, each.language) for each in NOTICES}
    assert found == {(purpose, language) for purpose in Purpose for language in LANGUAGES}


@pytest.mark.parametrize("notice", NOTICES, ids=lambda each: f"{each.purpose}-{each.language}")
def test_a_notice_has_a_title_and_says_how_to_withdraw(notice: WrittenNotice) -> None:
    text = notice.text
    title, blank, *words = text.splitlines()
    assert title.startswith("# ")
    assert blank == ""
    assert len(text) < LONGEST_TEXT
    assert WITHDRAWING[notice.language] in "\n".join(words)


def test_notices_are_published_once_and_changed_ones_again(scheme: Scheme) -> None:
    parts, mentee = scheme.parts, scheme.person(Role.MENTEE)
    assert publish_written(parts, NOTICES) == NOTICES
    assert publish_written(parts, NOTICES) == []
    shown = done(mentee.get("/notices/take_part"))["notices"]
    assert {(each["version"], each["language"]) for each in shown} == {(1, "cy"), (1, "en")}

    changed = [replace(NOTICES[0], text=f"{NOTICES[0].text}\n\nAnd more."), *NOTICES[1:]]
    with pytest.raises(RenewsTooEarly):
        publish_written(parts, changed, renew_by=scheme.now() + timedelta(days=1))
    later = scheme.now() + timedelta(days=30)
    assert publish_written(parts, changed, renew_by=later) == changed[:1]
    shown = done(mentee.get(f"/notices/{NOTICES[0].purpose}"))["notices"]
    assert {each["language"]: each["version"] for each in shown} == {"cy": 2, "en": 1}

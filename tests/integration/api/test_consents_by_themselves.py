"""What time does to consents, done by the clerk with its own role and keys, on a clock that the test moves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.embedded_postgres import EmbeddedPostgres
from domain.consent import ConsentLedger
from domain.values import Purpose, Role
from projections.consent_history import ASKED_AGAIN_AFTER, CONSENT_HISTORY
from tests.databases import fresh_database
from tests.faults.clerking import World, read_models_of, world
from tests.match import done
from tests.scheme import Somebody

DAY = timedelta(days=1)
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def of(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with (
        fresh_database(postgres, template) as database,
        world(database, tmp_path_factory.mktemp("by-themselves")) as made,
        read_models_of(made),
    ):
        yield made


def clerk_works(of: World, ahead: timedelta) -> None:
    """Everything that is due by then, twice over."""
    with of.clerk() as (clerk, session):
        clerk.reader.wait_for(CONSENT_HISTORY.name, of.newest(), PATIENCE_SECONDS)
        clock = clerk.parts.clock
        later = replace(clerk, parts=replace(clerk.parts, clock=lambda: clock() + ahead))
        for each in (later, replace(later)):
            each.catch_up(session)
            each.see_to_duties()


def publish(of: World, purpose: str, version: int, language: str = "en", **more: Any) -> Any:
    words = {"purpose": purpose, "version": version, "language": language}
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    return lead.post("/notices", {**words, "text": f"{language} {version}", **more})


def say(person: Somebody, purpose: str, what: str = "", language: str = "en", **more: Any) -> Any:
    """Give, or with a name of it another answer, under the newest words."""
    notices = done(person.get(f"/notices/{purpose}"))["notices"]
    (notice,) = [each for each in notices if each["language"] == language]
    words = {
        "notice_version": notice["version"],
        "language": language,
        "digest": notice["digest"],
    }
    if what:
        return person.post(f"/me/consents/{purpose}/{what}", words)
    return person.post("/me/consents", {"purpose": purpose, **words, **more})


def changes_of(of: World, person: Somebody) -> list[str]:
    ledger = of.parts.mentoring.events.get(ConsentLedger.id_of(person.id))
    return [type(event).TOPIC.rpartition(".")[2] for event in ledger if hasattr(event, "purpose")]


def is_live(of: World, person: UUID, purpose: Purpose, at: datetime) -> bool:
    ledger = of.parts.mentoring.load(ConsentLedger, ConsentLedger.id_of(person))
    return ledger.is_live(purpose, at)


def test_a_yes_for_a_time_ends_by_itself_once_and_no_earlier(of: World) -> None:
    person, end = of.now.person(Role.MENTEE), of.now.now() + DAY
    done(say(person, "take_part", expires_at=end.isoformat()))
    clerk_works(of, DAY / 2)
    assert changes_of(of, person) == ["given"]
    clerk_works(of, 2 * DAY)
    assert changes_of(of, person) == ["given", "expired"]


def test_not_now_is_asked_again_later_and_is_no_no(of: World) -> None:
    person = of.now.person(Role.MENTEE)
    done(say(person, "take_part", "deferral"))
    clerk_works(of, ASKED_AGAIN_AFTER - DAY)
    assert changes_of(of, person) == ["deferred"]
    clerk_works(of, ASKED_AGAIN_AFTER + DAY)
    assert changes_of(of, person) == ["deferred", "requested"]


def test_a_yes_to_replaced_words_is_asked_for_again_and_ends_on_the_day_that_was_named(
    of: World,
) -> None:
    done(publish(of, "feedback", 1))
    done(publish(of, "feedback", 1, "cy"))
    stays, renews, welsh = (of.now.person(Role.MENTEE) for _ in range(3))
    for each in (stays, renews):
        done(say(each, "feedback"))
    done(say(welsh, "feedback", language="cy"))
    renew_by = of.now.now() + 15 * DAY
    done(publish(of, "feedback", 2, renew_by=renew_by.isoformat()))

    clerk_works(of, timedelta())
    for each in (stays, renews):
        assert changes_of(of, each) == ["given", "renewal_asked"]
        assert is_live(of, each.id, Purpose.FEEDBACK, renew_by - timedelta(seconds=1))
        assert not is_live(of, each.id, Purpose.FEEDBACK, renew_by)
    done(say(renews, "feedback"))
    clerk_works(of, 16 * DAY)

    assert changes_of(of, stays) == ["given", "renewal_asked", "expired"]
    assert changes_of(of, renews) == ["given", "renewal_asked", "renewed"]
    assert changes_of(of, welsh) == ["given"]


def test_nobody_consents_to_words_that_were_replaced_while_they_read(of: World) -> None:
    done(publish(of, "calendar", 1))
    person = of.now.person(Role.MENTEE)
    (read,) = done(person.get("/notices/calendar"))["notices"]
    done(publish(of, "calendar", 2))
    body = {"purpose": "calendar", "notice_version": 1, "language": "en", "digest": read["digest"]}
    refused = person.post("/me/consents", body)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (
        409,
        "notice-is-superseded",
    )


def test_people_get_time_to_renew(of: World) -> None:
    done(publish(of, "reminders", 1))
    tomorrow = of.now.now() + DAY
    refused = publish(of, "reminders", 2, renew_by=tomorrow.isoformat())
    assert refused.json()["type"].rpartition(":")[2] == "renews-too-early"

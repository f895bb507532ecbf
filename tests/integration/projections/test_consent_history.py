"""The history of consents and what falls due for them: rebuilt to the row, and asked for by who needs it."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Parts
from api.event_log import EventLog
from domain.commands import consents, notices
from domain.commands.notices import Change
from domain.commands.people import register_person
from domain.consent_terms import ConsentState, RevocationReason
from domain.errors import DomainError
from domain.mentoring import Order
from domain.notice import Notice
from domain.values import Act, Compartment, Purpose, Role, Sealed
from projections import runner as running
from projections.consent_history import ASKED_AGAIN_AFTER, CONSENT_HISTORY
from projections.consent_questions import (
    HistoryFilter,
    due_consents,
    history,
    outdated_consents,
)
from projections.reader import Reader
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)
MANY_CHANGES = {"given", "renewed", "withdrawn", "expired", "deferred", "revoked", "renewal_asked"}
PURPOSES = (Purpose.TAKE_PART, Purpose.REMINDERS)


class Saying:
    """People who say yes, no and not now; what the rules refuse is not said."""

    def __init__(self, parts: Parts, seed: int = 0) -> None:
        self._mentoring = parts.mentoring
        self._parts = parts
        self._chance = Random(seed)  # noqa: S311 - chance tells a story here, it keeps no secret
        self.at = BEGINNING
        self.position = 0
        self.lead = uuid4()
        self.versions = dict.fromkeys(PURPOSES, 0)
        for purpose in PURPOSES:
            self.publish(purpose)
        self.people = [self.person() for _ in range(4)]

    def do(self, command: object, by: UUID, **what: object) -> None:
        self.at += timedelta(minutes=1)
        order = Order(Act(by, self.at), uuid4())
        self.position = command(self._mentoring, order, **what).position  # type: ignore[operator]  # commands of many shapes

    def person(self) -> UUID:
        person = uuid4()
        key = self._parts.keyring.field_key_or_new("contact", person, "contact")
        contact = Sealed(Compartment.CONTACT, person, "contact", "contact", key.key_id, b"\x01")
        self.do(register_person, person, id=person, contact=contact, roles=[Role.MENTEE])
        return person

    def publish(self, purpose: Purpose, *, renew_by: datetime | None = None) -> None:
        version = self.versions[purpose] + 1
        before = Notice.id_of(purpose, version - 1, "en") if version > 1 else None
        words = {"purpose": purpose, "version": version, "language": "en", "text": f"v{version}"}
        change = Change(before, renew_by)
        self.do(notices.publish_notice, self.lead, **words, change=change)
        self.versions[purpose] = version

    def shown(self, purpose: Purpose) -> consents.Shown:
        notice = self._mentoring.load(Notice, Notice.id_of(purpose, self.versions[purpose], "en"))
        return consents.Shown(notice.id, notice.words.digest)

    def give(self, person: UUID, purpose: Purpose, expires_at: datetime | None = None) -> None:
        shown = self.shown(purpose)
        self.do(consents.give_consent, person, person=person, shown=shown, expires_at=expires_at)

    def defer(self, person: UUID, purpose: Purpose) -> None:
        self.do(consents.defer_consent, person, person=person, shown=self.shown(purpose))

    def say(self, times: int) -> None:
        """So many things at random."""
        while times:
            self.at += timedelta(hours=self._chance.randrange(40))
            person, purpose = self._chance.choice(self.people), self._chance.choice(PURPOSES)
            try:
                self._say(person, purpose)
            except DomainError:
                continue
            times -= 1

    def _say(self, person: UUID, purpose: Purpose) -> None:
        shown, about = self.shown(purpose), {"person": person, "purpose": purpose}
        newer = Notice.id_of(purpose, self.versions[purpose], "en")
        reason = RevocationReason.PURPOSE_ENDED
        choices = [
            lambda: self.give(person, purpose),
            lambda: self.give(person, purpose, self.at + DAY),
            lambda: self.defer(person, purpose),
            lambda: self.do(consents.refuse_consent, person, person=person, shown=shown),
            lambda: self.do(consents.request_consent, self.lead, person=person, shown=shown),
            lambda: self.do(consents.withdraw_consent, person, **about),
            lambda: self.do(consents.revoke_consent, self.lead, **about, reason=reason),
            lambda: self.do(consents.expire_consent, self.lead, **about),
            lambda: self.do(
                consents.ask_for_renewal,
                self.lead,
                person=person,
                notice=newer,
                renew_by=self.at + DAY,
            ),
            lambda: self.publish(purpose, renew_by=self._chance.choice([None, self.at + MONTH])),
        ]
        self._chance.choice(choices)()


@pytest.fixture
def saying(parts: Parts) -> Saying:
    return Saying(parts)


def caught_up(stage: Stage, saying: Saying, log: EventLog, reader: Reader) -> None:
    with stage.running(log, [CONSENT_HISTORY]):
        reader.wait_for(CONSENT_HISTORY.name, saying.position, PATIENCE_SECONDS)


def test_a_rebuild_equals_the_running_one_wherever_batches_end(
    stage: Stage, parts: Parts, log: EventLog, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    saying = Saying(parts, 7)
    monkeypatch.setattr(running, "BATCH", 5)
    saying.say(90)
    caught_up(stage, saying, log, reader)
    live = stage.contents([CONSENT_HISTORY])
    assert len(live["consent_history"]) > 60
    assert {row[6] for row in live["consent_history"]} >= MANY_CHANGES
    stage.rebuild(log, CONSENT_HISTORY)
    assert stage.contents([CONSENT_HISTORY]) == live


def test_what_falls_due_is_found_and_nothing_else(
    stage: Stage, saying: Saying, log: EventLog, reader: Reader
) -> None:
    ends, later, for_good, hesitates = saying.people
    end = saying.at + DAY
    saying.give(ends, Purpose.TAKE_PART, end)
    saying.give(later, Purpose.TAKE_PART, end + DAY)
    saying.give(for_good, Purpose.TAKE_PART)
    saying.defer(hesitates, Purpose.TAKE_PART)
    again = saying.at + ASKED_AGAIN_AFTER
    caught_up(stage, saying, log, reader)

    assert due_consents(reader, end - timedelta(seconds=1)) == []
    (due,) = due_consents(reader, end)
    assert (due.person, due.state, due.due_at) == (ends, ConsentState.GIVEN, end)
    assert [each.person for each in due_consents(reader, again)] == [ends, later, hesitates]


def test_who_agreed_to_replaced_words_is_to_be_asked_until_they_were(
    stage: Stage, saying: Saying, log: EventLog, reader: Reader
) -> None:
    agreed, other = saying.people[:2]
    saying.give(agreed, Purpose.TAKE_PART)
    saying.give(other, Purpose.REMINDERS)
    renew_by = saying.at + MONTH
    saying.publish(Purpose.TAKE_PART, renew_by=renew_by)
    saying.publish(Purpose.REMINDERS)
    caught_up(stage, saying, log, reader)
    (found,) = outdated_consents(reader)
    assert (found.person, found.renew_under, found.renew_by) == (agreed, 2, renew_by)

    newer = Notice.id_of(Purpose.TAKE_PART, 2, "en")
    asked = {"person": agreed, "notice": newer, "renew_by": renew_by}
    saying.do(consents.ask_for_renewal, saying.lead, **asked)
    caught_up(stage, saying, log, reader)
    assert outdated_consents(reader) == []
    assert [each.due_at for each in due_consents(reader, renew_by)] == [renew_by]


def test_the_history_is_read_in_pages_by_person_purpose_and_period(
    stage: Stage, saying: Saying, log: EventLog, reader: Reader
) -> None:
    saying.say(40)
    caught_up(stage, saying, log, reader)
    whole = list(history(reader, HistoryFilter(), 500))
    assert [each.recorded_at for each in whole] == sorted(
        (each.recorded_at for each in whole), reverse=True
    )
    paged, before = [], None
    while page := history(reader, HistoryFilter(before=before), 7):
        paged += page
        before = page[-1].position
    assert paged == whole
    person, purpose = saying.people[0], Purpose.REMINDERS
    since, until = whole[-5].recorded_at, whole[3].recorded_at
    for wanted, rule in (
        (HistoryFilter(person=person), lambda row: row.person == person),
        (HistoryFilter(purpose=purpose), lambda row: row.purpose == purpose),
        (
            HistoryFilter(person=person, purpose=purpose),
            lambda row: (row.person, row.purpose) == (person, purpose),
        ),
        (
            HistoryFilter(since=since, until=until),
            lambda row: since <= row.recorded_at < until,
        ),
    ):
        assert list(history(reader, wanted, 500)) == [row for row in whole if rule(row)]

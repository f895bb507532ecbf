from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.access_register import (
    AccessPurpose,
    AccessRegister,
    Authority,
    Look,
    Looked,
    Outcome,
    RecordKind,
)
from domain.aggregate import project
from domain.values import Act, Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PERSON = uuid4()
ACT = Act(uuid4(), NOON)
LOOK = Look(
    Role.COORDINATOR,
    RecordKind.CONTACT,
    AccessPurpose.ARRANGING,
    Authority.AGREEMENT,
    Outcome.ALLOWED,
    uuid4(),
)


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        (AccessRegister.opened, AccessRegister.Opened),
        (AccessRegister.listed, AccessRegister.Listed),
        (AccessRegister.exported, AccessRegister.Exported),
        (AccessRegister.automated, AccessRegister.Automated),
    ],
)
def test_rule_13_opening_listing_exporting_and_automated_use_are_told_apart(
    look: Callable[[AccessRegister, Look, Act], None], kind: type[Looked]
) -> None:
    register = AccessRegister.begin_for(PERSON, ACT)
    look(register, LOOK, ACT)
    assert type(register.pending_events[-1]) is kind


def test_rule_13_a_record_says_who_about_whom_what_why_and_under_which_role() -> None:
    register = AccessRegister.begin_for(PERSON, ACT)
    register.opened(LOOK, ACT)
    fact = register.pending_events[-1]
    assert isinstance(fact, AccessRegister.Opened)
    assert (fact.actor, fact.person, fact.timestamp) == (ACT.actor, PERSON, NOON)
    assert (
        Look(fact.role, fact.kind, fact.purpose, fact.authority, fact.outcome, fact.subject) == LOOK
    )


def test_a_resumed_register_goes_on_as_a_replayed_one_would() -> None:
    replayed = AccessRegister.begin_for(PERSON, ACT)
    replayed.opened(LOOK, ACT)
    last = replayed.pending_events[-1]
    replayed.collect_events()
    resumed = AccessRegister.resume(
        PERSON, version=last.originator_version, recorded_at=last.timestamp
    )
    later = Act(ACT.actor, NOON + timedelta(hours=1))
    replayed.exported(LOOK, later)
    resumed.exported(LOOK, later)
    assert resumed.collect_events() == replayed.collect_events()
    assert (resumed.id, resumed.version) == (replayed.id, replayed.version)


def test_replaying_the_events_gives_the_same_register() -> None:
    register = AccessRegister.begin_for(PERSON, ACT)
    register.listed(LOOK, ACT)
    assert project(None, register.collect_events()) == register

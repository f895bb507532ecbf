"""Who looked, in the words of the page."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from api.routes.access_records import LookAction, LookAnswer
from api.web.my_rights_view import look_in_words
from domain.access_register import AccessPurpose, Authority, Outcome, RecordKind
from domain.values import Role

PERSON = uuid4()


def look(who: UUID, action: LookAction, purpose: AccessPurpose) -> LookAnswer:
    return LookAnswer(
        at=datetime(2026, 3, 2, tzinfo=UTC),
        action=action,
        who=who,
        role=Role.COORDINATOR,
        kind=RecordKind.CONTACT,
        purpose=purpose,
        authority=Authority.AGREEMENT,
        outcome=Outcome.ALLOWED,
        subject=None,
    )


def test_what_the_service_uses_by_itself_is_not_said_of_a_person() -> None:
    automated = look(uuid4(), LookAction.AUTOMATED, AccessPurpose.SERVICE_MESSAGE)
    assert look_in_words(automated, PERSON) == (
        "The service itself, and nobody besides, opened how to reach you to send you a message."
    )
    opened = look(uuid4(), LookAction.OPENED, AccessPurpose.ARRANGING)
    assert look_in_words(opened, PERSON) == (
        "A coordinator opened how to reach you to arrange a session."
    )


@pytest.mark.parametrize(
    ("own", "shared", "said"),
    [
        ((), (), "Your notebook was asked for with your own sign-in."),
        (
            (1,),
            (),
            "Your notebook was asked for with your own sign-in, and one lock was taken off.",
        ),
        (
            (1,),
            (1, 2),
            "Your notebook was asked for with your own sign-in, and 3 locks were taken off.",
        ),
    ],
)
def test_how_often_a_lock_of_ones_notebook_came_off_is_said(
    own: tuple[int, ...], shared: tuple[int, ...], said: str
) -> None:
    unlocked = look(PERSON, LookAction.UNLOCKED, AccessPurpose.OWN_RECORD)
    counted = unlocked.model_copy(update={"own_epochs": own, "shared_epochs": shared})
    assert look_in_words(counted, PERSON) == said

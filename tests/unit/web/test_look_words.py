"""Who looked, in the words of the page."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

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

"""Looks that open no sealed field but show what is recorded of a person: recorded before shown."""

from datetime import datetime
from uuid import UUID, uuid4

from api.carrying_out import carry_out
from domain.access import Caller, require_may_read_consents
from domain.access_register import AccessPurpose, Authority, Look, RecordKind
from domain.commands.access import record_opening
from domain.mentoring import Mentoring, Order
from domain.values import Act, Role

PURPOSES = {
    Role.AUDITOR: AccessPurpose.AUDIT,
    Role.DATA_PROTECTION_LEAD: AccessPurpose.RIGHTS_REQUEST,
}


def record_look(
    mentoring: Mentoring, caller: Caller, person: UUID, kind: RecordKind, *, now: datetime
) -> None:
    """Record that who checks consents and looks has looked; raises NotYourRecord for anybody else."""
    require_may_read_consents(caller, person)
    look = Look(
        role=caller.role,
        kind=kind,
        purpose=PURPOSES[caller.role],
        authority=Authority.ASSIGNED_DUTY,
    )
    order = Order(Act(caller.person, now), uuid4())
    carry_out(lambda: record_opening(mentoring, order, person=person, look=look))

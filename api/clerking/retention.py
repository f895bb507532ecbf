"""Rule 20: destroys the words of concerns, requests and disclosures once they have been over for their period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from uuid import UUID, uuid5

from api.clerking.errands import Errands
from api.settings import Settings
from domain.commands.concerns import forget_concern_when_due
from domain.commands.disclosures import forget_disclosure_when_due
from domain.commands.rights_requests import forget_rights_request_when_due
from domain.concern import ConcernIsForgotten
from domain.disclosure import DisclosureIsForgotten
from domain.erasure import ErasureIsHeld
from domain.kept_for import StillKept
from domain.mentoring import Recorded
from domain.rights_request import RequestIsForgotten
from projections.desk_questions import over_before
from projections.desks import DeskKind
from projections.reader import Reader

MOST_AT_ONCE = 200
DONE_OR_WAITING = (
    StillKept,
    ErasureIsHeld,
    ConcernIsForgotten,
    RequestIsForgotten,
    DisclosureIsForgotten,
)
"""Nothing is left to do today; what is held is looked at again tomorrow."""

FORGETTING: Mapping[DeskKind, Callable[..., Recorded]] = MappingProxyType(
    {
        DeskKind.CONCERN: forget_concern_when_due,
        DeskKind.RIGHTS_REQUEST: forget_rights_request_when_due,
        DeskKind.DISCLOSURE: forget_disclosure_when_due,
    }
)


def periods_of(settings: Settings) -> Mapping[DeskKind, timedelta]:
    """How long the provider keeps each kind once it is over."""
    return {
        DeskKind.CONCERN: timedelta(days=settings.concern_days_closed),
        DeskKind.RIGHTS_REQUEST: timedelta(days=settings.rights_request_days_answered),
        DeskKind.DISCLOSURE: timedelta(days=settings.disclosure_days_over),
    }


@dataclass(frozen=True)
class KeptForATime:
    """What a hold keeps is left as it is for as long as the hold stands."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Do what is due by now."""
        now = self.errands.parts.clock()
        for kind, period in periods_of(self.errands.parts.settings).items():
            for each in over_before(self.reader, kind, now - period, most=MOST_AT_ONCE):
                self._forget(kind, each.record, period, now)

    def _forget(self, kind: DeskKind, record: UUID, period: timedelta, now: datetime) -> None:
        command_id = uuid5(record, f"forget:{now.date()}")
        forget = partial(FORGETTING[kind], record=record, period=period)
        self.errands.once(command_id, forget, done=DONE_OR_WAITING)

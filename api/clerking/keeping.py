"""Rule 20: announces the end of a record that nobody has used for long, and lets it be erased on its day.

What then becomes of it is an erasure like any other: ordered, granted, carried out and journalled.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4, uuid5

from api.clerking.errands import Errands
from api.erasing.orders import ErasureOrders, NotAnnouncedForLong
from api.settings import Settings
from domain.commands.keeping import (
    StillTakesPart,
    announce_end,
    end_record,
    next_erasure,
    put_off_end,
    require_not_asked,
)
from domain.disclosure import Disclosure
from domain.erasure import ErasureIsAsked, ErasureIsHeld
from domain.mentoring import Mentoring, Order, Recorded
from domain.person_ending import EndIsAnnounced, EndIsNotDue, NoEndIsAnnounced, PersonIsErased
from domain.policies.keeping import ANNOUNCED_BEFORE, Heard, Periods, announced_end, day_of, end_of
from projections.desk_questions import desk
from projections.desks import DESKS, DeskKind
from projections.keeping import Kept
from projections.keeping_questions import ending, heard_since, silent
from projections.participation import PARTICIPATION
from projections.reader import NotYet, Reader

VISIBLE_WITHIN_SECONDS = 10.0
A_DAY_MORE = timedelta(days=1)
"""A day on the wall is up to an hour longer or shorter than 24 hours."""
NOT_TODAY = (
    EndIsAnnounced,
    EndIsNotDue,
    ErasureIsAsked,
    ErasureIsHeld,
    NoEndIsAnnounced,
    NotAnnouncedForLong,
    PersonIsErased,
    StillTakesPart,
)
"""Nothing is left to do today; it is looked at again tomorrow."""


def periods_kept(settings: Settings) -> Periods:
    """For how long this provider keeps a record."""
    return Periods(settings.relationship_days_closed, settings.person_days_inactive)


@dataclass(frozen=True)
class RecordsKept:
    """Who is heard of again keeps their record, without asking."""

    errands: Errands
    reader: Reader

    def see_to_all(self) -> None:
        """Put off, announce and end what is to be by now."""
        for each in heard_since(self.reader):
            self._put_off(each)
        periods, now = periods_kept(self.errands.parts.settings), self.errands.parts.clock()
        soon = now + ANNOUNCED_BEFORE + A_DAY_MORE
        silent_since = soon - timedelta(days=periods.person)
        closed_since = soon - timedelta(days=periods.relationship)
        for each in silent(self.reader, silent_since, closed_since):
            heard = Heard(each.active_at, each.closed_at)
            self._announce(each.person, announced_end(heard, periods, now))
        for each in ending(self.reader, day_of(now)):
            if end_of(Heard(each.active_at, each.closed_at), periods) <= day_of(now):
                self._end(each.person, uuid5(each.person, f"end:{day_of(now)}"))

    def _put_off(self, kept: Kept) -> None:
        person = kept.person
        self.errands.once(
            uuid5(person, f"heard:{kept.active_at.timestamp()}"),
            lambda mentoring, order: put_off_end(mentoring, order, person=person),
            done=NOT_TODAY,
        )

    def _announce(self, person: UUID, ends_on: date | None) -> None:
        if ends_on is None:
            return
        self.errands.once(
            uuid5(person, f"announce:{ends_on}"),
            lambda mentoring, order: announce_end(mentoring, order, person=person, ends_on=ends_on),
            done=NOT_TODAY,
        )

    def _end(self, person: UUID, command_id: UUID) -> None:
        orders, receipt = ErasureOrders(self.errands.parts.pool), uuid4()

        def end(mentoring: Mentoring, order: Order) -> Recorded:
            closed = self._relationships(person)
            require_not_asked(mentoring, person)
            self._require_no_disclosure(mentoring, closed)
            # Before the decision, so that there is none that cannot be carried out.
            orders.order_announced(next_erasure(mentoring, person), person)
            return end_record(
                mentoring, order, person=person, receipt=receipt, relationships=closed
            )

        try:
            self.errands.once(command_id, end, done=NOT_TODAY)
        except NotYet as error:
            # A read model that stands still keeps nothing else from being done.
            self.errands.hold(command_id, error)

    def _relationships(self, person: UUID) -> frozenset[UUID]:
        """All that they have or had a part in, as of now; raises NotYet."""
        newest = self.errands.parts.recorder.max_notification_id() or 0
        for model in (PARTICIPATION, DESKS):
            self.reader.wait_for(model.name, newest, VISIBLE_WITHIN_SECONDS)
        return frozenset(each.relationship for each in self.reader.participation_of(person))

    def _require_no_disclosure(self, mentoring: Mentoring, relationships: Collection[UUID]) -> None:
        """While one about a pair is open nothing of the pair ends, whether or not anybody was told of it."""
        after = 0
        while rows := desk(self.reader, DeskKind.DISCLOSURE, after=after):
            found = (mentoring.load(Disclosure, row.record).relationship for row in rows)
            if any(each in relationships for each in found):
                raise StillTakesPart
            after = rows[-1].position

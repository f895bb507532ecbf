"""Sessions that were used in months that are over, recorded on real places without the pairs who met."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from domain.aggregate import Aggregate
from domain.commands.places import grant_place
from domain.mentoring import Mentoring, Order
from domain.month import Month
from domain.place import Place
from domain.values import Act

LONDON = "Europe/London"
SOMEBODY = UUID(int=11)


def month_before(now: datetime, months: int = 1) -> Month:
    """A month that is over, so many before this one."""
    first = Month.at(now, LONDON).first_day
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return Month(first)


def within(month: Month) -> datetime:
    """A morning in a month."""
    first = month.first_day
    return datetime(first.year, first.month, 3, 9, tzinfo=UTC)


def granted(mentoring: Mentoring, agreement: UUID, at: datetime, *, sessions: int = 3) -> UUID:
    """One place under an agreement."""
    order = Order(Act(SOMEBODY, at), uuid4())
    return grant_place(mentoring, order, id=uuid4(), agreement=agreement, sessions=sessions).subject


def use(mentoring: Mentoring, place: UUID, at: datetime) -> UUID:
    """Count one session of a place as used."""
    session, act = uuid4(), Act(SOMEBODY, at)
    ledger = mentoring.load(Place, place)
    ledger.reserve(session, act)
    ledger.use(session, act)
    commit(mentoring, act, ledger)
    return session


def give_back(mentoring: Mentoring, place: UUID, session: UUID, at: datetime) -> None:
    """Correct that it was used."""
    act, ledger = Act(SOMEBODY, at), mentoring.load(Place, place)
    ledger.give_back(session, act)
    commit(mentoring, act, ledger)


def used_places(mentoring: Mentoring, agreement: UUID, at: datetime, places: int) -> list[UUID]:
    """So many places, each with one session used."""
    made = [granted(mentoring, agreement, at) for _ in range(places)]
    for place in made:
        use(mentoring, place, at)
    return made


def commit(mentoring: Mentoring, act: Act, *changed: Aggregate) -> int:
    """Record what was done; answers where."""
    return mentoring.commit(Order(act, uuid4()), *changed).position

"""Hours by the wall clock, held against the plainest reading of them: what clocks show, minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.availability import HALF_AN_HOUR, Availability, DaysAway, Window, free_hours
from domain.values import TimeSpan
from domain.working_time import WorkingHours

ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
)
"""Among them some half and quarter hours off, one that is put back by half an hour, and one that skipped a day."""

MINUTE = timedelta(minutes=1)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 5, 30, tzinfo=UTC),
]
"""When the clocks of some of them are changed."""

MANY, SOME, FEW = (
    settings(deadline=None, max_examples=each, suppress_health_check=[HealthCheck.too_slow])
    for each in (100, 50, 25)
)
"""However slow the machine is: what holds here is not a matter of time."""

zones = st.sampled_from(ZONES)
clock = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.one_of(
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: BEGINNING + minutes * MINUTE),
    st.builds(
        lambda change, minutes: change + minutes * MINUTE,
        st.sampled_from(CHANGES),
        st.integers(-180, 180),
    ),
)
spans = st.builds(
    lambda starts_at, minutes, zone: TimeSpan(starts_at, starts_at + minutes * MINUTE, zone),
    moments,
    st.integers(1, 180),
    zones,
)
two_clocks = st.lists(clock, min_size=2, max_size=2, unique=True).map(sorted)
windows = st.builds(lambda day, pair: Window(day, *pair), st.integers(0, 6), two_clocks)
days_away = st.builds(
    lambda day, more: DaysAway(day, day + timedelta(days=more)),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 60),
)
availabilities = st.builds(
    Availability,
    zones,
    st.lists(windows, max_size=14).map(tuple),
    st.lists(days_away, max_size=3).map(tuple),
)


def suits_each_minute(said: Availability, span: TimeSpan) -> bool:
    zone, minutes = ZoneInfo(said.time_zone), (span.ends_at - span.starts_at) // MINUTE
    shown = [(span.starts_at + each * MINUTE).astimezone(zone) for each in range(minutes)]
    return all(_suits(said, each) for each in shown)


def _suits(said: Availability, shown: datetime) -> bool:
    if any(each.first <= shown.date() <= each.last for each in said.away):
        return False
    return not said.windows or any(
        each.weekday == shown.weekday() and each.opens <= shown.time() < each.closes
        for each in said.windows
    )


@MANY
@given(said=availabilities, span=spans)
@example(
    said=Availability("Europe/London", (Window(6, time(1, 30), time(3)),)),
    span=TimeSpan(
        datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC), "UTC"
    ),
)
def test_a_span_is_held_exactly_where_each_of_its_minutes_is(
    said: Availability, span: TimeSpan
) -> None:
    assert said.contains(span) is suits_each_minute(said, span)


@SOME
@given(said=availabilities, span=spans, zone=zones)
def test_in_which_zone_a_span_is_told_changes_nothing(
    said: Availability, span: TimeSpan, zone: str
) -> None:
    told = TimeSpan(span.starts_at, span.ends_at, zone)
    assert said.contains(told) is said.contains(span)


@SOME
@given(said=availabilities)
def test_what_was_stored_is_read_back_as_it_was(said: Availability) -> None:
    assert Availability.decode(said.encode()) == said


@FEW
@given(
    said=st.lists(availabilities, max_size=2),
    starts_at=moments,
    zone=zones,
    hours=st.builds(
        lambda pair, days: WorkingHours(*pair, days),
        two_clocks,
        st.frozensets(st.integers(0, 6), min_size=1),
    ),
)
def test_free_hours_are_all_half_hours_that_suit_and_no_others(
    said: list[Availability], starts_at: datetime, zone: str, hours: WorkingHours
) -> None:
    between = TimeSpan(starts_at, starts_at + timedelta(days=1), zone)
    found = [each.starts_at for each in free_hours(between, hours, said)]

    assert found == [
        each.starts_at
        for each in hours_of_each_minute(between)
        if is_on_the_half_hour(each)
        and hours.contain(each)
        and all(one.contains(each) for one in said)
    ]


def hours_of_each_minute(between: TimeSpan) -> list[TimeSpan]:
    minutes = (between.length - timedelta(hours=1)) // MINUTE + 1
    starts = (between.starts_at + each * MINUTE for each in range(minutes))
    return [TimeSpan(each, each + timedelta(hours=1), between.time_zone) for each in starts]


def is_on_the_half_hour(span: TimeSpan) -> bool:
    return span.local_start.minute % (HALF_AN_HOUR // MINUTE) == 0

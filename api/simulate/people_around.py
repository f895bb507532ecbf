"""Those around the named people of the first scheme: a small simulation that ends with this week's Monday."""

from threading import Event

from api.clock import Clock
from api.simulate.first_scheme import FirstScheme
from api.simulate.plan import Plan, monday_before
from api.simulate.simulation import Grounds, simulation

WEEKS = 7
MENTEES, MENTORS, SEED = 6, 3, 25
"""Enough for every page to have something on it, and few enough for a start that is quick."""


def simulate_people_around(
    scheme: FirstScheme, grounds: Grounds, clock: Clock, stop: Event
) -> None:
    """Let them come, meet and go; cut short, the next start goes on. Raises SimulationStopped."""
    begins_at = monday_before(scheme.people_around_began(clock()), WEEKS)
    with simulation(Plan(MENTEES, MENTORS, WEEKS, SEED, begins_at), grounds, stop) as made:
        made.run()
    scheme.people_around_ended(clock())

"""How much more memory a rebuild takes for a longer history: none, beyond caches that are full before long."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from projections.pipeline import PIPELINE
from tests.benchmarks.history import load_history
from tests.benchmarks.world import World, a_world

EVENTS = 100_000
"""Of these alone the cache of keys is full, which holds so many and no more."""

TIMES = 4
LOOK_SECONDS = 0.02
REBUILD = [sys.executable, "-m", "api.cli", "rebuild", PIPELINE.name]
HOUSE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Growth:
    """What a million events more would add to the peak, and both peaks as measured."""

    mib_per_million: float
    mib_short: float
    mib_long: float
    events_short: int
    events_long: int

    def as_json(self) -> dict[str, float | str]:
        return {
            "mib_per_million": round(self.mib_per_million, 2),
            "mib_short": round(self.mib_short, 2),
            "mib_long": round(self.mib_long, 2),
            "events_short": self.events_short,
            "events_long": self.events_long,
        }


def rebuild_peak_mib_per_million() -> Growth:
    """The peaks of two real rebuilds in processes of their own, on a database with nothing else in it."""
    with a_world() as world:
        short_events, short = _grown_to(world, 0, EVENTS)
        long_events, long = _grown_to(world, short_events, EVENTS * TIMES)
    more = (long - short) / (long_events - short_events) * 1_000_000
    return Growth(more, short, long, short_events, long_events)


def _grown_to(world: World, before: int, events: int) -> tuple[int, float]:
    with world.parts() as parts:
        loaded = before + load_history(world, parts, events - before)
    return loaded, _peak_mib(world)


def _peak_mib(world: World) -> float:
    key_files = {"operational": str(world.key_files["operational"])}
    environment = {
        **os.environ,
        "VOUCHSAFE_DATABASE_URL": world.url("vouchsafe_worker"),
        "VOUCHSAFE_KEY_FILES": json.dumps(key_files),
    }
    peak = 0.0
    with subprocess.Popen(
        REBUILD, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak = max(peak, _high_water_mib(process.pid))
            time.sleep(LOOK_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, REBUILD)
    return peak


def _high_water_mib(pid: int) -> float:
    """The most it ever had, as the kernel counts; a process that has ended has nothing."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0

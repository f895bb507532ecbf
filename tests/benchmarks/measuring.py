"""How ratios are measured: two things in turn, round by round, and the median of the pairs."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """A ratio with its spread, and the medians of what was divided."""

    ratio: float
    lowest: float
    highest: float
    ours: float
    theirs: float
    unit: str

    def as_json(self) -> dict[str, float | str]:
        return {
            "ratio": round(self.ratio, 3),
            "lowest": round(self.lowest, 3),
            "highest": round(self.highest, 3),
            "ours": round(self.ours, 3),
            "theirs": round(self.theirs, 3),
            "unit": self.unit,
        }


@dataclass(frozen=True)
class Count:
    """How many of something, which needs no second measure."""

    count: int
    unit: str

    def as_json(self) -> dict[str, float | str]:
        return {"count": self.count, "unit": self.unit}


def interleaved(
    ours: Callable[[], float], theirs: Callable[[], float], *, rounds: int, unit: str
) -> Ratio:
    """Measure A B A B …; each round's pair gives one ratio, so a slow minute slows both."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    ratios = sorted(a / b for a, b in pairs)
    return Ratio(
        ratio=statistics.median(ratios),
        lowest=ratios[0],
        highest=ratios[-1],
        ours=statistics.median(a for a, _ in pairs),
        theirs=statistics.median(b for _, b in pairs),
        unit=unit,
    )


def per_second(work: Callable[[int], None], *, threads: int, seconds: float) -> float:
    """How often `work` is done a second by so many threads; it is told which thread it is in."""
    until = time.perf_counter() + seconds

    def repeat(thread: int) -> int:
        done = 0
        while time.perf_counter() < until:
            work(thread)
            done += 1
        return done

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        total = sum(pool.map(repeat, range(threads)))
    return total / (time.perf_counter() - started)


def microseconds(work: Callable[[], object], times: int) -> float:
    """What doing it once takes, on the average of so many times in a row."""
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times * 1e6

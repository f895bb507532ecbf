"""How often somebody may try what needs no sign-in, or fetch a vault: a person never notices, and guessing leads nowhere.

Counted in this process, by address and in all, in stretches of a minute. What was tried is not looked at before
there is room for it, so the refusal tells nothing of that.
"""

import time
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import TypeVar

import anyio
from fastapi import Request
from fastapi.concurrency import run_in_threadpool

STRETCH_SECONDS = 60.0
HOME_NETWORK_BITS = 64
"""Whoever has one address of IPv6 has all of its network."""

T = TypeVar("T")


class TooManyTries(Exception):
    """That was tried too often within a minute; wait for a minute, then try again."""


class Tries:
    """Room for so many tries a minute, from one address and from all together."""

    def __init__(
        self, *, of_one: int, of_all: int, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._most_of_one = of_one
        self._most_of_all = of_all
        self._timer = timer
        self._stretch = 0
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, address: str) -> None:
        """Count one try; raises TooManyTries when there is no room for it."""
        place = _network_of(address)
        with self._lock:
            self._begin_stretch()
            if self._taken[place] >= self._most_of_one or self._taken.total() >= self._most_of_all:
                raise TooManyTries
            self._taken[place] += 1

    def give_back(self, address: str) -> None:
        """Count one less: it was no guess."""
        place = _network_of(address)
        with self._lock:
            if self._taken[place] > 0:
                self._taken[place] -= 1

    def _begin_stretch(self) -> None:
        stretch = int(self._timer() // STRETCH_SECONDS)
        if stretch != self._stretch:
            self._stretch = stretch
            self._taken.clear()


class Guarded:
    """Lets right tries through and holds wrong ones back until all of them have taken equally long."""

    def __init__(self, tries: Tries, refusal: type[Exception], *, refused_after: float) -> None:
        self.tries = tries
        self.refused_after = refused_after
        self._refusal = refusal

    async def run(self, request: Request, work: Callable[[], T]) -> T:
        """Do it on a thread of its own; wrong tries are counted, and wait without one."""
        address, began = address_of(request), time.monotonic()
        self.tries.take(address)
        try:
            done = await run_in_threadpool(work)
        except self._refusal:
            await anyio.sleep(max(0.0, began + self.refused_after - time.monotonic()))
            raise
        self.tries.give_back(address)
        return done


def address_of(request: Request) -> str:
    """Where a request comes from; it is counted, never kept."""
    return request.client.host if request.client else ""


def _network_of(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(int(parsed) >> HOME_NETWORK_BITS)
    return address

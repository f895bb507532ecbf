"""How often and how long faults are made: once and briefly in every test run, for longer when asked."""

import os
from random import Random

import pytest

ROUNDS = int(os.environ.get("VOUCHSAFE_FAULT_ROUNDS", "1"))
IS_LONG = ROUNDS > 1
SEEDS = pytest.mark.parametrize("seed", range(ROUNDS), ids="seed-{}".format)


def chance_of(seed: int) -> Random:
    """The same moments and victims for the same seed, as far as threads allow."""
    return Random(seed)  # noqa: S311 - chooses moments, keeps no secret

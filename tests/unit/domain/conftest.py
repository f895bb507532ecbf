"""The pair that most stories here are about."""

import pytest

from tests.unit.domain.builders import Pair


@pytest.fixture
def pair() -> Pair:
    return Pair()

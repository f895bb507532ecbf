"""A key service that is away costs its callers no waiting after the first few, and is found again."""

from collections.abc import Callable

import pytest

from crypto.errors import CompartmentIsClosed, KeyServiceUnavailable, Tampered
from crypto.kms import KeyService
from crypto.kms.guarded import FAILURES_TO_OPEN, REST_SECONDS, Figures, GuardedKeyService

SECRET = bytes(range(32))


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class ComesAndGoes:
    """Stands before a real key service, and is away while it is told to be."""

    def __init__(self, service: KeyService) -> None:
        self._service = service
        self.away = False
        self.asked = 0

    def epoch(self, compartment: str) -> int:
        self.asked += 1
        if self.away:
            raise KeyServiceUnavailable
        return self._service.epoch(compartment)

    def __getattr__(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self._service, name)
        return method


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def remote(local: Callable[[], KeyService]) -> ComesAndGoes:
    return ComesAndGoes(local())


@pytest.fixture
def guarded(remote: ComesAndGoes, clock: Clock) -> GuardedKeyService:
    return GuardedKeyService(remote, clock)  # type: ignore[arg-type]  # - it answers as one does


def fail(guarded: GuardedKeyService, times: int) -> None:
    for _ in range(times):
        with pytest.raises(KeyServiceUnavailable):
            guarded.epoch("personal")


def test_it_passes_calls_on_and_counts_them(guarded: GuardedKeyService) -> None:
    assert guarded.epoch("personal") == 1
    assert guarded.figures == Figures(calls=1)


def test_after_some_failures_in_a_row_the_service_is_left_alone(
    guarded: GuardedKeyService, remote: ComesAndGoes
) -> None:
    remote.away = True
    fail(guarded, FAILURES_TO_OPEN + 4)
    assert remote.asked == FAILURES_TO_OPEN
    assert guarded.figures == Figures(FAILURES_TO_OPEN, FAILURES_TO_OPEN, spared=4, is_open=True)


def test_after_a_rest_one_call_tries_for_all(
    guarded: GuardedKeyService, remote: ComesAndGoes, clock: Clock
) -> None:
    remote.away = True
    fail(guarded, FAILURES_TO_OPEN)
    clock.now += REST_SECONDS
    fail(guarded, 3)
    assert remote.asked == FAILURES_TO_OPEN + 1


def test_it_closes_when_the_service_answers_again(
    guarded: GuardedKeyService, remote: ComesAndGoes, clock: Clock
) -> None:
    remote.away = True
    fail(guarded, FAILURES_TO_OPEN)
    remote.away = False
    clock.now += REST_SECONDS
    assert guarded.epoch("personal") == 1
    assert not guarded.figures.is_open
    assert guarded.epoch("personal") == 1


def test_failures_that_are_not_in_a_row_open_nothing(
    guarded: GuardedKeyService, remote: ComesAndGoes
) -> None:
    for _ in range(FAILURES_TO_OPEN):
        remote.away = True
        fail(guarded, FAILURES_TO_OPEN - 1)
        remote.away = False
        assert guarded.epoch("personal") == 1
    assert guarded.figures.spared == 0


def test_an_answer_that_refuses_is_an_answer(guarded: GuardedKeyService) -> None:
    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(Tampered):
            guarded.unwrap("personal", 1, b"x" * 93, b"")
        with pytest.raises(CompartmentIsClosed):
            guarded.wrap("contact", 1, SECRET, b"")
    assert guarded.figures.failures == 0
    assert not guarded.figures.is_open

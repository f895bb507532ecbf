"""Room for so many tries a minute, from one address and from all together."""

import pytest

from api.tries import STRETCH_SECONDS, TooManyTries, Tries


class Timer:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def room_for(tries: Tries, address: str) -> int:
    """How many more are let through, up to ten."""
    for number in range(10):
        try:
            tries.take(address)
        except TooManyTries:
            return number
    return 10


def test_one_address_has_its_own_room() -> None:
    tries = Tries(of_one=3, of_all=100, timer=Timer())

    assert room_for(tries, "192.0.2.1") == 3
    assert room_for(tries, "192.0.2.2") == 3


def test_all_together_have_room_for_so_many() -> None:
    tries = Tries(of_one=3, of_all=5, timer=Timer())

    assert [room_for(tries, f"192.0.2.{each}") for each in range(3)] == [3, 2, 0]


def test_a_network_of_ipv6_is_one_address() -> None:
    tries = Tries(of_one=3, of_all=100, timer=Timer())

    assert room_for(tries, "2001:db8::1") == 3
    assert room_for(tries, "2001:db8::ffff:2") == 0
    assert room_for(tries, "2001:db8:0:1::1") == 3


def test_what_was_no_guess_is_given_back() -> None:
    tries = Tries(of_one=2, of_all=100, timer=Timer())
    for _ in range(5):
        tries.take("192.0.2.1")
        tries.give_back("192.0.2.1")

    tries.give_back("192.0.2.1")
    assert room_for(tries, "192.0.2.1") == 2


@pytest.mark.parametrize("address", ["", "testclient", "/a/socket"])
def test_what_is_no_address_is_counted_too(address: str) -> None:
    assert room_for(Tries(of_one=2, of_all=100, timer=Timer()), address) == 2


def test_there_is_room_again_in_the_next_minute() -> None:
    timer = Timer()
    tries = Tries(of_one=2, of_all=2, timer=timer)
    room_for(tries, "192.0.2.1")
    timer.now += STRETCH_SECONDS

    assert room_for(tries, "192.0.2.1") == 2

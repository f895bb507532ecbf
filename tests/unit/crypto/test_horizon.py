"""From when on what was erased opens in no old copy, and when keys change next."""

from datetime import UTC, datetime, timedelta

from crypto.horizon import Epoch, next_rotation, unreadable_before, unreadable_since

START = datetime(2026, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
DAY = timedelta(days=1)


def ended(compartment: str, epoch: int) -> Epoch:
    """One that lasted a month and was confirmed to be destroyed a day later."""
    begun = START + (epoch - 1) * MONTH
    end = begun + MONTH
    return Epoch(compartment, epoch, begun, end, end, end + DAY)


def current(compartment: str, epoch: int) -> Epoch:
    return Epoch(compartment, epoch, START + (epoch - 1) * MONTH)


EPOCHS = [ended("contact", 1), current("contact", 2), ended("special", 1), current("special", 2)]


def test_what_was_erased_in_an_ended_epoch_is_unreadable_since_its_confirmed_end() -> None:
    assert unreadable_since(EPOCHS, START + DAY) == START + MONTH + DAY


def test_what_was_erased_in_a_current_epoch_may_still_open() -> None:
    assert unreadable_since(EPOCHS, START + MONTH) is None
    assert unreadable_since(EPOCHS, START + MONTH + DAY) is None


def test_one_compartment_whose_end_is_not_confirmed_is_enough_to_open_something() -> None:
    begun = ended("special", 1)
    waiting = Epoch("special", 1, begun.made_at, begun.closing_at, begun.emptied_at)
    assert unreadable_since([*EPOCHS[:2], waiting, EPOCHS[3]], START + DAY) is None
    assert unreadable_before([*EPOCHS[:2], waiting, EPOCHS[3]]) == START


def test_whatever_was_erased_before_the_oldest_living_epoch_is_unreadable() -> None:
    before = unreadable_before(EPOCHS)
    assert before == START + MONTH
    assert unreadable_since(EPOCHS, before - timedelta(seconds=1)) is not None


def test_the_next_rotation_is_due_when_any_compartments_newest_epoch_is_old_enough() -> None:
    assert next_rotation(EPOCHS, MONTH) == START + 2 * MONTH
    assert next_rotation([*EPOCHS, current("special", 3)], MONTH) == START + 2 * MONTH


def test_where_there_is_no_epoch_nothing_is_due_and_nothing_promised() -> None:
    assert next_rotation([], MONTH) is None
    assert unreadable_since([], START) is None
    assert unreadable_before([]) is None

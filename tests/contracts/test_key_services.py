"""What every key service promises; each adapter passes the same suite."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from crypto.errors import Absent, CompartmentIsClosed, Erased, NewestEpochStays, Tampered
from crypto.kms import KeyService
from tests.contracts.conftest import OPEN, Reopen
from tests.key_services.bao import TOKEN
from tests.key_services.softhsm import PIN

SECRET = bytes(range(16))
CONTEXT = b"branch-key of personal"


class TestEveryKeyService:
    def test_says_which_compartments_are_open(self, service: KeyService) -> None:
        assert service.compartments() == frozenset(OPEN)

    def test_begins_with_epoch_1(self, service: KeyService) -> None:
        assert service.epoch("personal") == 1

    def test_unwraps_what_it_wrapped_also_after_a_restart(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET
        assert reopen().unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_wraps_no_secret_twice_to_the_same_bytes(self, service: KeyService) -> None:
        wrapped = {service.wrap("personal", 1, SECRET, CONTEXT) for _ in range(20)}
        assert len(wrapped) == 20
        assert not any(SECRET in each for each in wrapped)

    def test_refuses_another_context(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        for other in (b"", CONTEXT + b"\x00", CONTEXT[:-1], b"branch-key of special"):
            with pytest.raises(Tampered):
                service.unwrap("personal", 1, wrapped, other)

    def test_refuses_another_compartments_secret(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        with pytest.raises(Tampered):
            service.unwrap("special", 1, wrapped, CONTEXT)

    def test_refuses_another_epochs_secret(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        service.new_epoch("personal")
        with pytest.raises(Tampered):
            service.unwrap("personal", 2, wrapped, CONTEXT)

    def test_refuses_every_changed_byte_and_every_truncation(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        for at in range(len(wrapped)):
            changed = bytearray(wrapped)
            changed[at] ^= 0x01
            for wrong in (bytes(changed), wrapped[:at]):
                with pytest.raises(Tampered):
                    service.unwrap("personal", 1, wrong, CONTEXT)

    def test_keeps_old_epochs_open_beside_a_new_one(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        assert service.new_epoch("personal") == 2
        for each in (service, reopen()):
            assert each.epoch("personal") == 2
            assert each.epoch("special") == 1
            assert each.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_uses_an_epoch_that_another_process_began(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        other = reopen()
        wrapped = other.wrap("personal", other.new_epoch("personal"), SECRET, CONTEXT)
        assert service.unwrap("personal", 2, wrapped, CONTEXT) == SECRET

    def test_loses_no_epoch_that_another_process_began(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        other = reopen()
        wrapped = other.wrap("personal", other.new_epoch("personal"), SECRET, CONTEXT)
        assert service.new_epoch("personal") == 3
        assert reopen().unwrap("personal", 2, wrapped, CONTEXT) == SECRET

    def test_says_erased_of_a_destroyed_epoch(self, service: KeyService, reopen: Reopen) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        service.new_epoch("personal")
        service.destroy_epoch("personal", 1)
        service.destroy_epoch("personal", 1)
        for each in (service, reopen()):
            with pytest.raises(Erased):
                each.unwrap("personal", 1, wrapped, CONTEXT)
            with pytest.raises(Erased):
                each.wrap("personal", 1, SECRET, CONTEXT)

    def test_says_absent_of_an_epoch_that_never_was(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        for epoch in (-1, 0, 2, 99):
            with pytest.raises(Absent):
                service.unwrap("personal", epoch, wrapped, CONTEXT)
            with pytest.raises(Absent):
                service.wrap("personal", epoch, SECRET, CONTEXT)
            with pytest.raises(Absent):
                service.destroy_epoch("personal", epoch)
            with pytest.raises(Absent):
                service.is_destroyed("personal", epoch)

    def test_says_whether_a_destruction_is_confirmed(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        other = reopen()
        assert service.new_epoch("personal") == 2
        assert not service.is_destroyed("personal", 1)
        other.destroy_epoch("personal", 1)
        assert service.is_destroyed("personal", 1) == other.is_destroyed("personal", 1)
        assert not service.is_destroyed("personal", 2)
        assert not service.is_destroyed("special", 1)

    def test_never_gives_a_destroyed_epochs_number_again(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        service.new_epoch("personal")
        service.destroy_epoch("personal", 1)
        assert reopen().new_epoch("personal") == 3

    def test_keeps_the_newest_epoch(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        with pytest.raises(NewestEpochStays):
            service.destroy_epoch("personal", 1)
        assert service.unwrap("personal", 1, wrapped, CONTEXT) == SECRET

    def test_keeps_a_closed_compartment_closed(self, service: KeyService) -> None:
        attempts: list[Callable[[], object]] = [
            lambda: service.epoch("contact"),
            lambda: service.new_epoch("contact"),
            lambda: service.destroy_epoch("contact", 1),
            lambda: service.is_destroyed("contact", 1),
            lambda: service.wrap("contact", 1, SECRET, CONTEXT),
            lambda: service.unwrap("contact", 1, b"x" * 93, CONTEXT),
        ]
        for attempt in attempts:
            with pytest.raises(CompartmentIsClosed):
                attempt()

    def test_serves_threads_that_come_together(self, service: KeyService) -> None:
        def work(number: int) -> bytes:
            compartment = OPEN[number % 2]
            secret = number.to_bytes(32)
            if number % 8 == 0:
                service.new_epoch(compartment)
            epoch = service.epoch(compartment)
            wrapped = service.wrap(compartment, epoch, secret, CONTEXT)
            return service.unwrap(compartment, epoch, wrapped, CONTEXT)

        with ThreadPoolExecutor(8) as threads:
            opened = list(threads.map(work, range(16)))
        assert opened == [number.to_bytes(32) for number in range(16)]

    def test_loses_nothing_that_was_wrapped_while_several_make_epochs(
        self, service: KeyService, reopen: Reopen
    ) -> None:
        others = [reopen() for _ in range(3)]

        def make(other: KeyService) -> tuple[int, bytes]:
            epoch = other.new_epoch("personal")
            return epoch, other.wrap("personal", epoch, SECRET, CONTEXT)

        with ThreadPoolExecutor(3) as threads:
            made = list(threads.map(make, others))
        for epoch, wrapped in made:
            assert epoch > 1
            assert service.unwrap("personal", epoch, wrapped, CONTEXT) == SECRET

    def test_shows_no_secret(self, service: KeyService) -> None:
        wrapped = service.wrap("personal", 1, SECRET, CONTEXT)
        with pytest.raises(Tampered) as tampered:
            service.unwrap("personal", 1, wrapped, b"another")
        with pytest.raises(Absent) as absent:
            service.unwrap("personal", 9, wrapped, CONTEXT)
        shown = [repr(service), str(service)]
        for error in (tampered.value, absent.value):
            assert error.__cause__ is None
            assert error.__context__ is None or not str(error.__context__)
            shown += [repr(error), str(error), repr(vars(error))]
        for secret in (PIN, TOKEN, "made-up", SECRET.hex(), repr(SECRET)[2:20]):
            assert not any(secret in each for each in shown)


def test_every_service_that_destroys_at_once_says_so(
    service: KeyService, reopen: Reopen, request: pytest.FixtureRequest
) -> None:
    """All but the one whose own waiting time nobody can shorten."""
    service.new_epoch("personal")
    service.destroy_epoch("personal", 1)
    at_once = "amazon" not in request.node.name
    assert reopen().is_destroyed("personal", 1) is at_once

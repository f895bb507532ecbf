"""What can be told of sealed fields without a key: whose they are, and which keys an event names."""

from collections.abc import Iterator
from uuid import UUID

from domain.errors import DomainError
from domain.values import Compartment, Sealed


class SealedForAnother(DomainError):
    """This field was sealed under another person's key."""


class WrongCompartment(DomainError):
    """This field was sealed in a compartment where it does not belong."""


def require_sealed_for(owner: UUID, compartment: Compartment, *values: Sealed | None) -> None:
    """Refuse any value under another person's key or in another compartment; None passes."""
    for value in values:
        if value is None:
            continue
        if value.owner != owner:
            raise SealedForAnother
        if value.compartment is not compartment:
            raise WrongCompartment


def keys_named_by(event: object) -> Iterator[tuple[str, UUID]]:
    """The compartment and data key of every sealed field of an event."""
    for value in vars(event).values():
        for part in value if isinstance(value, tuple | list) else (value,):
            if isinstance(part, Sealed):
                yield part.compartment.value, part.key_id

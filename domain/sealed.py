"""Checks that a sealed field was sealed for the person and the compartment that its event names."""

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

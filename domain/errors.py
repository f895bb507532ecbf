"""The base of what the domain refuses, and the refusals that several aggregates share.

The docstring of each error is the sentence its caller is told; it never repeats input.
"""


class DomainError(Exception):
    """The request goes against a rule of the scheme."""


class NotAllowed(DomainError):
    """You may not do this."""


class NotAMoment(DomainError):
    """A date and time must name its offset from UTC."""


class NotATimeSpan(DomainError):
    """The end must come after the start."""


class UnknownTimeZone(DomainError):
    """The time zone is not one of the IANA names, such as Europe/London."""


class InThePast(DomainError):
    """The time must lie in the future."""


class SealedForAnotherPurpose(DomainError):
    """This field is sealed for the purpose whose consent it rests on, and for no other."""

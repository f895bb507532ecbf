"""Amounts of money, in whole minor units so that no penny is ever rounded away."""

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from domain.errors import DomainError

DIGITS = MappingProxyType(
    dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "VND", "XAF", "XOF", "XPF"), 0)
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
)
"""ISO 4217: how many decimal places the minor units of a currency are; two for all others."""
USUAL_DIGITS = 2

MOST_MINOR_UNITS = 10_000_000_00
"""Ten million pounds; a larger amount is a slip of the pen."""


class NotAnAmount(DomainError):
    """An amount is a whole number of minor units from 0 up to 10,000,000.00, in one currency."""


class OtherCurrency(DomainError):
    """Amounts of two currencies are never added."""


@dataclass(frozen=True, slots=True)
class Money:
    """So many minor units, such as pence, of an ISO 4217 currency."""

    minor_units: int
    currency: str = "GBP"

    def __post_init__(self) -> None:
        is_code = len(self.currency) == len("GBP") and self.currency.isascii()
        if not (is_code and self.currency.isupper() and abs(self.minor_units) <= MOST_MINOR_UNITS):
            raise NotAnAmount

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise OtherCurrency
        return Money(self.minor_units + other.minor_units, self.currency)

    def times(self, number: int) -> "Money":
        """The same price so many times."""
        return Money(self.minor_units * number, self.currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in whole units of the currency, with all its decimal places."""
        return Decimal(self.minor_units).scaleb(-DIGITS.get(self.currency, USUAL_DIGITS))

"""The code that confirms a mail address: made, sealed beside the address, and compared with what came back."""

import hmac
import secrets
from datetime import datetime
from uuid import UUID

from api.records.contact import CONTACT_PURPOSE
from api.records.openings import Openings, Whose, Why
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.address import AddressIsConfirmed, CodeIsWrong
from domain.person import Person
from domain.values import Compartment, Sealed

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for others."""
CODE_LENGTH = 10
LONGEST_CODE = 40
ONES_OWN = Why(RecordKind.CONTACT, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)


def sealed_code(openings: Openings, person: UUID) -> Sealed:
    """A new code, which nobody but the receiver of the mail is shown."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    whose = Whose(Compartment.CONTACT, person, CONTACT_PURPOSE, "confirmation")
    return openings.seal(whose, f"{code[:5]}-{code[5:]}")


def code_of(
    openings: Openings, caller: Caller, person: Person, typed: str, now: datetime
) -> Sealed:
    """The code that was sent, if it is the one that came back; raises CodeIsWrong, AddressIsConfirmed."""
    if person.address is None:
        raise AddressIsConfirmed
    sent = openings.open(caller, person.address.code, ONES_OWN, now=now)
    if not hmac.compare_digest(_bare(sent), _bare(typed)):
        raise CodeIsWrong
    return person.address.code


def _bare(code: str) -> bytes:
    """As people type it: in any case, with or without the hyphen."""
    return "".join(each for each in code.upper() if each.isalnum()).encode()

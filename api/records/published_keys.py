"""Public keys of a person, also once they are erased: others check with them what was shared before."""

from uuid import UUID

from crypto.errors import Erased
from domain.commands.erasures import find_erasure
from domain.mentoring import Mentoring
from domain.person import Person
from domain.public_keys import PublicKeys


def published_keys(mentoring: Mentoring, person: UUID) -> tuple[PublicKeys, ...]:
    """Every set that the person published, the last being current; raises NotFound for nobody."""
    try:
        known = mentoring.load(Person, person)
    except Erased:
        erasure = find_erasure(mentoring, person)
        return erasure.public_keys if erasure else ()
    return tuple(known.public_keys.values())

"""Lets another key read epochs that one reads: a partner's or one's own new keys, or a successor's. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.participant.circle import Circle
from api.participant.errors import WordsNotCompared
from api.participant.memory import OtherMemory
from api.participant.strand import VerifiedStrand
from api.participant.writing import name_of
from crypto.sealing import PublicIdentity, pass_on

AT_ONCE = 50
"""Epochs in one request; more of them go in several."""


@dataclass(frozen=True)
class Recipient:
    """A key that shall read, and whose it is; `only_before` leaves out what this person never read."""

    person: UUID
    identity: PublicIdentity
    only_before: bool = False


def renewed(other: OtherMemory) -> Recipient:
    """Another participant's newest key, for what their earlier ones read."""
    return Recipient(other.person, other.current, only_before=True)


def compared(others: Sequence[OtherMemory]) -> Sequence[OtherMemory]:
    """Those whose words were compared; nothing from before is passed on without. Raises WordsNotCompared."""
    found = [each for each in others if each.compared]
    if not found:
        raise WordsNotCompared
    return found


def grants_to_hand_in(
    strand: VerifiedStrand, circle: Circle, to: Recipient
) -> Iterator[dict[str, Any]]:
    """Every epoch of the strand that we read and this key does not, as the service takes it."""
    grants = list(_grants(strand, circle, to))
    for at in range(0, len(grants), AT_ONCE):
        yield {
            "audience": name_of(strand.strand.audience),
            "reader": to.person,
            "key_id": to.identity.key_id,
            "grants": grants[at : at + AT_ONCE],
        }


def _grants(strand: VerifiedStrand, circle: Circle, to: Recipient) -> Iterator[dict[str, Any]]:
    before = {key_id for person, key_id in circle.published if person == to.person}
    for each in strand.epochs:
        readers = each.epoch.readers.keys() | each.epoch.later
        is_for_them = not (to.only_before and before.isdisjoint(readers))
        if each.key is None or to.identity.key_id in readers or not is_for_them:
            continue
        # Whoever is given it may never have met the keys that we used before.
        granter = circle.me if each.is_read_by(circle.me) else circle.held_of(sorted(readers))
        passed = pass_on(each.key, to.identity, granter=granter)
        yield {
            "epoch": each.epoch.number,
            "statement": passed.statement,
            "sealed_key": passed.sealed_key,
        }

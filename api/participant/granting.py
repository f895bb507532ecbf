"""Lets another key read epochs that one reads: a partner's or one's own new keys, or a successor's. Pure."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from api.participant.memory import PartnerMemory
from api.participant.pair import Pair
from api.participant.strand import VerifiedStrand
from api.participant.writing import name_of
from crypto.sealing import PublicIdentity, pass_on

AT_ONCE = 50
"""Epochs in one request; more of them go in several."""


def grants_to_hand_in(
    strand: VerifiedStrand, pair: Pair, person: UUID, reader: PublicIdentity
) -> Iterator[dict[str, Any]]:
    """Every epoch of the strand that we read and this key does not, as the service takes it."""
    grants = list(_grants(strand, pair, reader))
    for at in range(0, len(grants), AT_ONCE):
        yield {
            "audience": name_of(strand.strand.audience),
            "reader": person,
            "key_id": reader.key_id,
            "grants": grants[at : at + AT_ONCE],
        }


def is_compared(partner: PartnerMemory | None) -> bool:
    """Whether the words of a partner's keys were compared; nothing from before is passed on without."""
    return partner is not None and partner.compared


def _grants(strand: VerifiedStrand, pair: Pair, reader: PublicIdentity) -> Iterator[dict[str, Any]]:
    for each in strand.epochs:
        readers = each.epoch.readers.keys() | each.epoch.later
        if each.key is None or reader.key_id in readers:
            continue
        passed = pass_on(each.key, reader, granter=pair.held_of(sorted(readers)))
        yield {
            "epoch": each.epoch.number,
            "statement": passed.statement,
            "sealed_key": passed.sealed_key,
        }

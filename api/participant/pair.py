"""Who the two participants are, as far as a client believes the service about it.

The first two rules of a notebook:
1. The service shows our own keys as ours, and us as the person we have been since we first looked.
2. There is one other participant, the one we know, under the keys that we trust as theirs. The first
   that we see are trusted and remembered; others only once their words were compared.

A break of the second is a doubt about the partner: it stops what is shared, and never our own notes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

import msgspec

from api.participant.errors import (
    KeysHaveChanged,
    MyKeysAreNotCurrent,
    NoPartnerYet,
    ParticipantError,
    PartnerHasChanged,
    PartnerHasMyKeys,
    UnexpectedReaders,
    WordsDiffer,
)
from api.participant.memory import Memory, PartnerMemory
from api.participant.wire import ShownNotebook, ShownParticipant
from crypto.sealing import Audience, Identity, PublicIdentity, fingerprint_words


@dataclass(frozen=True)
class Pair:
    """Who we are and who the other is, as far as this client trusts the service about it."""

    me: Identity
    my_person: UUID
    partner: PartnerMemory | None
    doubt: ParticipantError | None = None
    earlier: Sequence[Identity] = ()
    lost: Sequence[PublicIdentity] = ()
    """Keys that the service says were ours and that we do not hold: never believed where anything is opened or written."""

    @cached_property
    def held(self) -> dict[bytes, Identity]:
        """Every private key of ours, by key id."""
        return {each.public.key_id: each for each in (self.me, *self.earlier)}

    def holds_one_of(self, key_ids: Iterable[bytes]) -> bool:
        """Whether we hold one of these keys."""
        return not self.held.keys().isdisjoint(key_ids)

    def held_of(self, key_ids: Iterable[bytes]) -> Identity:
        """The first of these keys that we hold."""
        return next(self.held[each] for each in key_ids if each in self.held)

    def is_mine(self, key_id: bytes) -> bool:
        """Whether a key is ours, or was."""
        return key_id in self.held or key_id in {each.key_id for each in self.lost}

    def readers_of(self, audience: Audience) -> dict[UUID, PublicIdentity]:
        """Who reads what is written now; raises NoPartnerYet."""
        mine = {self.my_person: self.me.public}
        if audience is Audience.OWN:
            return mine
        if self.partner is None:
            raise NoPartnerYet
        return {**mine, self.partner.person: self.partner.current}

    def lost_keys(self) -> dict[tuple[UUID, bytes], PublicIdentity]:
        """Our own keys that we no longer hold, as the service has them."""
        return {(self.my_person, each.key_id): each for each in self.lost}

    def trusted_keys(self) -> dict[tuple[UUID, bytes], PublicIdentity]:
        """Every person with every key that this client believes to be theirs."""
        trusted = {(self.my_person, key_id): each.public for key_id, each in self.held.items()}
        if self.partner:
            for each in self.partner.identities:
                trusted[self.partner.person, each.key_id] = each
        return trusted


def trusted_pair(
    shown: ShownNotebook, me: Identity, memory: Memory, earlier: Sequence[Identity] = ()
) -> Pair:
    """The partner is who we know, or who we see for the first time; raises MyKeysAreNotCurrent."""
    mine = _mine(shown, me, memory)
    pair = Pair(me, mine.person, memory.partner, earlier=earlier)
    lost = [each.identity for each in mine.public_keys if each.key_id not in pair.held]
    try:
        partner = _trusted_partner(_other(shown, me), memory.partner)
    except ParticipantError as doubt:
        return replace(pair, doubt=doubt, lost=lost)
    return replace(pair, partner=partner, lost=lost)


def compared_partner(
    shown: ShownNotebook, me: Identity, memory: Memory, words: str
) -> PartnerMemory:
    """The partner whose keys have these words, which the partner said; raises WordsDiffer.

    New keys may be accepted so; another person may not.
    """
    _mine(shown, me, memory)
    other = _other(shown, me)
    offered = other.current if other else None
    if other is None or offered is None or fingerprint_words(offered) != words:
        raise WordsDiffer
    known = memory.partner or PartnerMemory(other.person, (offered.to_bytes(),))
    if known.person != other.person:
        raise PartnerHasChanged
    if known.current.key_id == offered.key_id:
        return msgspec.structs.replace(known, compared=True)
    keys = (*known.keys, offered.to_bytes())
    return msgspec.structs.replace(known, keys=keys, compared=True)


def _mine(shown: ShownNotebook, me: Identity, memory: Memory) -> ShownParticipant:
    mine = [each for each in shown.participants if each.person == shown.caller]
    if len(mine) != 1 or mine[0].current_key_id != me.public.key_id:
        raise MyKeysAreNotCurrent
    if memory.my_person not in {None, shown.caller}:
        raise MyKeysAreNotCurrent
    return mine[0]


def _other(shown: ShownNotebook, me: Identity) -> ShownParticipant | None:
    others = [each for each in shown.participants if each.person != shown.caller]
    if len(others) > 1:
        raise UnexpectedReaders
    if others and others[0].current_key_id == me.public.key_id:
        raise PartnerHasMyKeys
    return others[0] if others else None


def _trusted_partner(
    shown: ShownParticipant | None, known: PartnerMemory | None
) -> PartnerMemory | None:
    offered = shown.current if shown else None
    if shown is None or offered is None:
        if known is not None:
            raise PartnerHasChanged
        return None
    if known is None:
        return PartnerMemory(shown.person, (offered.to_bytes(),))
    if shown.person != known.person:
        raise PartnerHasChanged
    if offered.key_id != known.current.key_id:
        raise KeysHaveChanged(fingerprint_words(offered))
    return known

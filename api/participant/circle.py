"""Who takes part in a notebook, as far as a client believes the service about it: a pair, or a group.

The first two rules of a notebook:
1. The service shows our own keys as ours, and us as the person we have been since we first looked.
2. The others are those we know, each under the keys that we trust as theirs. The one other whom we see when we first look
   is trusted and remembered; other keys and other people only once their words were compared, or, in a group, once a
   member whom we trust has sealed to them. Nobody is gone before we, or such a member, said so.

A break of the second is a doubt about the others: it stops what is shared, and never our own notes. To whom somebody
else's notes were passed on, no doubt arises: they write nothing there, and trust whom they know from their own notebooks.
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
    OnlyToRead,
    ParticipantError,
    PartnerHasChanged,
    PartnerHasMyKeys,
    SomebodyHasJoined,
    SomebodyHasNoKeys,
    StillTakesPart,
    WordsDiffer,
)
from api.participant.introductions import told_by_members
from api.participant.memory import Memory, OtherMemory
from api.participant.wire import Named, ShownKeys, ShownNotebook, ShownParticipant
from crypto.sealing import Audience, Identity, PublicIdentity, Strand, fingerprint_words


@dataclass(frozen=True)
class Circle:
    """Who we are and who the others are, as far as this client trusts the service about it."""

    me: Identity
    my_person: UUID
    others: tuple[OtherMemory, ...]
    shown: ShownNotebook
    doubt: ParticipantError | None = None
    earlier: Sequence[Identity] = ()
    elsewhere: Sequence[OtherMemory] = ()
    """Whom we know from our own notebooks; trusted only where others' notes were passed on to us."""

    @cached_property
    def held(self) -> dict[bytes, Identity]:
        """Every private key of ours, by key id."""
        return {each.public.key_id: each for each in (self.me, *self.earlier)}

    @property
    def present(self) -> tuple[OtherMemory, ...]:
        """The others who take part now, as far as we believe it."""
        return tuple(each for each in self.others if not each.has_left)

    @property
    def is_visitor(self) -> bool:
        """Whether we take no part, and read what was passed on to us or what is our own."""
        return all(each.person != self.my_person for each in self.shown.participants)

    def holds_one_of(self, key_ids: Iterable[bytes]) -> bool:
        """Whether we hold one of these keys."""
        return not self.held.keys().isdisjoint(key_ids)

    def held_of(self, key_ids: Iterable[bytes]) -> Identity:
        """The first of these keys that we hold."""
        return next(self.held[each] for each in key_ids if each in self.held)

    def is_mine(self, key_id: bytes) -> bool:
        """Whether a key is ours, or was; what we know as another's never is, whatever the service says."""
        if key_id in self.held:
            return True
        return (self.my_person, key_id) in self.published and self.words_of(key_id) is None

    def words_of(self, key_id: bytes) -> str | None:
        """The words of another's key as we know it here; None for one that we do not."""
        for each in (*self.others, *self.elsewhere):
            for identity in each.identities:
                if identity.key_id == key_id:
                    return fingerprint_words(each.current)
        return None

    def readers_of(self, audience: Audience) -> dict[UUID, PublicIdentity]:
        """Who reads what is written now; raises OnlyToRead, NoPartnerYet or SomebodyHasNoKeys."""
        if self.is_visitor:
            raise OnlyToRead
        mine = {self.my_person: self.me.public}
        if audience is Audience.OWN:
            return mine
        if not self.present:
            raise NoPartnerYet
        if any(each.current_key_id is None for each in self.shown.participants):
            raise SomebodyHasNoKeys
        return {**mine, **{each.person: each.current for each in self.present}}

    @cached_property
    def trusted(self) -> dict[Named, PublicIdentity]:
        """Every person with every key that this client believes to be theirs."""
        known = (*self.others, *(self.elsewhere if self.is_visitor else ()))
        trusted = {(each.person, key.key_id): key for each in known for key in each.identities}
        mine = {(self.my_person, key_id): each.public for key_id, each in self.held.items()}
        return trusted | mine

    @cached_property
    def published(self) -> dict[Named, ShownKeys]:
        """Every key that the service says is somebody's."""
        return self.shown.published

    def takes_part(self, person: UUID) -> bool:
        """Whether somebody is shown as one who takes part now."""
        return any(each.person == person for each in self.shown.participants)


@dataclass(frozen=True)
class Known:
    """What a client brings along: its own keys, and whom it knows."""

    me: Identity
    memory: Memory
    earlier: Sequence[Identity] = ()
    elsewhere: Sequence[OtherMemory] = ()


def trusted_circle(shown: ShownNotebook, strand: Strand, known: Known) -> Circle:
    """The others are whom we know, or the one whom we see when we first look; raises MyKeysAreNotCurrent.

    `strand` is the shared one, whose statements may tell who joined and who left.
    """
    me, memory = known.me, known.memory
    _require_me(shown, me, memory)
    others = memory.others
    circle = Circle(me, shown.caller, others, shown, None, known.earlier, known.elsewhere)
    if circle.is_visitor:
        return circle
    try:
        circle = replace(circle, others=told_by_members(circle.trusted, shown, strand, memory))
        return replace(circle, others=_trusted_others(shown, me, circle.others))
    except ParticipantError as doubt:
        return replace(circle, doubt=doubt)


def with_compared(
    shown: ShownNotebook, me: Identity, memory: Memory, words: str
) -> tuple[OtherMemory, ...]:
    """The others, once one of them said these words; raises WordsDiffer, or PartnerHasChanged.

    New keys are accepted so, and somebody who joined; nobody in the place of one who is missing.
    """
    _require_me(shown, me, memory)
    offered = {each.person: each.current for each in _others(shown, me)}
    said = {who: keys for who, keys in offered.items() if keys and fingerprint_words(keys) == words}
    if len(said) != 1:
        raise WordsDiffer
    ((person, identity),) = said.items()
    for each in memory.others:
        if not each.has_left and each.person not in offered:
            raise PartnerHasChanged(fingerprint_words(each.current))
    known = {each.person: each for each in memory.others}
    before = known.get(person) or OtherMemory(person, (identity.to_bytes(),))
    known[person] = before.compared_under(identity)
    return tuple(known.values())


def with_left(
    shown: ShownNotebook, me: Identity, memory: Memory, words: str
) -> tuple[OtherMemory, ...]:
    """The others, once we said that the one with these words left; raises WordsDiffer or StillTakesPart."""
    _require_me(shown, me, memory)
    gone = [each for each in memory.others if fingerprint_words(each.current) == words]
    if len(gone) != 1:
        raise WordsDiffer
    if any(each.person == gone[0].person for each in shown.participants):
        raise StillTakesPart
    left = msgspec.structs.replace(gone[0], has_left=True)
    return tuple(left if each is gone[0] else each for each in memory.others)


def _require_me(shown: ShownNotebook, me: Identity, memory: Memory) -> None:
    current = [
        each.current_key_id for each in shown.participants if each.person == shown.caller
    ] or [
        each.public_keys[-1].key_id if each.public_keys else None
        for each in shown.further_readers
        if each.person == shown.caller
    ]
    if current != [me.public.key_id] or memory.my_person not in {None, shown.caller}:
        raise MyKeysAreNotCurrent


def _others(shown: ShownNotebook, me: Identity) -> list[ShownParticipant]:
    others = [each for each in shown.participants if each.person != shown.caller]
    if any(each.current_key_id == me.public.key_id for each in others):
        raise PartnerHasMyKeys
    return others


def _trusted_others(
    shown: ShownNotebook, me: Identity, known: tuple[OtherMemory, ...]
) -> tuple[OtherMemory, ...]:
    """Rule 2; raises the doubt."""
    others = {each.person: each.current for each in _others(shown, me)}
    if not known and len(others) == 1:
        return tuple(OtherMemory(who, (it.to_bytes(),)) for who, it in others.items() if it)
    present = {each.person: each for each in known if not each.has_left}
    for person, each in present.items():
        offered = others.get(person)
        if offered is None:
            raise PartnerHasChanged(fingerprint_words(each.current))
        if offered.key_id != each.current.key_id:
            raise KeysHaveChanged(fingerprint_words(offered))
    for person, offered in others.items():
        if offered and person not in present:
            raise SomebodyHasJoined(fingerprint_words(offered))
    return known

"""A notebook of many entries: sealed as the participants' own client does, and recorded in few but ordinary commits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from uuid import UUID, uuid4

from api.participant.service import NotebookService
from api.participant.vault import NewVault
from api.participant.writing import entry_to_hand_in, epoch_to_hand_in, name_of
from api.records.notebook_locks import locked_entry
from api.routes.notebooks import AppendEntry
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    Identity,
    Kind,
    NotebookKey,
    Strand,
    grant_epoch,
    seal_entry,
)
from domain import strand as kept
from domain.mentoring import Order
from domain.notebook import Notebook
from domain.values import Act
from tests.browser.notes import with_keys
from tests.live_service import LiveService
from tests.match import Match, match
from tests.scheme import Somebody

AT_ONCE = 250


@dataclass(frozen=True)
class Member:
    """One of a pair with their opened keys."""

    somebody: Somebody
    vault: NewVault

    @property
    def identity(self) -> Identity:
        return self.vault.identity

    @property
    def code(self) -> str:
        """A recovery code, to be typed into the page."""
        return self.vault.wrappers[0].code.reveal()


@dataclass(frozen=True)
class LongNotebook:
    """A pair with as many entries as were asked for; each text says which it is."""

    made: Match
    mentee: Member
    mentor: Member
    own: int
    shared: int

    def texts(self, audience: str) -> list[str]:
        """What is in one strand, the newest first."""
        count = self.own if audience == "own" else self.shared
        return [text_of(audience, position) for position in range(count, 0, -1)]


def text_of(audience: str, position: int) -> str:
    """What the entry at a position says, at the length of a few sentences."""
    return f"{audience} {position}:" + " What was on my mind that week." * 8


def long_notebook(service: LiveService, *, own: int, shared: int) -> LongNotebook:
    """Make it; the mentee's own entries, and shared ones that both of them wrote in turn."""
    made = match(service.scheme)
    service.caught_up()
    mentee, mentor = (Member(each, with_keys(each)) for each in (made.mentee, made.mentor))
    for audience, count, authors in (
        (Audience.OWN, own, [mentee]),
        (Audience.SHARED, shared, [mentee, mentor]),
    ):
        key = _open_epoch(made.relationship, audience, authors)
        _record(service, made, _sealed(key, count, authors))
    return LongNotebook(made, mentee, mentor, own, shared)


def _open_epoch(relationship: UUID, audience: Audience, readers: list[Member]) -> NotebookKey:
    granter, identities = readers[0], {each.somebody.id: each.identity.public for each in readers}
    strand = Strand(Notebook.id_of(relationship), audience)
    granted = grant_epoch(granter.identity, list(identities.values()), strand=strand)
    handed_in = epoch_to_hand_in(granted, identities)
    NotebookService(granter.somebody.client).open_epoch(relationship, handed_in)
    return granted.notebook_key


def _sealed(key: NotebookKey, count: int, authors: list[Member]) -> Iterator[kept.Entry]:
    tip, audience = EMPTY, name_of(key.epoch.strand.audience)
    for author in islice(cycle(authors), count):
        slot = tip.next(uuid4())
        body = Body(Kind.NOTE, text_of(audience, slot.position))
        sealed = seal_entry(body, slot, author=author.identity, notebook_key=key)
        handed_in = AppendEntry.model_construct(
            audience=kept.Audience(audience), **entry_to_hand_in(slot, sealed, key)
        )
        yield handed_in.entry(handed_in.audience, author.somebody.id)
        tip = sealed.tip


def _record(service: LiveService, made: Match, entries: Iterable[kept.Entry]) -> None:
    mentoring, openings = service.parts.mentoring, service.scheme.app.state.openings
    participants, left = frozenset({made.mentee.id, made.mentor.id}), iter(entries)
    while some := list(islice(left, AT_ONCE)):
        notebook = mentoring.load(Notebook, Notebook.id_of(made.relationship))
        acts = [Act(each.author, service.clock()) for each in some]
        for entry, act in zip(some, acts, strict=True):
            notebook.append(locked_entry(openings, entry), act, participants=participants)
        mentoring.commit(Order(acts[0], uuid4()), notebook)

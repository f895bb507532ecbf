"""What a reader is handed of a notebook: all that is theirs to open, without its second lock, and nothing opened.

Rule 13 holds for sealed things too: who asks for what another wrote, or for a lock to come off, is recorded first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from api.records.notebook_answers import (
    NotebookAnswer,
    entry_answer,
    epoch_answer,
    further_readers,
    named_in,
    participants_keys,
)
from api.records.notebook_locks import Asked
from api.records.openings import Openings
from api.records.relations import as_one_of
from domain.access import Caller
from domain.commands.circles import Circle, load_circle
from domain.errors import DomainError
from domain.mentoring import Mentoring, NotFound
from domain.notebook import Notebook
from domain.person import Person
from domain.strand import Audience, Entry, Reader, WrongReaders
from domain.values import Act


class KeysAreNotCurrent(DomainError):
    """A reader's key is not the one that this person has published last; read the notebook again."""


LARGEST_PAGE = 100
"""A hundred of the largest entries of each strand are about 18 MB of answer."""


@dataclass(frozen=True)
class NotebookPage:
    """So many entries of each strand, after a position, or the last ones before one; positions count from 1 in each."""

    after: int
    limit: int
    before: Mapping[Audience, int] | None = None

    @property
    def last(self) -> int:
        """The last position on this page, read from the first on."""
        return self.after + self.limit

    def holds(self, entry: Entry) -> bool:
        """Whether an entry stands on this page, read from the first on."""
        return self.after < entry.position <= self.last

    def of(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries on this page, each strand in order."""
        if self.before is None:
            return [each for each in entries if self.holds(each)]
        return [
            entry
            for audience, before in self.before.items()
            for entry in _strand_before(entries, audience, before)[-self.limit :]
        ]


NOTHING_YET: Mapping[str, Any] = MappingProxyType(
    {"version": 0, "further_readers": [], "epochs": [], "entries": [], "next_after": None}
)


@dataclass(frozen=True)
class NotebookDesk:
    """Hands notebooks out."""

    mentoring: Mentoring
    openings: Openings

    def show(
        self, caller: Caller, relationship: Circle, act: Act, page: NotebookPage
    ) -> NotebookAnswer:
        """A reader's view, once the looks at what others wrote, and the locks that come off, are recorded."""
        notebook = find_notebook(self.mentoring, relationship.id)
        if notebook is None:
            return self._answer(caller, relationship, **NOTHING_YET)
        all_entries = notebook.entries_for(caller.person)
        entries = page.of(all_entries)
        epochs = notebook.epochs_for(caller.person)
        asked = Asked(caller, relationship.id, notebook, epochs, entries)
        unlocked = asked.unlocked(self.mentoring, self.openings, act)
        return self._answer(
            caller,
            relationship,
            version=notebook.version,
            further_readers=further_readers(
                self.mentoring, [caller.person, *named_in(notebook, epochs)], relationship.people
            ),
            still_reading=notebook.shared.people_reading,
            epochs=[epoch_answer(notebook, each, caller.person, unlocked) for each in epochs],
            entries=[entry_answer(notebook, each, unlocked) for each in entries],
            next_after=next_after(all_entries, page),
        )

    def _answer(self, caller: Caller, relationship: Circle, **shown: Any) -> NotebookAnswer:
        return NotebookAnswer(
            notebook=Notebook.id_of(relationship.id),
            caller=caller.person,
            participants=participants_keys(self.mentoring, relationship),
            **shown,
        )


def next_after(entries: Iterable[Entry], page: NotebookPage) -> int | None:
    """Where the next page begins, if any entry stands beyond this one and it is read from the first on."""
    goes_on = page.before is None and any(each.position > page.last for each in entries)
    return page.last if goes_on else None


def _strand_before(entries: Iterable[Entry], audience: Audience, before: int) -> list[Entry]:
    return [each for each in entries if each.audience is audience and each.position < before]


def find_notebook(mentoring: Mentoring, relationship: UUID) -> Notebook | None:
    """The notebook, or None where nobody has written yet."""
    try:
        return mentoring.load(Notebook, Notebook.id_of(relationship))
    except NotFound:
        return None


def as_reader(mentoring: Mentoring, caller: Caller, id: UUID) -> Circle:
    """The pair or group of a participant, or of somebody who still has notes of it to read; else NotFound."""
    notebook = find_notebook(mentoring, id)
    if notebook and notebook.has_something_for(caller.person):
        return load_circle(mentoring, id)
    return as_one_of(mentoring, caller, id)


def require_current_keys(
    mentoring: Mentoring, people: Collection[UUID], readers: Iterable[Reader]
) -> None:
    """Refuse to keep a grant to a key that its reader no longer uses or never had.

    Nobody but these people is even looked for: the answer never tells whether a person exists.
    """
    if any(reader.person not in people for reader in readers):
        raise WrongReaders
    for reader in readers:
        if mentoring.load(Person, reader.person).current_key_id != reader.key_id:
            raise KeysAreNotCurrent

"""One participant's notebooks: makes keys, writes, reads and shares, over a service it need not trust."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from api.participant.circle import Known, with_compared, with_left
from api.participant.epochs import ReadEpoch
from api.participant.errors import (
    FileIsThere,
    NoSuchOwnEntry,
    NotFromAnybodyYouKnow,
    NotPassedOnYet,
    ServiceRefused,
    WrittenWithOtherKeys,
)
from api.participant.folder import ParticipantFolder
from api.participant.granting import Recipient, compared, grants_to_hand_in, renewed
from api.participant.memory import Memory, OtherMemory, StrandMemory
from api.participant.notebook import Reading, VerifiedNotebook, verified
from api.participant.service import NotebookService
from api.participant.strand import ReadEntry
from api.participant.wire import ShownNotebook, ShownPassedOnNotes
from api.participant.writing import Draft, entry_to_hand_in, epoch_to_hand_in, name_of
from crypto.sealing import (
    Audience,
    Body,
    Epoch,
    Identity,
    Kind,
    NotebookKey,
    Tip,
    fingerprint_words,
    grant_epoch,
    new_identity,
    seal_entry,
)

Settling: TypeAlias = Callable[[ShownNotebook, Identity, Memory, str], tuple[OtherMemory, ...]]
"""How words that somebody said change whom we know."""

PLACE_IS_TAKEN = "out-of-order"
TRIES = 5
"""Somebody else may write at the same moment; then the place is taken and the entry sealed anew."""


class ParticipantClient:
    """Works from one participant's folder; every call reads and verifies the notebook afresh.

    Raises ParticipantError kinds, and SealingError kinds where what the service shows was altered. What is
    wrong with the partner or the shared strand never stops reading, or writing own entries.
    """

    def __init__(self, folder: ParticipantFolder, service: NotebookService) -> None:
        self._folder = folder
        self._service = service

    def make_keys(self) -> str:
        """Make this participant's keys, once, and publish them; answers their words."""
        if not self._folder.has_identity:
            self._folder.keep_identity(new_identity())
        public = self._folder.identity().public
        try:
            self._service.publish_keys(public)
        except ServiceRefused as refused:
            if refused.kind != "keys-published":
                raise
        return fingerprint_words(public)

    def my_words(self) -> str:
        """The words of one's own keys, to read to the partner."""
        return fingerprint_words(self._folder.identity().public)

    def others_words(self, relationship: UUID) -> list[str]:
        """The words of the keys trusted as those of the others who take part; none while nobody else does."""
        circle = self._read(relationship).circle
        if circle.doubt:
            raise circle.doubt
        return [fingerprint_words(each.current) for each in circle.present]

    def accept_keys(self, relationship: UUID, words: str) -> None:
        """Trust the keys, new ones too, whose words another participant said; raises WordsDiffer."""
        self._settle(relationship, words, with_compared)

    def say_left(self, relationship: UUID, words: str) -> None:
        """Go on without a member of a group whom these words name, and who is shown no more; raises WordsDiffer."""
        self._settle(relationship, words, with_left)

    def say_rejoined(self, relationship: UUID) -> None:
        """Begin again with what is shared, after having left a group and come again; what was seen of it is forgotten."""
        memory = self._folder.memory(relationship)
        anew = memory.with_strand(Audience.SHARED, StrandMemory())
        self._folder.remember(relationship, anew)

    def _settle(self, relationship: UUID, words: str, how: Settling) -> None:
        memory = self._folder.memory(relationship)
        shown = self._service.notebook(relationship)
        others = how(shown, self._folder.identity(), memory, words)
        self._folder.remember(relationship, memory.with_others(others))

    def open_notebook(self, relationship: UUID) -> None:
        """Open the own strand, and the shared one once there is a partner with keys."""
        notebook = self._read(relationship)
        self._writing_key(relationship, notebook, Audience.OWN)
        if notebook.circle.present or notebook.circle.doubt:
            self._writing_key(relationship, notebook, Audience.SHARED)

    def read(self, relationship: UUID) -> Reading:
        """Everything in the notebook that is for this participant, own entries first.

        What is wrong with the shared strand is the reading's `trouble`; up to there it is read.
        """
        return self._read(relationship).reading

    def write(
        self,
        relationship: UUID,
        text: str,
        *,
        kind: Kind = Kind.NOTE,
        audience: Audience = Audience.OWN,
    ) -> UUID:
        """Seal and hand in an entry, own unless said otherwise; answers its id."""
        return self._append(relationship, Draft(Body(kind, text), audience))

    def share(self, relationship: UUID, entry: UUID) -> UUID:
        """Seal an own entry anew for both participants; answers the shared one's id."""
        _, own = _entry_of_mine(self._read(relationship).own.entries, entry)
        return self._append(relationship, Draft(own, Audience.SHARED, shares=entry))

    def amend(self, relationship: UUID, entry: UUID, text: str) -> UUID:
        """Seal another text in place of an entry one wrote with these keys, for the same readers; answers the new one's id."""
        notebook = self._read(relationship)
        for strand in (notebook.own, notebook.shared):
            with suppress(NoSuchOwnEntry):
                own, body = _entry_of_mine(strand.entries, entry)
                if not own.is_mine_now:
                    raise WrittenWithOtherKeys
                draft = Draft(Body(body.kind, text), strand.strand.audience, amends=entry)
                return self._append(relationship, draft)
        raise NoSuchOwnEntry

    def export_to(self, target: Path) -> None:
        """Write one's notes into a new file, readable by its owner alone; raises FileIsThere."""
        content = self._service.export()
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise FileIsThere from None
        with os.fdopen(handle, "wb") as file:
            file.write(content)

    def pass_on_to_partner(self, relationship: UUID) -> int:
        """Let the newest keys of a partner, or of each compared member, read what their earlier ones did.

        Answers how many epochs that took. Raises WordsNotCompared.
        """
        notebook = self._read(relationship)
        shared, circle = notebook.to_write(Audience.SHARED), notebook.circle
        return sum(
            self._hand_on(relationship, grants_to_hand_in(shared, circle, renewed(each)))
            for each in compared(circle.present)
        )

    def pass_on_to_successor(self, relationship: UUID, later: UUID) -> int:
        """Let the partner of a later relationship read the shared notes of this one; only a mentee does.

        Raises WordsNotCompared.
        """
        notebook = self._read(relationship)
        (successor,) = compared(self._read(later).circle.present)
        shared = notebook.to_write(Audience.SHARED)
        to = Recipient(successor.person, successor.current)
        grants = grants_to_hand_in(shared, notebook.circle, to)
        return self._hand_on(relationship, ({**each, "relationship": later} for each in grants))

    def pass_on_to_myself(self, relationship: UUID) -> int:
        """Let one's own newest keys read what the earlier ones in this folder do."""
        notebook = self._read(relationship)
        circle, strands = notebook.circle, (notebook.own, notebook.shared)
        myself = Recipient(circle.my_person, circle.me.public)
        return sum(
            self._hand_on(relationship, grants_to_hand_in(each, circle, myself)) for each in strands
        )

    def passed_on(self) -> list[ShownPassedOnNotes]:
        """Whose earlier notes were passed on to this participant, as the service says; `read` opens each."""
        return self._service.passed_on()

    def destroy(self, relationship: UUID, entry: UUID) -> None:
        """Destroy an entry one wrote, for every reader; its place in the strand stays."""
        self._service.destroy(relationship, entry)

    def _read(self, relationship: UUID) -> VerifiedNotebook:
        memory = self._folder.memory(relationship)
        shown = self._service.notebook(relationship)
        folder = self._folder
        elsewhere = folder.others_elsewhere(relationship)
        known = Known(folder.identity(), memory, folder.earlier_identities(), elsewhere)
        notebook = verified(shown, relationship, known)
        folder.remember(relationship, notebook.memory)
        if notebook.is_closed_to_visitor:
            raise NotFromAnybodyYouKnow
        return notebook

    def _hand_on(self, relationship: UUID, grants: Iterable[dict[str, Any]]) -> int:
        count = 0
        for each in grants:
            self._service.pass_on(relationship, each)
            count += len(each["grants"])
        return count

    def _append(self, relationship: UUID, draft: Draft) -> UUID:
        for _ in range(TRIES - 1):
            try:
                return self._try_to_append(relationship, draft)
            except ServiceRefused as refused:
                if refused.kind != PLACE_IS_TAKEN:
                    raise
        return self._try_to_append(relationship, draft)

    def _try_to_append(self, relationship: UUID, draft: Draft) -> UUID:
        notebook = self._read(relationship)
        key = self._writing_key(relationship, notebook, draft.audience)
        slot = notebook.to_write(draft.audience).tip.next(uuid4(), amends=draft.amends)
        sealed = seal_entry(draft.body, slot, author=notebook.circle.me, notebook_key=key)
        handed_in = entry_to_hand_in(slot, sealed, key)
        if draft.shares is None:
            self._service.append(relationship, {"audience": name_of(draft.audience), **handed_in})
        else:
            self._service.share(relationship, draft.shares, handed_in)
        self._saw(relationship, draft.audience, key.epoch, sealed.tip)
        return slot.entry_id

    def _writing_key(
        self, relationship: UUID, notebook: VerifiedNotebook, audience: Audience
    ) -> NotebookKey:
        """The newest epoch's key, or that of a new epoch if the readers are others by now."""
        strand, readers = notebook.to_write(audience), notebook.circle.readers_of(audience)
        key_ids = {each.key_id for each in readers.values()}
        newest = strand.epochs[-1] if strand.epochs else None
        if newest and newest.key and newest.epoch.readers.keys() == key_ids:
            return newest.key
        if newest and audience is Audience.SHARED and not newest.is_read_by(notebook.circle.me):
            return self._writing_key_of_new_keys(relationship, newest)
        granted = grant_epoch(
            notebook.circle.me,
            list(readers.values()),
            strand=strand.strand,
            previous=strand.epoch,
        )
        self._service.open_epoch(relationship, epoch_to_hand_in(granted, readers))
        opened = granted.notebook_key
        self._saw(relationship, audience, opened.epoch, strand.tip)
        return opened

    def _writing_key_of_new_keys(self, relationship: UUID, newest: ReadEpoch) -> NotebookKey:
        """Only who read the last epoch opens the next; our earlier keys, if they are here, let the new ones."""
        if newest.key is None:
            raise NotPassedOnYet
        self.pass_on_to_myself(relationship)
        notebook = self._read(relationship)
        shared = notebook.to_write(Audience.SHARED)
        if not shared.epochs[-1].is_read_by(notebook.circle.me):
            raise NotPassedOnYet
        return self._writing_key(relationship, notebook, Audience.SHARED)

    def _saw(self, relationship: UUID, audience: Audience, epoch: Epoch, tip: Tip) -> None:
        memory = self._folder.memory(relationship)
        strand = memory.strand(audience).going_on(epoch, tip)
        self._folder.remember(relationship, memory.with_strand(audience, strand))


def _entry_of_mine(entries: Iterable[ReadEntry], entry: UUID) -> tuple[ReadEntry, Body]:
    for each in entries:
        if each.id == entry and each.is_mine and each.body:
            return each, each.body
    raise NoSuchOwnEntry

"""What a participant takes away of their notes: a bag of what they are handed anyway (docs/specs/export.md)."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, TypeAlias
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile

from pydantic import BaseModel

from api.errors import NotThereYet
from api.fields import Base64
from api.records.notebook_view import LARGEST_PAGE, NotebookDesk, NotebookPage, as_reader
from api.records.published_keys import published_keys
from api.records.role_taking import PATIENCE_SECONDS
from api.records.vault_view import vault_of
from domain.access import Caller
from domain.commands.circles import Circle
from domain.mentoring import NotFound
from domain.relationship import Relationship
from domain.values import Act, Role
from projections.participation import PARTICIPATION, ListedPart
from projections.reader import NotYet, Reader

FOLDER = "vouchsafe-export"
FORMAT = "vouchsafe-export/1"
IN_MEMORY = 8 * 1024 * 1024
"""Larger exports wait in a temporary file while they are sent."""

PARTS = {Role.MENTEE: ListedPart.MENTEE, Role.MENTOR: ListedPart.MENTOR}
File: TypeAlias = tuple[str, bytes]


class ExportedPerson(BaseModel):
    """Whose export it is, in which role, and when it was made."""

    person: UUID
    role: Role
    exported_at: datetime


class ExportedKeys(BaseModel):
    """One set of public keys."""

    key_id: Base64
    hpke_public: Base64
    signing_public: Base64


class ExportedPublicKeys(BaseModel):
    """Every set of keys that the person published; the last is current."""

    person: UUID
    current_key_id: Base64 | None
    keys: list[ExportedKeys]


@dataclass(frozen=True)
class Export:
    """Everything that is one caller's in one role as it was recorded up to a position, file by file."""

    desk: NotebookDesk
    reader: Reader
    caller: Caller
    act: Act
    recorded: int

    def files(self) -> Iterator[File]:
        """The payload, each path below `data/`."""
        person = self.caller.person
        about = ExportedPerson(person=person, role=self.caller.role, exported_at=self.act.at)
        yield "person.json", about.model_dump_json().encode()
        yield "public-keys.json", self._public_keys().model_dump_json().encode()
        yield "vault.json", vault_of(self.desk.mentoring, person).model_dump_json().encode()
        for relationship in self._relationships():
            # Whoever takes part no longer, and reads nothing any more, has nothing there to take away.
            with suppress(NotFound):
                yield from self._notebook(as_reader(self.desk.mentoring, self.caller, relationship))

    def _public_keys(self) -> ExportedPublicKeys:
        published = published_keys(self.desk.mentoring, self.caller.person)
        keys = [
            ExportedKeys(
                key_id=each.key_id, hpke_public=each.hpke_public, signing_public=each.signing_public
            )
            for each in published
        ]
        current = published[-1].key_id if published else None
        return ExportedPublicKeys(person=self.caller.person, current_key_id=current, keys=keys)

    def _relationships(self) -> list[UUID]:
        """The pairs and groups where the caller takes or took part; raises NotThereYet while the list of that is behind."""
        part = PARTS[self.caller.role]
        try:
            self.reader.wait_for(PARTICIPATION.name, self.recorded, PATIENCE_SECONDS)
            listed = self.reader.participation_of(self.caller.person)
        except NotYet:
            raise NotThereYet from None
        pairs = {each.relationship for each in listed if each.part is part}
        groups = {self.desk.mentoring.load(Relationship, each).group for each in pairs}
        return sorted(pairs | {each for each in groups if each})

    def _notebook(self, relationship: Circle) -> Iterator[File]:
        after: int | None = 0
        while after is not None:
            page = NotebookPage(after, LARGEST_PAGE)
            shown = self.desk.show(self.caller, relationship, self.act, page)
            yield f"notebooks/{relationship.id}/{after}.json", shown.model_dump_json().encode()
            after = shown.next_after


def packed(files: Callable[[], Iterator[File]], *, is_opened: bool = False) -> IO[bytes]:
    """The bag as a ZIP, to be read from its beginning and closed by whoever sends it; what is opened touches no disk."""
    target: IO[bytes] = BytesIO() if is_opened else SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by whoever sends it
    with ExitStack() as if_it_fails:
        if_it_fails.callback(target.close)
        _pack(files, target)
        if_it_fails.pop_all()
    target.seek(0)
    return target


def _pack(files: Callable[[], Iterator[File]], target: IO[bytes]) -> None:
    manifest, octets = [], 0
    # Stored: what is sealed does not shrink, and whoever looks for leaks can look inside.
    with ZipFile(target, "w", ZIP_STORED) as bag:
        for path, content in files():
            bag.writestr(f"{FOLDER}/data/{path}", content)
            manifest.append(f"{hashlib.sha256(content).hexdigest()}  data/{path}\n")
            octets += len(content)
        for name, text in _tags(sorted(manifest, key=lambda line: line[66:]), octets):
            bag.writestr(f"{FOLDER}/{name}", text)


def _tags(manifest: list[str], octets: int) -> Iterator[tuple[str, str]]:
    yield "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    described = f"Payload-Oxum: {octets}.{len(manifest)}\nExternal-Description: {FORMAT}\n"
    yield "bag-info.txt", described
    yield "manifest-sha256.txt", "".join(manifest)

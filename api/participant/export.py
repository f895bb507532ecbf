"""An export read as if it were the service: checked for damage first, and believed as little as that (docs/specs/export.md)."""

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID
from zipfile import BadZipFile, ZipFile

import httpx

from api.participant.errors import ExportIsDamaged, ExportIsOfAnotherVersion
from api.participant.service import NotebookService

FOLDER: Final = "vouchsafe-export"
MANIFEST: Final = "manifest-sha256.txt"
INFO: Final = "bag-info.txt"
TAGS: Final = frozenset({"bagit.txt", INFO, MANIFEST})
FORMAT: Final = b"External-Description: vouchsafe-export/1"
PAYLOAD: Final = re.compile(
    r"data/(?:person|public-keys|vault)\.json|data/notebooks/([0-9a-f-]{36})/(?:0|[1-9][0-9]{0,9})\.json"
    r"|data/record/[a-z-]{1,40}(?:\.schema)?\.(?:json|jsonld|csv|html)"
)
LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
LARGEST: Final = 2**30
"""A gigabyte: more than any notebooks have, and less than what stops a machine."""

UNREADABLE: Final = (
    OSError,
    BadZipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zlib.error,
)
"""What reading a ZIP may end with that somebody has bent."""

Files = Mapping[str, bytes]


class Export(httpx.BaseTransport):
    """Answers what a client asks the service from the files of an export."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @classmethod
    def read(cls, path: Path) -> "Export":
        """Read a folder or a ZIP; raises ExportIsDamaged or ExportIsOfAnotherVersion."""
        files = _files_of_folder(path) if path.is_dir() else _files_of_zip(path)
        if INFO in files and FORMAT not in files[INFO].splitlines():
            raise ExportIsOfAnotherVersion
        _require_whole(files)
        return cls(files)

    @property
    def relationships(self) -> list[UUID]:
        """Whose notebooks are in it."""
        found = (PAYLOAD.fullmatch(name) for name in self._files)
        return sorted({UUID(each[1]) for each in found if each and each[1]})

    def service(self) -> NotebookService:
        """What a client reads it by."""
        return NotebookService(httpx.Client(transport=self, base_url="http://export/api/v1"))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a question that was asked when the export was made; everything else is refused."""
        content = self._files.get(_name_of(request)) if request.method == "GET" else None
        if content is None:
            problem = {"detail": "This export does not have that."}
            return httpx.Response(404, json=problem, request=request)
        return httpx.Response(200, content=content, request=request)


def _name_of(request: httpx.Request) -> str:
    path = request.url.path.removeprefix("/api/v1")
    if path == "/me/vault":
        return "data/vault.json"
    relationship = path.removeprefix("/relationships/").removesuffix("/notebook")
    return f"data/notebooks/{relationship}/{request.url.params.get('after', '0')}.json"


def _files_of_folder(path: Path) -> Files:
    root = path / FOLDER if (path / FOLDER).is_dir() else path
    found = [each for each in sorted(root.rglob("*")) if not each.is_dir()]
    if any(each.is_symlink() for each in root.rglob("*")):
        raise ExportIsDamaged
    with suppress(OSError):
        if sum(each.stat().st_size for each in found) <= LARGEST:
            return {each.relative_to(root).as_posix(): each.read_bytes() for each in found}
    raise ExportIsDamaged


def _files_of_zip(path: Path) -> Files:
    with suppress(*UNREADABLE), ZipFile(path) as bag:
        return dict(_unzipped(bag))
    raise ExportIsDamaged


def _unzipped(bag: ZipFile) -> Iterator[tuple[str, bytes]]:
    names = [each.filename for each in bag.infolist()]
    if len(set(names)) != len(names) or sum(each.file_size for each in bag.infolist()) > LARGEST:
        raise ExportIsDamaged
    for name in names:
        folder, _, rest = name.partition("/")
        if folder != FOLDER:
            raise ExportIsDamaged
        if not name.endswith("/"):
            yield rest, bag.read(name)


def _require_whole(files: Files) -> None:
    payload = {name: content for name, content in files.items() if name not in TAGS}
    listed = _listed(files.get(MANIFEST, b""))
    if payload.keys() != listed.keys() or not all(map(PAYLOAD.fullmatch, payload)):
        raise ExportIsDamaged
    if any(hashlib.sha256(payload[name]).hexdigest() != listed[name] for name in listed):
        raise ExportIsDamaged
    if "data/vault.json" not in payload:
        raise ExportIsDamaged


def _listed(manifest: bytes) -> dict[str, str]:
    with suppress(UnicodeDecodeError):
        lines = [LINE.fullmatch(line) for line in manifest.decode().splitlines()]
        listed = {line[2]: line[1] for line in lines if line}
        if len(listed) == len(lines):
            return listed
    raise ExportIsDamaged

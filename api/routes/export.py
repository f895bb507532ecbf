"""The caller's own notes to take away, as a bag that opens without the service (docs/specs/export.md)."""

from collections.abc import Iterator
from typing import IO

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.at_the_door import RoomForVault
from api.auth.callers import Now, PartyCaller
from api.dependencies import (
    ReaderPart,
    RecorderPart,
)
from api.records.export import FOLDER, Export, packed
from api.routes.notebooks import DeskPart
from domain.values import Act

router = APIRouter(tags=["export"])

CHUNK_BYTES = 64 * 1024


@router.get(
    "/me/export",
    dependencies=[RoomForVault],
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A BagIt bag."}},
)
def export(
    caller: PartyCaller,
    desk: DeskPart,
    reader: ReaderPart,
    recorder: RecorderPart,
    at: Now,
) -> StreamingResponse:
    """Hand out the caller's notebooks, public keys and vault in one; counted as fetching the vault is."""
    newest = recorder.max_notification_id() or 0
    made = Export(desk, reader, caller, Act(caller.person, at), newest)
    return bag_of(packed(made.files))


def bag_of(file: IO[bytes]) -> StreamingResponse:
    """A bag that is all there, on its way to its owner alone."""
    headers = {
        "Content-Disposition": f'attachment; filename="{FOLDER}.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_in_chunks(file), media_type="application/zip", headers=headers)


def _in_chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk

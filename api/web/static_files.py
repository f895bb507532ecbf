"""The few files that pages refer to, read once, named by their content so that they can be kept."""

import hashlib
from pathlib import Path

from fastapi import APIRouter, Response

from api.auth.callers import Public
from domain.mentoring import NotFound

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    "pages.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "js/live.js": "text/javascript; charset=utf-8",
    "js/join.js": "text/javascript; charset=utf-8",
    "js/passkeys.js": "text/javascript; charset=utf-8",
}
"""The whole list: nothing else is served from the folder."""
CONTENTS = {name: (FOLDER / name).read_bytes() for name in MEDIA_TYPES}
KEPT = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


def address_of(name: str) -> str:
    """Where a file is found; the address changes when the file does."""
    digest = hashlib.sha256(CONTENTS[name]).hexdigest()[:16]
    return f"/static/{name}?v={digest}"


@router.get("/static/{name:path}", dependencies=[Public])
def show(name: str, v: str = "") -> Response:
    """Serve one file of the list."""
    if name not in CONTENTS:
        raise NotFound
    return Response(CONTENTS[name], media_type=MEDIA_TYPES[name], headers={"Cache-Control": KEPT})

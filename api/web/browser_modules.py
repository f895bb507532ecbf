"""The scripts that handle keys in a browser: our modules and the listed packages, under one name for the whole bundle.

The name is a hash over the list of every file with its own, so a page and its scripts always belong together, and anybody
can see whether they run the same as others, and as the release has them. A package that is not byte for byte the listed one is not served, and then the pages say so.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Response

from api.auth.callers import Public
from api.middleware import CONTENT_SECURITY_POLICY
from api.web.static_files import KEPT
from api.web.vendoring import SCRIPTS, VENDORED, digest_of, listed
from domain.mentoring import NotFound

MEDIA_TYPE = "text/javascript; charset=utf-8"
LIST_MEDIA_TYPE = "text/plain; charset=utf-8"
NAME_LENGTH = 32

router = APIRouter(include_in_schema=False)


class Bundle:
    """What a page may load as modules; empty where a package is missing or altered."""

    def __init__(self, scripts: Path = SCRIPTS, vendored: Path = VENDORED) -> None:
        contents = _own(scripts, vendored)
        packages = listed()
        self.is_whole = all(digest_of(vendored / name) == packages[name] for name in packages)
        for name in packages if self.is_whole else ():
            contents[f"vendor/{name}"] = (vendored / name).read_bytes()
        self.contents: Mapping[str, bytes] = contents if self.is_whole else {}
        self.list = _list_of(contents)
        self.name = hashlib.sha256(self.list.encode()).hexdigest()[:NAME_LENGTH]
        self.import_map = json.dumps({"imports": self._imports()}, separators=(",", ":"))

    @property
    def policy(self) -> str:
        """The policy of a page that carries the import map: a table of addresses, allowed by its hash."""
        digest = base64.b64encode(hashlib.sha256(self.import_map.encode()).digest()).decode()
        allowed = f"script-src 'self' 'sha256-{digest}'"
        return CONTENT_SECURITY_POLICY.replace("script-src 'self'", allowed)

    def address_of(self, name: str) -> str:
        """Where a module of this bundle is found."""
        return f"/modules/{self.name}/{name}"

    def _imports(self) -> dict[str, str]:
        vendored = {
            "hpke": "hpke/index.js",
            "@panva/hpke-noble": "@panva/hpke-noble/index.js",
            "@noble/": "@noble/",
        }
        return {name: self.address_of(f"vendor/{path}") for name, path in vendored.items()}


def _own(scripts: Path, vendored: Path) -> dict[str, bytes]:
    files = sorted(scripts.rglob("*.js"))
    ours = [each for each in files if not each.is_relative_to(vendored)]
    return {each.relative_to(scripts).as_posix(): each.read_bytes() for each in ours}


def _list_of(contents: Mapping[str, bytes]) -> str:
    """Each file with its SHA-256, as `sha256sum` writes it."""
    lines = (f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents))
    return "".join(lines)


BUNDLE = Bundle()


@router.get("/modules/{bundle}", dependencies=[Public])
def show_list(bundle: str) -> Response:
    """List the modules of this very bundle; the SHA-256 of the list begins with the bundle's name."""
    if bundle != BUNDLE.name or not BUNDLE.is_whole:
        raise NotFound
    return Response(BUNDLE.list, media_type=LIST_MEDIA_TYPE, headers={"Cache-Control": KEPT})


@router.get("/modules/{bundle}/{name:path}", dependencies=[Public])
def show(bundle: str, name: str) -> Response:
    """Serve one module of this very bundle."""
    if bundle != BUNDLE.name or name not in BUNDLE.contents:
        raise NotFound
    return Response(BUNDLE.contents[name], media_type=MEDIA_TYPE, headers={"Cache-Control": KEPT})

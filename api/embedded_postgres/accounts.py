"""Which account runs PostgreSQL's programs, and how they are run: as few rights and as little environment as will do."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from api.embedded_postgres.errors import NoUnprivilegedAccount

# PG* variables and secrets of this process must not reach PostgreSQL.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
_PREFERRED_NAMES = ("vouchsafe", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """Who runs the server; without a user it is whoever runs this process."""

    user: int | None = None
    group: int | None = None

    @property
    def extra_groups(self) -> list[int] | None:
        """No group beyond its own when the user changes."""
        return None if self.user is None else []

    def take(self, path: Path) -> None:
        """Give a file or folder of ours to this account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)


def server_account(cluster: Path) -> Account:
    """Us, or under root the account that owns the cluster already, else the best unprivileged one."""
    if os.geteuid() != 0:
        return Account()
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _unprivileged_account(cluster)


def _unprivileged_account(cluster: Path) -> Account:
    for name in _PREFERRED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise NoUnprivilegedAccount(cluster)


def run(account: Account, *command: str | Path, output: IO[bytes] | None = None) -> bool:
    """Run a program to its end as the account; say whether it succeeded."""
    to = subprocess.DEVNULL if output is None else output
    try:
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=to,
            stderr=to,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
            umask=0o077,
        )
    except OSError:
        return False
    return done.returncode == 0


def may_enter(account: Account, folder: Path) -> bool:
    """Whether the account really gets into the folder, whatever modes and access lists say."""
    return run(account, "/bin/sh", "-c", 'cd "$1"', "sh", folder)

"""The drill itself: back up, erase, restore, replay, let the horizon pass, and look after each step."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api.drill.people import Somebody
from api.drill.scene import Rows, Scene
from api.embedded_postgres import EmbeddedPostgres
from api.erasing.journal import Journal
from api.erasing.replaying import ErasuresNotReplayed, replay
from domain.erasure import ErasureStage

PEOPLE = 4

Tell = Callable[[str, bool], None]
"""Is told each thing that was checked, and whether it is so."""


@dataclass
class Drill:
    """One rehearsal; `all_is_well` once every check was so."""

    scene: Scene
    tell: Tell
    all_is_well: bool = field(default=True)

    def check(self, what: str, *, is_so: bool) -> None:
        """Note one thing."""
        self.tell(what, is_so)
        self.all_is_well = self.all_is_well and is_so

    def run(self) -> None:
        """All of it, on three servers."""
        with ExitStack() as stack:
            service = stack.enter_context(self.scene.server("service"))
            self.scene.prepare(service)
            gone, *others = self.scene.record_people(service, PEOPLE)
            before = self.scene.rows_of_others(service, gone)
            backup = self.scene.folder / "backup"
            service.back_up(backup)
            self.scene.erase(service, gone)
            self._check_service(service, gone, others)
            unprotected = stack.enter_context(self.scene.restore(backup, "unprotected"))
            self._check_that_the_backup_is_from_before(unprotected, gone)
            restored = stack.enter_context(self.scene.restore(backup, "restored"))
            self._check_replay(restored, gone, before)
            self._check_others_open(restored, others, "the restored backup")
            self._check_horizon(service, unprotected, gone, others)

    def _check_service(
        self, service: EmbeddedPostgres, gone: Somebody, others: list[Somebody]
    ) -> None:
        erased = self.scene.opened(service, gone) == [0] and not self.scene.left_of(service, gone)
        self.check("One person was erased: nothing of theirs opens or is left.", is_so=erased)
        self._check_others_open(service, others, "the service")

    def _check_that_the_backup_is_from_before(
        self, unprotected: EmbeddedPostgres, gone: Somebody
    ) -> None:
        opened = self.scene.opened(unprotected, gone, with_journal=False)
        is_from_before = opened == [len(gone.sealed)]
        self.check(
            "The backup is from before: without the journal it would open.", is_so=is_from_before
        )

    def _check_replay(self, restored: EmbeddedPostgres, gone: Somebody, before: Rows) -> None:
        self.check(
            "Nothing starts on it before the journal is replayed.", is_so=self._refuses(restored)
        )
        count = replay(self.scene.owner_url(restored), Journal(self.scene.journal))
        self.check("Replaying the journal erases again whom it names.", is_so=count == 1)
        # Before anything is opened: each look is recorded.
        same = self.scene.rows_of_others(restored, gone) == before
        self.check("Everybody else's events and keys are the same, byte for byte.", is_so=same)
        left = self.scene.left_of(restored, gone)
        self.check("No ciphertext, wrapped key or token of the person is left.", is_so=left == 0)
        closed = self.scene.opened(restored, gone) == [0]
        self.check("Nothing of the person opens in the restored backup.", is_so=closed)

    def _refuses(self, restored: EmbeddedPostgres) -> bool:
        try:
            self.scene.opened(restored)
        except ErasuresNotReplayed:
            return True
        return False

    def _check_others_open(
        self, server: EmbeddedPostgres, others: list[Somebody], where: str
    ) -> None:
        all_of_it = self.scene.opened(server, *others) == [len(each.sealed) for each in others]
        self.check(f"Everybody else opens in {where}.", is_so=all_of_it)

    def _check_horizon(
        self,
        service: EmbeddedPostgres,
        unprotected: EmbeddedPostgres,
        gone: Somebody,
        others: list[Somebody],
    ) -> None:
        self.scene.rotate(service)
        self.scene.see_to_erasures(service)
        completed = self.scene.stage(service, gone) is ErasureStage.COMPLETED
        self.check("After the horizon the erasure is completed.", is_so=completed)
        dead = not any(self.scene.opened(unprotected, gone, with_journal=False))
        self.check("The backup's keys open nothing then, even without the journal.", is_so=dead)
        self._check_others_open(service, others, "the service after the horizon")


def drill(tell: Tell) -> bool:
    """Rehearse a restore with made-up people; answers whether every check was so."""
    with _folder() as folder:
        rehearsal = Drill(Scene(folder), tell)
        rehearsal.run()
    return rehearsal.all_is_well


@contextmanager
def _folder() -> Iterator[Path]:
    """Under root the account that runs PostgreSQL must be able to pass through it."""
    with tempfile.TemporaryDirectory(prefix="vouchsafe-drill-") as name:
        Path(name).chmod(0o711)
        yield Path(name)

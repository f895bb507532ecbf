"""One leak run: the story is told, every mistake is made, then everything is searched at once."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from api.embedded_postgres.processes import server_pids
from api.simulate.first_scheme import Phase
from tests.leaks.cast import Cast
from tests.leaks.faults import alter_a_record, have_the_database_refuse_a_row, lose_the_database
from tests.leaks.machine import LeakMachine, leak_machine
from tests.leaks.mail import in_mails
from tests.leaks.mistakes import Mistakes
from tests.leaks.places import in_files, in_memory, in_tables
from tests.leaks.recording import Recorder, shown_to_others
from tests.leaks.searching import Hit, Searcher, secret_needles, sentinel_needles
from tests.leaks.sentinels import Sentinels
from tests.leaks.story import Story
from tests.leaks.sweep import look_at_everything

WRAPPED_KEYS = """
SELECT 'wrapped key ' || key_id, wrapped_key FROM keys.data_key WHERE wrapped_key IS NOT NULL
UNION ALL SELECT 'wrapped branch key of ' || compartment, wrapped_key FROM keys.branch_key
"""
NOTE = "note: "


@dataclass
class LeakRun:
    """A machine on which everything has happened, and everything that was found on it."""

    machine: LeakMachine
    recorder: Recorder
    sentinels: Sentinels
    cast: Cast
    story: Story
    found: dict[str, set[Hit]] = field(default_factory=dict)

    @property
    def searcher(self) -> Searcher:
        return Searcher(sentinel_needles(self.sentinels))

    @property
    def mail_folder(self) -> Path:
        """Where mail is kept instead of being sent."""
        return self.machine.machine.mail_folder

    @property
    def heard(self) -> bytes:
        """All responses in one piece."""
        return b"\n".join(each.content for each in self.recorder.exchanges)

    @property
    def keks(self) -> dict[str, bytes]:
        """The key-encryption keys of the files, by compartment."""
        return {
            name: base64.b64decode(json.loads(path.read_text())["epochs"]["1"])
            for name, path in self.machine.machine.key_files.items()
        }

    @property
    def wrapped_keys(self) -> dict[str, bytes]:
        """What the key tables hold."""
        with psycopg.connect(self.machine.superuser_url) as connection:
            return dict(connection.execute(WRAPPED_KEYS.encode()).fetchall())

    @property
    def tokens(self) -> dict[str, bytes]:
        """Everybody's token, and the cookies that tokens were exchanged for."""
        tokens = {f"token of {who}": one.token.encode() for who, one in self.cast.members.items()}
        cookies = {f"session of {who}": one.encode() for who, one in self.recorder.sessions}
        return tokens | cookies

    def search(self) -> None:
        """Look for every sentinel in every place."""
        searcher = self.searcher
        self.machine.settle()
        self.found = {
            "tables": in_tables(searcher, self.machine.superuser_url),
            "files": in_files(searcher, self.machine.folder, but_not=[self.mail_folder]),
            "mail": in_mails(searcher, self.mail_folder),
            "responses": shown_to_others(self.recorder.exchanges, searcher, self.sentinels),
            **{name: in_memory(searcher, pid, name) for name, pid in self.machine.pids.items()},
            "database": self._in_memory_of_the_database(searcher),
        }

    def _in_memory_of_the_database(self, searcher: Searcher) -> set[Hit]:
        """In each of its processes; what they share is read in the first."""
        postgres = self.machine.machine.postgres
        hits: set[Hit] = set()
        for pid in server_pids(postgres.cluster):
            hits |= in_memory(searcher, pid, "the database", shared=pid == postgres.pid)
        return hits


@contextmanager
def leak_run(folder: Path, devices: Path) -> Iterator[LeakRun]:
    """Tell the story, make the mistakes, search; the machine runs on until the end."""
    with leak_machine(folder) as machine, closing(Recorder(machine.machine.url)) as recorder:
        sentinels = Sentinels()
        cast = Cast(recorder, sentinels, devices)
        run = LeakRun(machine, recorder, sentinels, cast, Story(cast))
        with machine.running(Phase.BEFORE, ["serve"]):
            with machine.parts(Phase.BEFORE) as parts:
                cast.join(parts)
            run.story.three_weeks_ago(
                datetime.now(UTC) - timedelta(seconds=Phase.BEFORE.seconds_ago)
            )
        with machine.running(Phase.NOW):
            _go_on(run)
            run.search()
            yield run


def _go_on(run: LeakRun) -> None:
    run.story.today()
    look_at_everything(run.cast, run.story)
    Mistakes(run.cast, run.story).make_all()
    run.story.endings()
    alter_a_record(run.machine, run.cast, run.story)
    have_the_database_refuse_a_row(run.machine, run.cast)
    lose_the_database(run.machine, run.cast, run.story)
    run.machine.catch_up()


def plain(secrets: Mapping[str, bytes]) -> Searcher:
    """A searcher for secrets as they are and in the usual armour."""
    return Searcher(secret_needles(secrets))

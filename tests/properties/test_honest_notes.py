"""Whatever honest people do with their notes and keys, in any order: nothing that they do breaks a notebook for either of them.

Each reads with their own program; the service is honest too. They write, change, share and destroy, take other keys, lose all of
them, and go on at a device that remembers nothing, where they compare words again.
"""

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.participant import (
    NoSuchOwnEntry,
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    ReadEntry,
    WrittenWithOtherKeys,
)
from crypto.sealing import Audience, new_identity
from tests.unit.participant.keeper import Keeper

MENTEE, MENTOR = PAIR = ("mentee", "mentor")
MOST_KEYS = 5
who = st.sampled_from(PAIR)
which = st.integers(min_value=0, max_value=30)


class Honest(RuleBasedStateMachine):
    """A pair that met each other under the keys they began with."""

    @initialize()
    def meet(self) -> None:
        self.keeper, self.written = Keeper(), 0
        self.relationship = self.keeper.relationship
        self.place = tempfile.TemporaryDirectory()
        self.folders = {each: Path(self.place.name) / each for each in PAIR}
        for each in PAIR:
            self.client(each).make_keys()
        for each in PAIR:
            self.client(each).read(self.relationship)

    @rule(writer=who, audience=st.sampled_from(Audience))
    def write(self, writer: str, audience: Audience) -> None:
        self.written += 1
        self.client(writer).write(self.relationship, f"note {self.written}", audience=audience)

    @rule(writer=who, number=which)
    def change(self, writer: str, number: int) -> None:
        entry = self.one_of(writer, number)
        if entry is not None:
            with suppress(WrittenWithOtherKeys):
                self.client(writer).amend(self.relationship, entry.id, f"{entry.text}, changed")

    @rule(writer=who, number=which)
    def share(self, writer: str, number: int) -> None:
        entry = self.one_of(writer, number)
        if entry is not None:
            with suppress(NoSuchOwnEntry):
                self.client(writer).share(self.relationship, entry.id)

    @rule(writer=who, number=which)
    def destroy(self, writer: str, number: int) -> None:
        entry = self.one_of(writer, number)
        if entry is not None:
            self.client(writer).destroy(self.relationship, entry.id)

    @precondition(lambda self: self.number_of_keys < MOST_KEYS)
    @rule(person=who)
    def take_other_keys(self, person: str) -> None:
        renewed = new_identity()
        ParticipantFolder(self.folders[person]).keep_identity(renewed)
        self.service(person).publish_keys(renewed.public)
        self.client(person).pass_on_to_myself(self.relationship)
        self.compare(self.other(person), person)

    @precondition(lambda self: self.number_of_keys < MOST_KEYS)
    @rule(person=who)
    def lose_all_keys(self, person: str) -> None:
        self.folders[person] = self.new_folder()
        self.client(person).make_keys()
        self.compare(self.other(person), person)
        self.compare(person, self.other(person))
        self.client(self.other(person)).pass_on_to_partner(self.relationship)

    @rule(person=who)
    def take_another_device(self, person: str) -> None:
        before, self.folders[person] = (
            ParticipantFolder(self.folders[person]),
            self.new_folder(),
        )
        after = ParticipantFolder(self.folders[person])
        after.keep_identity(before.identity())
        for each in before.earlier_identities():
            after.keep_earlier(each)
        self.compare(person, self.other(person))

    @invariant()
    def both_read_everything(self) -> None:
        for person in PAIR:
            reading = self.client(person).read(self.relationship)
            assert reading.trouble is None, (person, reading.trouble)
            shared = [each for each in reading if each.audience is Audience.SHARED]
            assert not any(each.is_closed for each in shared)
            assert {each.position for each in shared} == set(range(1, len(shared) + 1))

    def teardown(self) -> None:
        self.place.cleanup()

    @property
    def number_of_keys(self) -> int:
        return max(map(len, self.keeper.keys.values()))

    def client(self, person: str) -> ParticipantClient:
        return ParticipantClient(ParticipantFolder(self.folders[person]), self.service(person))

    def service(self, person: str) -> NotebookService:
        ids = {MENTEE: self.keeper.mentee, MENTOR: self.keeper.mentor}
        return NotebookService(self.keeper.http_for(ids[person]))

    def other(self, person: str) -> str:
        return MENTOR if person == MENTEE else MENTEE

    def compare(self, reader: str, said_by: str) -> None:
        words = self.client(said_by).my_words()
        self.client(reader).accept_keys(self.relationship, words)

    def one_of(self, writer: str, number: int) -> ReadEntry | None:
        """One of their own that can still be read."""
        reading = self.client(writer).read(self.relationship)
        mine = [each for each in reading if each.is_mine and each.text is not None]
        return mine[number % len(mine)] if mine else None

    def new_folder(self) -> Path:
        root = Path(self.place.name)
        return root / f"device {len(list(root.iterdir()))}"


def test_nothing_that_honest_people_do_breaks_their_notes() -> None:
    few = settings(
        deadline=None,
        # The same lives each time; take this line out to try others.
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=12,
        stateful_step_count=12,
    )
    run_state_machine_as_test(Honest, settings=few)

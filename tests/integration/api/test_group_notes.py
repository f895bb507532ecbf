"""A group's notebook over HTTP, each with their own program: joining, leaving, taking away, and what whoever has the whole server opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.participant import (
    Audience,
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    PartnerHasChanged,
    Reading,
    ReadingHasEnded,
    ServiceRefused,
    SomebodyHasJoined,
    VaultKeeping,
)
from api.participant.export import Export
from domain.notebook import Notebook
from domain.values import Role
from tests.databases import Database, fresh_database
from tests.groups import Groups, Member
from tests.leaks.attacker import plundered
from tests.match import done, publish_notices
from tests.scheme import Scheme, Somebody, reading_scheme_on

ONE, TWO, THREE, FOUR, OWN = (
    "Marmalade-gantry",
    "Cobalt-thicket",
    "Quillwort-ledger",
    "Ferrule-orchard",
    "Vermilion-tarn",
)


@dataclass(frozen=True)
class Desk:
    """One of the group with a folder of their own."""

    person: Somebody
    group: UUID
    folder: Path

    @property
    def client(self) -> ParticipantClient:
        return ParticipantClient(ParticipantFolder(self.folder), self.service)

    @property
    def service(self) -> NotebookService:
        return NotebookService(self.person.client)

    def set_up(self) -> "Desk":
        VaultKeeping(ParticipantFolder(self.folder), self.service).begin(lambda _: None)
        return self

    def write(self, text: str, audience: Audience = Audience.SHARED) -> None:
        self.client.write(self.group, text, audience=audience)

    def read(self) -> Reading:
        return self.client.read(self.group)

    def texts(self) -> list[str | None]:
        reading = self.read()
        assert reading.trouble is None, reading.trouble
        return [each.text for each in reading]

    def compare_with(self, *others: "Desk") -> None:
        for each in others:
            self.client.accept_keys(self.group, each.client.my_words())
            each.client.accept_keys(self.group, self.client.my_words())


@dataclass
class World:
    """A group of two and its facilitator, with programs, and what is needed for more."""

    scheme: Scheme
    database: Database
    groups: Groups
    folder: Path
    id: UUID
    members: list[Member]
    newcomer: Somebody | None = None

    def desk(self, person: Somebody) -> Desk:
        return Desk(person, self.id, self.folder / str(person.id))


def go_through(world: World) -> None:
    """Two begin, a third joins, one leaves; each step is checked as it is taken."""
    groups, group = world.groups, str(world.id)
    facilitator = world.desk(groups.facilitator).set_up()
    amara, joy = (world.desk(each.person).set_up() for each in world.members)
    facilitator.client.accept_keys(world.id, amara.client.my_words())
    with pytest.raises(SomebodyHasJoined):
        facilitator.write("secret")
    facilitator.client.accept_keys(world.id, joy.client.my_words())
    facilitator.write(ONE)
    for each in (amara, joy):
        each.client.accept_keys(world.id, facilitator.client.my_words())
    joy.write(TWO)
    joy.write(OWN, Audience.OWN)
    assert amara.texts() == facilitator.texts() == [ONE, TWO]

    kwame = world.desk(groups.joined(group).person).set_up()
    with pytest.raises(SomebodyHasJoined):
        amara.write("secret")
    facilitator.compare_with(kwame)
    facilitator.write(THREE)
    assert kwame.texts() == [THREE]
    assert amara.texts() == [ONE, TWO, THREE]

    leaver = world.members[1]
    done(leaver.person.post(f"{leaver.path}/closing", {"reason": "no_fault"}))
    reading = joy.read()
    assert [each.text for each in reading] == [OWN]
    assert reading.trouble is not None
    assert isinstance(reading.trouble.cause, ReadingHasEnded)
    with pytest.raises(PartnerHasChanged):
        amara.write("secret")
    facilitator.client.say_left(world.id, joy.client.my_words())
    facilitator.write(FOUR)
    world.newcomer = kwame.person


@pytest.fixture(scope="module")
def world(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("group-notes")
    with (
        fresh_database(postgres, template) as database,
        reading_scheme_on(database, folder / "service") as scheme,
    ):
        publish_notices(scheme)
        groups = Groups(scheme)
        group, members = groups.of(2)
        made = World(scheme, database, groups, folder, UUID(group), members)
        go_through(made)
        yield made


def test_who_joins_reads_from_then_on_and_who_leaves_reads_no_more(world: World) -> None:
    amara, joy = (world.desk(each.person) for each in world.members)
    assert world.newcomer
    assert world.desk(world.newcomer).texts() == [THREE, FOUR]
    assert amara.texts() == [ONE, TWO, THREE, FOUR]
    assert [each.text for each in joy.read() if each.audience is Audience.SHARED] == []
    kept = world.scheme.parts.mentoring.load(Notebook, Notebook.id_of(world.id))
    assert kept.shared.epochs_read_by(joy.person.id) == []
    with pytest.raises(ServiceRefused):
        world.desk(world.groups.somebody(Role.MENTEE)).set_up().read()


def test_each_takes_their_groups_notes_away_and_opens_them_without_the_service(
    world: World, tmp_path: Path
) -> None:
    facilitator = world.desk(world.groups.facilitator)
    amara = world.desk(world.members[0].person)
    for desk, texts in ((facilitator, [ONE, TWO, THREE, FOUR]), (amara, [ONE, TWO, THREE, FOUR])):
        path = tmp_path / f"{desk.person.id}.zip"
        desk.client.export_to(path)
        export = Export.read(path)
        assert world.id in export.relationships
        client = ParticipantClient(ParticipantFolder(desk.folder), export.service())
        assert [each.text for each in client.read(world.id)] == texts


def test_who_left_takes_their_own_notes_away_and_destroys_them(
    world: World, tmp_path: Path
) -> None:
    joy = world.desk(world.members[1].person)
    (own,) = joy.read()
    assert own.text == OWN
    joy.client.export_to(tmp_path / "own.zip")
    export = Export.read(tmp_path / "own.zip")
    client = ParticipantClient(ParticipantFolder(joy.folder), export.service())
    assert [each.text for each in client.read(world.id)] == [OWN]
    joy.client.destroy(world.id, own.id)
    assert [each.text for each in joy.read()] == [None]


def test_whoever_has_the_whole_server_opens_no_note_of_a_group(world: World) -> None:
    settings = world.scheme.parts.settings
    loot = plundered(world.database.superuser_url, settings.key_files)
    grants = loot.of_topic(Notebook.KeyEntrusted.TOPIC)
    joy = world.desk(world.members[1].person)
    of_joy = [each for each in grants if UUID(bytes=each["reader"]) == joy.person.id]
    assert len(grants) >= 3 + 4 + 3
    assert len(of_joy) >= 3
    shared = [each for each in of_joy if each["audience"] == "shared"]
    assert not any(loot.opens(each["locked_key"]) for each in shared)
    assert len(loot.opened) > len(grants)
    for text in (ONE, TWO, THREE, FOUR, OWN):
        assert text.encode() not in b"\n".join(loot.opened)

"""A pair with keys, each with their own folder, and a notebook with two own and three shared entries."""

from pathlib import Path

import pytest

from api.participant import NotebookService, ParticipantClient, ParticipantFolder
from crypto.sealing import Audience
from tests.unit.participant.keeper import Keeper


class PairOfClients:
    """The mentee's and the mentor's clients."""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self.keeper, self.folder = keeper, folder
        self.relationship = keeper.relationship
        self.mentee = self.client("mentee")
        self.mentor = self.client("mentor")

    def client(self, name: str) -> ParticipantClient:
        """A new client object from the person's folder, as after a restart."""
        person = self.keeper.mentee if name == "mentee" else self.keeper.mentor
        service = NotebookService(self.keeper.http_for(person))
        return ParticipantClient(ParticipantFolder(self.folder / name), service)


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def pair(keeper: Keeper, tmp_path: Path) -> PairOfClients:
    clients = PairOfClients(keeper, tmp_path)
    clients.mentee.make_keys()
    clients.mentor.make_keys()
    return clients


@pytest.fixture
def written(pair: PairOfClients) -> PairOfClients:
    for text in ("own one", "own two"):
        pair.mentee.write(pair.relationship, text)
    for writer, text in ((pair.mentee, "one"), (pair.mentor, "two"), (pair.mentee, "three")):
        writer.write(pair.relationship, text, audience=Audience.SHARED)
    pair.mentee.read(pair.relationship)
    return pair

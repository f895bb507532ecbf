"""Whole exports of notes as a participant takes them away: of a pair, with all that can happen to notes, and of a group.

Everybody in them is made up, and so are the keys. Both clients open them for ever, by either way to unlock.
"""

import base64
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from api.participant import (
    Audience,
    Kind,
    NotebookService,
    ParticipantClient,
    ParticipantFolder,
    Reading,
    VaultKeeping,
)
from api.participant.vault import vault_key_of
from crypto.sealing import (
    RecoveryCode,
    Secret,
    Way,
    WrapperPlace,
    credential_hash,
    new_salt,
    prf_input,
    wrap_vault_key,
)
from tests.unit.participant.keeper import Keeper
from tests.vectors.frozen_maker.samples import Sample

UNIT = "ferrule 🌱 "
TIMES = {Kind.NOTE: 1, Kind.GOAL: 200, Kind.GOAL_REVIEW: 1_000, Kind.REFLECTION: 5_000}
"""So that each bucket is filled by one."""

CREDENTIAL, PRF_OUTPUT = b"a credential of long ago", bytes(range(1, 33))


class Maker:
    """People of one notebook, each with a folder and a vault that a recovery code and, for one, a passkey opens."""

    def __init__(self, folder: Path) -> None:
        self.keeper, self.folder = Keeper(), folder
        self.id = self.keeper.relationship
        self.codes: dict[UUID, RecoveryCode] = {}

    def client(self, person: UUID) -> ParticipantClient:
        return ParticipantClient(self._keys(person), self._service(person))

    def set_up(self, person: UUID, *, anew: bool = False) -> str:
        """Their words; the last code shown is kept."""
        keeping = VaultKeeping(self._keys(person), self._service(person))
        begin = keeping.begin_anew if anew else keeping.begin
        return begin(lambda code: self.codes.update({person: code}))

    def add_passkey(self, person: UUID) -> None:
        service = self._service(person)
        shown = service.vault()
        place = WrapperPlace(person, uuid4(), Way.PASSKEY, new_salt(), credential_hash(CREDENTIAL))
        key = vault_key_of(shown, self.codes[person])
        handed_in = {
            "id": place.wrapper_id,
            "kind": "passkey",
            "credential_hash": place.credential_hash,
            "salt": place.salt,
            "wrapped_key": wrap_vault_key(key, Secret(PRF_OUTPUT), place),
        }
        service.add_wrapper(handed_in, version=shown.version)

    def compare(self, *people: UUID) -> None:
        """Each says their words to the first, and the first to each."""
        first, *rest = people
        for each in rest:
            self.client(first).accept_keys(self.id, self.client(each).my_words())
            self.client(each).accept_keys(self.id, self.client(first).my_words())

    def sample(self, name: str, person: UUID, *, passkey: bool = False) -> Sample:
        """What this person takes away, and what it opens to."""
        salts = [
            each.salt for each in self._service(person).vault().wrappers if each.kind == "passkey"
        ]
        secret = {
            "credential_id": _coded(CREDENTIAL),
            "prf_inputs": [_coded(prf_input(salt)) for salt in salts],
            "prf_output": _coded(PRF_OUTPUT),
        }
        others = self.client(person).others_words(self.id)
        return {
            "format": 1,
            "name": name,
            "relationship": str(self.id),
            "recovery_code": self.codes[person].reveal(),
            "passkey": secret if passkey else None,
            "words_of_others": others,
            "files": dict(self._files(person)),
            "opens_to": told(self.client(person).read(self.id)),
        }

    def _files(self, person: UUID) -> Iterator[tuple[str, str]]:
        http = self.keeper.http_for(person)
        yield "data/vault.json", http.get("/me/vault").text
        after: int | None = 0
        while after is not None:
            answer = http.get(f"/relationships/{self.id}/notebook?after={after}")
            yield f"data/notebooks/{self.id}/{after}.json", answer.text
            after = answer.json()["next_after"]

    def _service(self, person: UUID) -> NotebookService:
        return NotebookService(self.keeper.http_for(person))

    def _keys(self, person: UUID) -> ParticipantFolder:
        return ParticipantFolder(self.folder / str(person))


def note_exports() -> list[Sample]:
    """One of a pair and one of who joined a group later."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            _of_a_pair(Maker(Path(folder) / "pair")),
            _of_a_group(Maker(Path(folder) / "group")),
        ]


def told(reading: Reading) -> list[Sample]:
    """What is read, a repeated text by its unit."""
    return [
        {
            "audience": each.audience.name.lower(),
            "position": each.position,
            "is_mine": each.is_mine,
            "amends": str(each.amends) if each.amends else None,
            "kind": each.kind.name if each.kind else None,
            **text_told(each.text),
        }
        for each in reading
    ]


def text_told(text: str | None) -> dict[str, Any]:
    """A text, or how often the unit stands in it."""
    times = text.count(UNIT.strip()) if text else 0
    is_repeated = text is not None and times > 1 and text == (UNIT * times).strip()
    return {"text": None if is_repeated else text, "times": times if is_repeated else 0}


def _of_a_pair(made: Maker) -> Sample:
    """Keys replaced, epochs passed on to them, every kind, an amendment, a shared own entry, and one destroyed."""
    mentee, mentor = made.keeper.mentee, made.keeper.mentor
    for each in (mentee, mentor):
        made.set_up(each)
    made.compare(mentor, mentee)
    client = made.client(mentee)
    own = [
        client.write(made.id, (UNIT * times).strip(), kind=kind) for kind, times in TIMES.items()
    ]
    client.amend(made.id, own[1], "Ask for a calmer rota by June")
    client.share(made.id, own[0])
    made.client(mentor).write(made.id, "How did it go?", audience=Audience.SHARED)
    gone = client.write(made.id, "for nobody any more", audience=Audience.SHARED)
    client.destroy(made.id, gone)
    words = made.set_up(mentee, anew=True)
    made.add_passkey(mentee)
    made.client(mentor).accept_keys(made.id, words)
    made.client(mentor).pass_on_to_partner(made.id)
    client.write(made.id, "under new keys", audience=Audience.SHARED)
    client.write(made.id, "and for me", kind=Kind.REFLECTION)
    return made.sample("a pair", mentee, passkey=True)


def _of_a_group(made: Maker) -> Sample:
    """Two members and a facilitator; the third joins later, another leaves."""
    amara, facilitator = made.keeper.mentee, made.keeper.mentor
    joy, kwame = made.keeper.join(), None
    for each in (amara, facilitator, joy):
        made.set_up(each)
    made.compare(facilitator, amara, joy)
    made.client(facilitator).write(made.id, "before", audience=Audience.SHARED)
    kwame = made.keeper.join()
    made.set_up(kwame)
    made.compare(facilitator, kwame)
    made.client(facilitator).write(made.id, "welcome", audience=Audience.SHARED)
    made.client(kwame).write(made.id, "for me alone")
    made.client(kwame).write(made.id, "thank you", audience=Audience.SHARED)
    made.client(joy).write(made.id, "goodbye", audience=Audience.SHARED)
    made.keeper.leave(joy)
    gone = made.client(joy).my_words()
    made.client(facilitator).say_left(made.id, gone)
    made.client(facilitator).write(made.id, "we go on", audience=Audience.SHARED)
    return made.sample("who joined a group", kwame)


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode()

"""Who is erased had company: the others of a group read after it what they read before it, and what was said of a mentor goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.embedded_postgres import EmbeddedPostgres
from api.participant import Audience, NotebookService, ParticipantClient, ParticipantFolder
from domain.feedback import Feedback
from domain.feedback_box import FEWEST_ABOUT_A_MENTOR
from domain.policies.erasure import streams_of
from projections.evaluation import EVALUATION
from tests.databases import fresh_database
from tests.erasing import (
    ask,
    client_of,
    erase,
    grant,
    keys_but_of,
    rows_but_of,
    see_to_it,
    world_with_read_models,
)
from tests.faults.clerking import World
from tests.feedback import ended_pair, publish_words_for_feedback, say, slip_of
from tests.groups import Groups, Member
from tests.match import done
from tests.scheme import Somebody

PATIENCE_SECONDS = 60.0
LONG = timedelta(days=100)
PIECE = {
    "kind": "being_mentored",
    "title": "An hour to think",
    "about": "What I wanted to think through.",
    "done_on": "2026-01-12",
    "learned": "That I can wait.",
    "impact": "People finish their sentences.",
}
LIVE_KEYS_OF = """SELECT count(*) FROM keys.data_key
                  WHERE owner = ANY(%s) AND purpose = 'response' AND state = 'live'"""
RESPONSES = "SELECT response FROM read.evaluation_response WHERE about = %s"


@pytest.fixture(scope="module")
def of(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("company")
    with (
        fresh_database(postgres, template) as database,
        world_with_read_models(database, folder) as made,
    ):
        publish_words_for_feedback(made.now)
        yield made


@dataclass
class Company:
    """A group that has met, each with a device of their own and a piece in their portfolio."""

    of: World
    groups: Groups
    group: str
    members: list[Member]
    folder: Path

    def now(self, person: Somebody) -> Somebody:
        return self.of.now.speaking_for(person.id, person.role, name=person.name, lasts=LONG)

    def device(self, person: Somebody) -> ParticipantClient:
        return client_of(self.now(person), self.folder)

    def fresh_device(self, person: Somebody) -> ParticipantClient:
        """One that remembers nobody, with the same keys."""
        kept = ParticipantFolder(self.folder / str(person.id)).identity()
        folder = ParticipantFolder(self.folder / f"fresh {person.id}")
        folder.keep_identity(kept)
        return ParticipantClient(folder, NotebookService(self.now(person).client))

    def record_of(self, member: Member) -> dict[str, Any]:
        """What a member reads of their own record, byte for byte."""
        caller = self.now(member.person)
        own = done(caller.get(member.path))
        sessions = [f"{member.path}/sessions/{each['id']}" for each in own["sessions"]]
        read = {
            path: caller.get(path).content for path in (member.path, *sessions, "/me/cpd/pieces")
        }
        group = done(caller.get(f"/groups/{self.group}"))
        notebook = done(caller.get(f"/relationships/{self.group}/notebook", params={"limit": 100}))
        return {
            **read,
            "hours": group["hours"],
            "epochs": notebook["epochs"],
            "entries": notebook["entries"],
        }


def met(of: World, folder: Path) -> Company:
    """Three weeks ago they planned an hour, which was held since; all of them wrote."""
    groups = Groups(of.then, lasts=LONG)
    group, members = groups.of(3)
    made = Company(of, groups, group, members, folder)
    hour = groups.planned(group)
    facilitator = made.now(groups.facilitator)
    present = {"present": [each.relationship for each in members], "minutes": 60}
    done(facilitator.post(f"/groups/{group}/hours/{hour}/attendance", present))
    everybody = [groups.facilitator, *(each.person for each in members)]
    devices = [made.device(each) for each in everybody]
    for device in devices:
        device.make_keys()
    first, *others = devices
    for other in others:
        first.accept_keys(UUID(group), other.my_words())
    first.write(UUID(group), "from the first", audience=Audience.SHARED)
    for number, other in enumerate(others):
        other.accept_keys(UUID(group), first.my_words())
        other.write(UUID(group), f"from {number}", audience=Audience.SHARED)
        other.write(UUID(group), "mine", audience=Audience.OWN)
    for each in members:
        done(made.now(each.person).post("/me/cpd/pieces", PIECE))
    return made


def test_the_others_of_a_group_read_what_they_read_before_byte_for_byte(
    of: World, tmp_path: Path
) -> None:
    company = met(of, tmp_path)
    gone, *others = company.members
    group = UUID(company.group)
    before = [company.record_of(each) for each in others]
    texts = [[note.text for note in company.device(each.person).read(group)] for each in others]
    grant(of, ask(company.now(gone.person)))
    with of.clerk() as (clerk, session):
        clerk.catch_up(session)
        rows, keys = (found(of, streams_of(gone.person.id)) for found in (rows_but_of, keys_but_of))
        clerk.see_to_duties()

    assert company.now(gone.person).get("/me/cpd/pieces").status_code in {401, 410}
    assert rows_but_of(of, streams_of(gone.person.id))[: len(rows)] == rows
    assert keys_but_of(of, streams_of(gone.person.id))[: len(keys)] == keys
    assert [company.record_of(each) for each in others] == before
    after = [[note.text for note in company.device(each.person).read(group)] for each in others]
    assert after == texts
    assert {"from the first", "from 0", "from 1", "from 2", "mine"} == set(texts[0])


def test_a_device_that_remembers_nobody_reads_what_somebody_wrote_who_was_erased(
    of: World, tmp_path: Path
) -> None:
    company = met(of, tmp_path)
    gone, stays, _ = company.members
    group = UUID(company.group)
    erase(of, company.now(gone.person))

    fresh = company.fresh_device(stays.person)
    fresh.accept_keys(group, company.device(company.groups.facilitator).my_words())
    texts = {note.text for note in fresh.read(group)}
    assert texts == {"from the first", "from 0", "from 1", "from 2", "mine"}


def test_a_group_whose_facilitator_leaves_the_scheme_ends_for_all_of_them(of: World) -> None:
    groups = Groups(of.now)
    group, members = groups.of(2)
    hour = groups.planned(group)
    done(groups.facilitator.post("/me/mentor-profile/leaving"))
    see_to_it(of)

    assert [each.stands()["stage"] for each in members] == ["closed", "closed"]
    seen = groups.seen(groups.coordinator, group)
    assert not seen["is_open"]
    assert [(each["id"], each["outcome"]) for each in seen["hours"]] == [(hour, "cancelled")]


def test_what_was_said_of_a_mentor_is_destroyed_once_they_are_erased(of: World) -> None:
    pairs = [ended_pair(of.now)]
    mentor = pairs[0].mentor
    pairs += [ended_pair(of.now, mentor) for _ in range(FEWEST_ABOUT_A_MENTOR - 1)]
    for each in pairs:
        done(say(of.now, slip_of(each.mentee, each), heard="agree", easy="agree"))
    of.now.app.state.reader.wait_for(EVALUATION.name, of.newest(), PATIENCE_SECONDS)
    responses = [id for (id,) in of.rows(RESPONSES, [mentor.id])]
    assert len(responses) == FEWEST_ABOUT_A_MENTOR
    see_to_it(of)
    assert of.rows(LIVE_KEYS_OF, [responses]) == [(FEWEST_ABOUT_A_MENTOR,)]

    erase(of, mentor)
    of.now.app.state.reader.wait_for(EVALUATION.name, of.newest(), PATIENCE_SECONDS)
    see_to_it(of)

    assert of.rows(LIVE_KEYS_OF, [responses]) == [(0,)]
    assert {id: of.times(Feedback.Forgotten.TOPIC).get(id) for id in responses} == dict.fromkeys(
        responses, 1
    )
    of.now.app.state.reader.wait_for(EVALUATION.name, of.newest(), PATIENCE_SECONDS)
    assert of.rows(RESPONSES, [mentor.id]) == []

"""One person is erased, from the wish to its end; everybody else keeps everything."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api.erasing.journal import Journal
from api.erasing.replaying import ErasuresNotReplayed
from crypto.sealing import Audience
from domain.policies.erasure import streams_of
from domain.values import Role
from tests.databases import Database
from tests.erasing import (
    ask,
    client_of,
    erase,
    found_in_tables,
    grant,
    keys_but_of,
    rows_but_of,
    see_to_it,
    states_of,
    vault_of,
    world_with_read_models,
    wrapped_keys_of,
)
from tests.faults.clerking import World
from tests.match import done, match
from tests.scheme import Somebody

PATIENCE_SECONDS = 30.0
WORDS = "Quillfeather speaks of the corridor"
STATES_OF_LOCKS = "SELECT DISTINCT state FROM keys.data_key_locks WHERE owner = %s"


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world_with_read_models(database, tmp_path) as made:
        yield made


def review_day(of: World) -> str:
    return (of.now.now() + timedelta(days=10)).date().isoformat()


def kind_of(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]  # type: ignore[attr-defined]  # - an HTTP answer


def stage(lead: Somebody, erasure: UUID) -> str:
    return str(done(lead.get(f"/erasures/{erasure}"))["stage"])


def test_the_person_sees_every_step_until_it_is_granted(of: World) -> None:
    mentee, lead = of.now.person(Role.MENTEE), of.now.person(Role.DATA_PROTECTION_LEAD)
    assert mentee.get("/me/erasure").status_code == 404
    erasure = ask(mentee)

    shown = done(mentee.get("/me/erasure"))
    assert (shown["stage"], shown["unreadable_from"]) == ("requested", None)
    hold = {"reason": "legal_claim", "review_on": review_day(of)}
    telling = lead.post(f"/erasures/{erasure}/hold", hold | {"reason": "open_disclosure"})
    assert kind_of(telling) == (409, "hold-would-tell")
    done(lead.post(f"/erasures/{erasure}/hold", hold))
    shown = done(mentee.get("/me/erasure"))
    assert (shown["stage"], shown["hold"]) == ("held", "legal_claim")
    assert shown["review_on"] == review_day(of)
    refused = lead.post(f"/erasures/{erasure}/grant")
    assert kind_of(refused) == (409, "erasure-is-held")
    done(lead.post(f"/erasures/{erasure}/hold-lifting"))
    done(mentee.post("/me/erasure/taking-back"))
    assert done(mentee.get("/me/erasure"))["stage"] == "taken_back"
    again = ask(mentee)
    done(lead.post(f"/erasures/{again}/refusal", {"reason": "legal_duty"}))
    shown = done(mentee.get("/me/erasure"))
    assert (shown["stage"], shown["refusal"]) == ("refused", "legal_duty")
    see_to_it(of)
    assert mentee.get("/me/consents").status_code == 200


def test_the_desk_lists_requests_but_never_ones_own_nor_a_partners(of: World) -> None:
    made, other = match(of.now), of.now.person(Role.MENTOR)
    asked = [ask(each) for each in (made.mentee, other)]
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    done(lead.post(f"/erasures/{asked[1]}/refusal", {"reason": "legal_duty"}))
    newest = of.newest()
    of.now.app.state.reader.wait_for("rights_desk", newest, PATIENCE_SECONDS)

    def listed(caller: Somebody, **filters: str) -> list[tuple[str, str]]:
        page = done(caller.get("/erasures", params=filters))
        return [(each["id"], each["stage"]) for each in page["erasures"]]

    everything = [(str(asked[0]), "requested"), (str(asked[1]), "refused")]
    assert listed(lead) == everything
    assert listed(lead, stage="refused") == everything[1:]
    assert done(lead.get("/erasures", params={"limit": 1}))["next"] is not None
    for party in (made.mentee, made.mentor):
        as_coordinator = of.now.speaking_for(party.id, Role.COORDINATOR)
        assert listed(as_coordinator) == everything[1:]


def test_nobody_decides_about_their_own_nor_about_a_partners(of: World) -> None:
    made = match(of.now)
    erasure = ask(made.mentee)
    themselves = of.now.speaking_for(made.mentee.id, Role.COORDINATOR)
    partner = of.now.speaking_for(made.mentor.id, Role.COORDINATOR)

    assert kind_of(themselves.post(f"/erasures/{erasure}/grant")) == (403, "not-yours-to-decide")
    assert kind_of(partner.post(f"/erasures/{erasure}/grant")) == (403, "not-an-outsider")
    see_to_it(of)
    assert done(made.mentee.get("/me/erasure"))["stage"] == "requested"


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_nothing_of_the_person_opens_and_everybody_else_keeps_everything(
    of: World, who: str, tmp_path: Path
) -> None:
    made, others = match(of.now, words=WORDS), match(of.now, words=WORDS)
    gone = getattr(made, who)
    stays = made.mentor if who == "mentee" else made.mentee
    for each in (gone, stays):
        vault_of(each, tmp_path).begin(lambda _: None)
        done(each.put("/me/preferences", {"languages": ["en"]}))
    devices = [client_of(each, tmp_path) for each in (gone, stays)]
    devices[0].write(made.relationship, "for both", audience=Audience.SHARED)
    deleted, keys = states_of(of, gone.id), wrapped_keys_of(of, gone.id)
    name = gone.name

    erasure = ask(gone)
    lead = grant(of, erasure)
    assert gone.get("/me/erasure").status_code == 401
    with of.clerk() as (clerk, session):
        clerk.catch_up(session)
        before = rows_but_of(of, [*streams_of(gone.id)])
        untouched = keys_but_of(of, [*streams_of(gone.id)])
        clerk.see_to_duties()

    assert stage(lead, erasure) == "carried_out"
    coordinator = others.coordinator
    assert kind_of(coordinator.get(f"/people/{gone.id}/contact")) == (410, "erased")
    assert len(deleted) > 1
    assert len(keys) > 1
    assert set(states_of(of, gone.id)) == {b""}
    assert wrapped_keys_of(of, gone.id) == []
    assert done(stays.get("/me/vault"))["version"] == 1
    assert of.rows(STATES_OF_LOCKS, [gone.id]) == [("destroyed",)]
    assert of.rows(STATES_OF_LOCKS, [stays.id]) == [("live",)]
    assert found_in_tables(of, [*deleted, *keys, name.encode()]) == []
    after = rows_but_of(of, [*streams_of(gone.id)])
    assert after[: len(before)] == before
    assert keys_but_of(of, [*streams_of(gone.id)])[: len(untouched)] == untouched
    assert done(stays.get("/me/preferences"))["preferences"]["languages"] == ["en"]
    closed = done(stays.get(f"/relationships/{made.relationship}"))
    assert closed["stage"] == "closed"
    assert [note.text for note in devices[1].read(made.relationship)] == ["for both"]
    assert done(coordinator.get(f"/people/{stays.id}/contact"))["name"] == stays.name
    assert done(others.mentee.get(f"/relationships/{others.relationship}"))["stage"] == "matched"


def test_the_lead_and_the_auditor_still_read_who_looked_and_what_was_consented_to(
    of: World,
) -> None:
    made = match(of.now)
    erase(of, made.mentee)
    for role in (Role.DATA_PROTECTION_LEAD, Role.AUDITOR):
        reader = of.now.person(role)
        looks = done(reader.get(f"/people/{made.mentee.id}/access-records"))["looks"]
        assert looks
        consents = done(reader.get(f"/people/{made.mentee.id}/consents"))["consents"]
        assert consents
        assert not any(each["is_live"] for each in consents)


def test_a_mentee_whose_partner_was_erased_is_told_so(of: World) -> None:
    made = match(of.now)
    erase(of, made.mentor)
    path = f"/mentor-profiles/{made.mentor.id}"
    shown = done(made.mentee.get(path, params={"relationship": str(made.relationship)}))
    assert shown["state"] == "erased"
    coordinator = of.now.person(Role.COORDINATOR)
    assert done(coordinator.get(path))["state"] == "erased"


def test_a_clerk_that_comes_again_finds_everything_done(of: World) -> None:
    made = match(of.now)
    erasure = erase(of, made.mentee)
    newest = of.newest()
    with of.clerk() as (clerk, session):
        for _ in range(3):
            clerk.catch_up(session)
            clerk.see_to_duties()
    assert of.newest() == newest
    assert [line.erasure for line in Journal(of.journal).lines()] == [erasure]


def test_while_the_journal_cannot_be_written_nobody_is_erased_and_the_clerk_goes_on(
    of: World,
) -> None:
    mentee = of.now.person(Role.MENTEE)
    lead = grant(of, erasure := ask(mentee))
    with of.clerk() as (clerk, _):
        of.journal.mkdir()
        clerk.see_to_duties()
        assert stage(lead, erasure) == "granted"
        assert b"" not in states_of(of, mentee.id)
        of.journal.rmdir()
        clerk.see_to_duties()
    assert stage(lead, erasure) == "carried_out"


def test_no_process_starts_on_a_database_that_is_older_than_the_journal(of: World) -> None:
    Journal(of.journal).add(uuid4(), uuid4(), ())
    with pytest.raises(ErasuresNotReplayed), of.clerk():
        pass


def test_every_position_that_was_emptied_is_accounted_for_once(of: World) -> None:
    made = match(of.now)
    erasures = [erase(of, each) for each in (made.mentee, made.mentor)]
    emptied = of.rows("SELECT position FROM record.event WHERE state = '' ORDER BY 1")
    named = of.rows("SELECT position, erasure FROM record.erased_event ORDER BY 1")
    assert emptied == [(position,) for position, _ in named]
    assert {erasure for _, erasure in named} == set(erasures)


def test_an_id_that_nobody_has_is_not_found(of: World) -> None:
    lead = of.now.person(Role.DATA_PROTECTION_LEAD)
    assert lead.get(f"/erasures/{uuid4()}").status_code == 404
    assert lead.get(f"/erasures/{lead.id}").status_code == 404

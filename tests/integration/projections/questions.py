"""Every named question of the service, with values as it asks them, and how many rows it may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from typing import Any

from api import clerk
from api.auth import passkeys, tokens
from api.clerking import following
from api.messages import outbox
from api.records import notice_board
from crypto import key_store
from crypto.event_store import recorder
from projections import (
    consent_questions,
    cpd_questions,
    desk_questions,
    evaluation_questions,
    group_questions,
    joining_questions,
    keeping_questions,
    mentor_questions,
    money_questions,
    own_words_questions,
    positions,
    programme_questions,
    reader,
    rematch_questions,
    set_aside,
    voice_questions,
)
from projections.catalogue import READ_MODELS
from projections.reader import RESTS_ON
from tests.integration.projections.large import (
    COMMAND,
    KEY,
    MANY,
    NOTEBOOK,
    PERSON,
    PLACE,
    RELATIONSHIPS,
    STREAM,
    id_of,
)

SMALL = frozenset({"position", "set_aside", "policy_position", "branch_key_operational"})
"""Tables that do not grow with the log; what is set aside was tampered with."""

FILES = {
    "recorder": recorder.QUERIES,
    "key_store": key_store.QUERIES,
    "reader": reader.QUERIES,
    "consent_questions": consent_questions.QUERIES,
    "cpd_questions": cpd_questions.QUERIES,
    "desk_questions": desk_questions.QUERIES,
    "evaluation_questions": evaluation_questions.QUERIES,
    "programme_questions": programme_questions.QUERIES,
    "rematch_questions": rematch_questions.QUERIES,
    "voice_questions": voice_questions.QUERIES,
    "group_questions": group_questions.QUERIES,
    "joining_questions": joining_questions.QUERIES,
    "keeping_questions": keeping_questions.QUERIES,
    "mentor_questions": mentor_questions.QUERIES,
    "money_questions": money_questions.QUERIES,
    "own_words_questions": own_words_questions.QUERIES,
    "positions": positions.QUERIES,
    "set_aside": set_aside.QUERIES,
    "tokens": tokens.QUERIES,
    "passkeys": passkeys.QUERIES,
    "clerk": clerk.QUERIES,
    "following": following.QUERIES,
    "outbox": outbox.QUERIES,
    **{model.name: model.queries for model in READ_MODELS},
}
ELSEWHERE = {
    "provisioning": "runs before there are tables",
    "orders": "goes over the erasures, which are few",
    "rotating": "reads the epochs and rotations, which are few",
    "relationship_view": "is a part of each read model that shows relationships",
    "rotation": "reads the epochs and rotations, which are few",
    "rewrapping_locks": "goes over a whole table of keys, as it is meant to",
    "rewrapping": "goes over whole tables of keys, page by page, as it is meant to",
}
MAKES_OR_LOCKS = {
    *(f"{model.name}.create" for model in READ_MODELS),
    "positions.create",
    "positions.lock_preparation",
    "set_aside.create",
    "clerk.lead",
    "outbox.lead",
    "tokens.tell_ended",
    "passkeys.tell_ended",
}
"""These make tables, lock or notify, and read nothing that grows."""

APPENDS = {"recorder.append"}
"""Is a function, whose inside no plan shows: its blocks are counted instead."""


FEW_ROWS = max(10, 2 * len(READ_MODELS))
"""As many as may be looked at without an index: the table of positions has a row a read model."""


@dataclass(frozen=True)
class Question:
    """Values, and the most rows that may be looked at to answer."""

    values: Mapping[str, Any] = field(default_factory=dict)
    rows: int = FEW_ROWS


BATCH = range(1000, 1500)
IDS = [id_of(STREAM, number) for number in BATCH]
NEW_IDS = [id_of(STREAM, MANY + number) for number in BATCH]
PLACES = [id_of(PLACE, number) for number in BATCH]
PEOPLE = [id_of(PERSON, number) for number in BATCH]
OF_BATCH = len(BATCH)
OF_SET_ASIDE = 200 * len(READ_MODELS)
SOMEBODY, MENTOR = id_of(PERSON, 77_777), id_of(PERSON, 1_000_042)
TOKEN = bytes.fromhex(md5(b"4711", usedforsecurity=False).hexdigest() * 2)
NEW_TOKEN = b"\x5a" * 32
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=365)
PAGE = {
    "after_position": MANY // 2,
    "after_relationship": id_of(STREAM, 0),
    "most": 51,
    "hidden_from": MENTOR,
    **RESTS_ON,
}
A_STREAM = {"originator_id": id_of(STREAM, 4711), "gt": None, "lte": None, "most": None}
LOG = {"after": MANY // 2, "stop": None, "topics": [], "most": 500}
NOTICES = list(notice_board.TOPICS)
WRITTEN = {
    "ids": IDS,
    "positions": [number * 10 + 1 for number in BATCH],
    "changed": [MANY + number for number in BATCH],
    "places": PLACES,
    "notebooks": [id_of(NOTEBOOK, number) for number in BATCH],
    "stages": ["active"] * OF_BATCH,
    "mentees": PEOPLE,
    "mentors": PEOPLE,
    "memories": ["m" * 400] * OF_BATCH,
    "documents": ["d" * 600] * OF_BATCH,
    "reasons": [None] * OF_BATCH,
}
MENTORS_WRITTEN = {
    "ids": IDS,
    "mentors": PEOPLE,
    "changed": [MANY] * OF_BATCH,
    "applied": [MANY + number for number in BATCH],
    "takes": [1] * OF_BATCH,
    "memories": ["m" * 200] * OF_BATCH,
    "documents": ["d" * 100] * OF_BATCH,
}
CHANGES_ASKED = {
    "since": NOW,
    "until": consent_questions.AFTER_ALL,
    "before": MANY // 2 + 1,
    "most": 50,
}
CONSENTS_SAID = {
    "positions": [MANY + number for number in BATCH],
    "ledgers": PLACES,
    "versions": [3] * OF_BATCH,
    "people": PEOPLE,
    "actors": PEOPLE,
    "purposes": ["reminders"] * OF_BATCH,
    "changes": ["given"] * OF_BATCH,
    "notice_versions": [1] * OF_BATCH,
    "languages": ["en"] * OF_BATCH,
    "digests": [NEW_TOKEN] * OF_BATCH,
    "methods": [None] * OF_BATCH,
    "effective_at": [NOW] * OF_BATCH,
    "recorded_at": [NOW] * OF_BATCH,
    "expires_at": [None] * OF_BATCH,
}
AGREEMENT = id_of(STREAM, 1_000)
MONTHS_WRITTEN = {
    "agreements": [AGREEMENT] * OF_BATCH,
    "months": [date(1990 + number // 12, number % 12 + 1, 1) for number in range(OF_BATCH)],
    **dict.fromkeys(("used", "released", "lines", "invoiced", "paid", "credited"), [1] * OF_BATCH),
}
PLACES_WRITTEN = {"ids": PLACES, "memories": ["m" * 100] * OF_BATCH}

QUESTIONS = {
    "recorder.outcome": Question({"command_id": id_of(COMMAND, 500_000)}),
    "recorder.stream": Question(A_STREAM, 10),
    "recorder.stream_and_key": Question(A_STREAM, 40),
    "recorder.streams": Question({"originator_ids": IDS}, 40 * OF_BATCH),
    "recorder.newest_of_streams": Question({"originator_ids": IDS}, 2 * OF_BATCH),
    "recorder.newest_of_stream": Question({**A_STREAM, "most": 1}, 1),
    "recorder.log": Question(LOG, 500),
    "recorder.newest_position": Question({}, 3),
    "key_store.branch_keys": Question({"compartment": "operational"}, 1),
    "key_store.add_branch_key": Question(
        {"compartment": "operational", "epoch": 2, "wrapped_key": NEW_TOKEN}
    ),
    "key_store.keys_of_owners": Question(
        {"compartment": "operational", "owners": IDS, "purpose": "stream"}, OF_BATCH
    ),
    "key_store.keys_by_id": Question(
        {"compartment": "operational", "key_ids": [id_of(KEY, 4711)]}, 1
    ),
    "reader.pipeline_page": Question(PAGE, 2500),
    "reader.pipeline_page_of_stage": Question({**PAGE, "stage": "proposed"}, 2500),
    # It counts every relationship; an index alone is read for that.
    "reader.pipeline_counts": Question({"hidden_from": MENTOR}, RELATIONSHIPS + 1000),
    "reader.pipeline_row": Question({"relationship": id_of(STREAM, 4711)}, 1),
    "reader.is_set_aside": Question({"relationship": id_of(STREAM, 4711), **RESTS_ON}, 1000),
    "reader.pipeline_changes": Question({"people": [SOMEBODY, MENTOR]}, 100),
    "reader.own_changes": Question({"people": [SOMEBODY, MENTOR]}, 100),
    "reader.own_relationships": Question({"mentee": SOMEBODY}, 10),
    "reader.own_set_aside": Question({"mentee": SOMEBODY, **RESTS_ON}, 2500),
    "reader.caseload_changes": Question({"people": [SOMEBODY, MENTOR]}, 100),
    "reader.caseload": Question({"mentor": MENTOR}, 20),
    "reader.standing_of_mentor": Question({"profile": id_of(STREAM, 4711)}, 1),
    "reader.caseload_set_aside": Question(
        {"mentor": MENTOR, "profile": id_of(STREAM, 4711), **RESTS_ON}, 2500
    ),
    "reader.participation_of_people": Question({"people": [MENTOR]}, 20),
    "reader.participation_in_relationship": Question({"relationship": id_of(STREAM, 4711)}, 2),
    "reader.open_relationships": Question({"person": MENTOR}, 20),
    "reader.due_deadlines": Question({"at": NOW, "most": 100}, 100),
    # In one plan for any stage, those of other stages are passed by; few people ask to be erased.
    "reader.rights_desk": Question({"after": 0, "stage": "requested", "most": 50}, 5000),
    "reader.positions": Question(),
    "reader.set_aside_count": Question({}, OF_SET_ASIDE),
    "positions.standings": Question(),
    "positions.standing": Question({"name": "pipeline"}),
    "positions.begin": Question({"name": "new", "version": 1, "tables": ["new"]}),
    "positions.forget": Question({"name": "pipeline"}),
    "positions.advance": Question({"name": "pipeline", "version": 4, "old": MANY, "new": MANY + 1}),
    "positions.pass": Question(
        {"names": ["pipeline"], "versions": [4], "old": MANY, "new": MANY + 1}
    ),
    "positions.stop": Question(
        {"name": "pipeline", "position": MANY, "stopped_position": MANY + 1, "reason": "Unfit"}
    ),
    "positions.resume": Question({"name": "pipeline"}),
    "positions.replace": Question(
        {"name": "pipeline", "version": 5, "tables": ["pipeline"], "position": MANY}
    ),
    "set_aside.streams": Question({"name": "pipeline"}, 1000),
    "set_aside.found": Question({"names": ["pipeline", "my_mentoring"]}, OF_SET_ASIDE),
    "set_aside.add": Question(
        {
            "name": "pipeline",
            "streams": PLACES[:1],
            "positions": [7],
            "topics": ["place.granted"],
            "records": ["event"],
        }
    ),
    "set_aside.forget": Question({"name": "pipeline"}, 1000),
    "set_aside.replace": Question({"name": "pipeline", "rebuilt": "pipeline__next"}, 1000),
    "tokens.add_token": Question(
        {
            "token_hash": NEW_TOKEN,
            "person": SOMEBODY,
            "role": "mentee",
            "scopes": ["read"],
            "expires_at": NOW,
        }
    ),
    "tokens.caller_of_token": Question({"token_hash": TOKEN, "now": NOW}),
    "tokens.revoke_tokens": Question({"person": SOMEBODY, "role": None, "now": NOW}),
    "tokens.has_token": Question({"person": SOMEBODY, "role": "mentee", "now": NOW}),
    "tokens.add_session": Question(
        {
            "session_hash": NEW_TOKEN,
            "token_hash": TOKEN,
            "credential_hash": None,
            "device": "A browser",
            "now": NOW,
            "expires_at": NOW,
        }
    ),
    "tokens.forget_sessions": Question({"before": NOW - timedelta(days=7)}),
    "tokens.caller_of_session": Question(
        {"session_hash": TOKEN, "now": NOW, "idle_since": NOW, "noted_before": NOW}
    ),
    "tokens.note_use": Question({"session_hash": TOKEN, "now": NOW}),
    "tokens.rename_session": Question({"session_hash": TOKEN, "new_hash": NEW_TOKEN}),
    "tokens.sessions_of_person": Question({"person": SOMEBODY, "now": NOW, "idle_since": NOW}),
    "tokens.end_session_of_person": Question({"id": SOMEBODY, "person": SOMEBODY, "now": NOW}),
    "passkeys.begin_ceremony": Question(
        {"secret_hash": NEW_TOKEN, "person": None, "role": None, "expires_at": NOW}
    ),
    "passkeys.forget_ceremonies": Question({"now": NOW}),
    "passkeys.end_ceremony": Question({"secret_hash": TOKEN, "now": NOW}),
    "passkeys.keep": Question(
        {
            "credential_hash": NEW_TOKEN,
            "passkey": SOMEBODY,
            "person": SOMEBODY,
            "role": "mentee",
            "public_key": b"key",
            "sign_count": 0,
            "now": NOW,
        }
    ),
    "passkeys.of_credential": Question({"credential_hash": TOKEN}),
    "passkeys.count_use": Question(
        {"credential_hash": TOKEN, "sign_count": 1, "used_on": NOW.date()}
    ),
    "passkeys.of_person": Question({"person": SOMEBODY, "role": "mentee"}),
    "passkeys.remove": Question({"person": SOMEBODY, "passkey": SOMEBODY}),
    "tokens.end_session": Question({"session_hash": TOKEN, "now": NOW}),
    "following.position": Question({"policy": "clerk"}),
    "following.advance": Question({"policy": "clerk", "position": MANY}),
    "outbox.has_due": Question({"now": NOW, "kinds": outbox.KINDS}),
    "outbox.claim": Question({"now": NOW, "kinds": outbox.KINDS}),
    "outbox.put_off": Question({"message": id_of("e", 4711), "until": NOW}),
    "outbox.end": Question({"message": id_of("e", 4711), "now": NOW, "outcome": "sent"}),
    "outbox.forget_ended": Question({"before": NOW - timedelta(days=90)}),
    "outbox.of_person": Question({"person": SOMEBODY}),
    "outbox.figures": Question({"late_after": timedelta(minutes=10)}),
    "pipeline.remembered_relationships": Question({"ids": IDS}, OF_BATCH),
    "pipeline.remembered_places": Question({"ids": PLACES}, OF_BATCH),
    "pipeline.keep_relationships": Question(WRITTEN, OF_BATCH),
    "pipeline.keep_places": Question(PLACES_WRITTEN, OF_BATCH),
    "my_mentoring.remembered_relationships": Question({"ids": IDS}, OF_BATCH),
    "my_mentoring.remembered_places": Question({"ids": PLACES}, OF_BATCH),
    "my_mentoring.keep_relationships": Question(WRITTEN, OF_BATCH),
    "my_mentoring.keep_places": Question(PLACES_WRITTEN, OF_BATCH),
    "mentor_questions.mentors": Question({"after": 100, "most": 51}, 51),
    "mentor_questions.mentors_who_can_take": Question({"most": 50}, 50),
    "my_caseload.remembered_relationships": Question({"ids": IDS}, OF_BATCH),
    "my_caseload.remembered_places": Question({"ids": PLACES}, OF_BATCH),
    "my_caseload.remembered_mentors": Question({"ids": IDS}, OF_BATCH),
    "my_caseload.keep_relationships": Question(WRITTEN, OF_BATCH),
    "my_caseload.keep_places": Question(PLACES_WRITTEN, OF_BATCH),
    "my_caseload.keep_mentors": Question(MENTORS_WRITTEN, OF_BATCH),
    "my_caseload.forget_mentors": Question({"ids": IDS}, OF_BATCH),
    "participation.remembered": Question({"ids": IDS}, 4 * OF_BATCH),
    "participation.clear": Question({"ids": IDS}, 4 * OF_BATCH),
    "participation.keep": Question(
        {
            "relationships": IDS,
            "people": PEOPLE,
            "parts": ["proposed_mentor"] * OF_BATCH,
            "open": [True] * OF_BATCH,
        },
        OF_BATCH,
    ),
    "deadlines.remembered": Question({"ids": IDS}, OF_BATCH),
    "deadlines.keep": Question(
        {
            "ids": IDS,
            "proposals": PLACES,
            "versions": [1] * OF_BATCH,
            "whats": ["proposal_expires"] * OF_BATCH,
            "due_at": [NOW] * OF_BATCH,
            "memories": ["{}"] * OF_BATCH,
        },
        OF_BATCH,
    ),
    "consent_questions.due_consents": Question({"at": NOW, "most": 100}, 100),
    "consent_questions.outdated_consents": Question({"most": 100}, 100),
    "consent_questions.history": Question(CHANGES_ASKED, 110),
    "consent_questions.history_of_purpose": Question(
        {**CHANGES_ASKED, "purpose": "take_part"}, 110
    ),
    "consent_questions.history_of_person": Question(
        {**CHANGES_ASKED, "person": SOMEBODY, "purpose": None}, 20
    ),
    "consent_history.keep_history": Question(CONSENTS_SAID, OF_BATCH),
    "consent_history.keep_standing": Question(
        {**CONSENTS_SAID, "states": ["given"] * OF_BATCH, "due_at": [NOW] * OF_BATCH}, OF_BATCH
    ),
    "consent_history.end_at": Question(
        {"person": SOMEBODY, "purpose": "take_part", "expires_at": NOW}, 2
    ),
    "consent_history.supersede": Question(
        {"purpose": "take_part", "language": "en", "by_version": 11, "renew_by": NOW}, 3000
    ),
    "consent_history.leave_alone": Question({"ledger": id_of(PLACE, 4711)}, 10),
    "group_questions.open_groups": Question({"hidden_from": MENTOR, "most": 500}, 600),
    "group_questions.open_groups_of_programme": Question(
        {"hidden_from": MENTOR, "most": 500, "programme": id_of(STREAM, 1)}, 600
    ),
    "group_questions.people_in_groups_of": Question({"person": SOMEBODY}, 60),
    "joining_questions.places_of_person": Question({"person": SOMEBODY}, 10),
    "joining_questions.enquiries": Question({"stage": "open", "after": 0, "most": 50}, 60),
    "joining_questions.enquiries_kept": Question(
        {"unanswered": LONG_AGO, "answered": LONG_AGO, "most": 50}, 1
    ),
    "cpd_questions.held_sessions": Question(
        {"person": MENTOR, "after": LONG_AGO, "before": NOW + timedelta(days=365)}, 300
    ),
    "cpd_portfolio.keep_modes": Question(
        {"relationships": NEW_IDS, "modes": ["virtual"] * OF_BATCH}, OF_BATCH
    ),
    "cpd_portfolio.plan": Question(
        {
            "sessions": NEW_IDS,
            "relationships": IDS,
            "starts": [NOW] * OF_BATCH,
            "ends": [NOW] * OF_BATCH,
            "zones": ["Europe/London"] * OF_BATCH,
        },
        OF_BATCH,
    ),
    "cpd_portfolio.end": Question(
        {"session": id_of(STREAM, 4711), "is_held": True, "minutes": 60, "attended_by": [MENTOR]}, 2
    ),
    "own_words_questions.own_words": Question({"owner": SOMEBODY, "after": 0, "most": 1000}, 30),
    "own_words.note": Question(
        {
            "owners": PEOPLE,
            "streams": NEW_IDS,
            "versions": [1] * OF_BATCH,
            "positions": [MANY * 10 + number for number in BATCH],
        },
        OF_BATCH,
    ),
    "own_words.forget": Question({"streams": [id_of(STREAM, 4711)]}, 30),
    "groups.form": Question(
        {
            "group": SOMEBODY,
            "position": 10 * MANY,
            "facilitator": SOMEBODY,
            "programme": SOMEBODY,
        }
    ),
    "groups.note_person": Question({"group": SOMEBODY, "person": SOMEBODY}),
    "groups.count": Question({"group": id_of(STREAM, 4700), "more": 1}, 2),
    "groups.close": Question({"group": id_of(STREAM, 4700)}, 2),
    "own_places.grant": Question({"place": SOMEBODY, "value": SOMEBODY}),
    "own_places.assign": Question({"place": id_of(PLACE, 4711), "value": SOMEBODY}, 2),
    "own_places.hold": Question({"place": id_of(PLACE, 4711), "value": None}, 2),
    "desk_questions.desk": Question(
        {"kind": "remark", "is_over": False, "after": 0, "most": 50}, 60
    ),
    "desk_questions.own_items": Question({"kind": "remark", "person": SOMEBODY, "most": 50}, 10),
    "desk_questions.over_before": Question({"kind": "remark", "moment": LONG_AGO, "most": 50}, 1),
    "desk_questions.unrung": Question({"most": 50}, 60),
    "desk_questions.due_unrung": Question(
        {"soon": NOW.date() + timedelta(days=60), "most": 50}, 60
    ),
    "desk_questions.holders": Question({"role": "coordinator", "most": 50}, 60),
    "duties.grant": Question({"person": SOMEBODY, "role": "mentor"}),
    "duties.revoke": Question({"person": SOMEBODY, "role": "mentee"}),
    "duties.rest": Question({"person": SOMEBODY, "role": None}),
    "duties.return_to_duty": Question({"person": SOMEBODY, "role": None}),
    "duties.forget": Question({"people": [SOMEBODY]}),
    "keeping.know": Question({"person": id_of(PERSON, MANY * 3), "at": NOW, "position": MANY}),
    "keeping.pair": Question({"relationship": id_of(STREAM, 4711), "person": id_of(PERSON, MANY)}),
    "keeping.hear": Question(
        {
            "people": PEOPLE,
            "moments": [NOW] * OF_BATCH,
            "positions": [MANY * 10 + number for number in BATCH],
        },
        2 * OF_BATCH,
    ),
    "keeping.close": Question({"relationship": id_of(STREAM, 4711), "at": NOW}),
    "keeping.announce": Question({"person": SOMEBODY, "ends_on": NOW.date(), "position": MANY}),
    "keeping.put_off": Question({"person": SOMEBODY}),
    "keeping.forget": Question({"person": SOMEBODY}),
    "keeping_questions.silent": Question(
        {"silent_since": NOW, "closed_since": NOW, "most": 100}, 700
    ),
    "keeping_questions.ending": Question(
        {"today": NOW.date() + timedelta(days=60), "most": 100}, 500
    ),
    "keeping_questions.heard_since": Question({"most": 10}, 25),
    "evaluation_questions.responses_about": Question(
        {"about": id_of(PERSON, 1_000_100), "before": NOW, "most": 1000}, 60
    ),
    "evaluation_questions.responses_kept": Question({"before": LONG_AGO, "most": 200}, 220),
    "evaluation.give": Question(
        {"response": SOMEBODY, "about": SOMEBODY, "lot": 1, "given_at": NOW}
    ),
    "evaluation.forget": Question({"response": id_of(STREAM, 4720)}, 2),
    "evaluation.orphan": Question({"people": [id_of(PERSON, 1_000_100)]}, 60),
    "voice_questions.voices": Question(
        {"kind": "story", "stage": "shown", "before": None, "most": 50}, 60
    ),
    "voice_questions.own_voices": Question({"kind": "story", "person": SOMEBODY, "most": 50}, 10),
    "voices.begin": Question(
        {"record": SOMEBODY, "position": MANY + 1, "kind": "story", "person": SOMEBODY}
    ),
    "voices.stand": Question(
        {"record": id_of(STREAM, 4720), "stage": "shown", "position": MANY + 1}, 2
    ),
    "voices.keep_from": Question({"record": id_of(STREAM, 4720), "answered_at": NOW}, 2),
    "voice_questions.answered_before": Question({"before": LONG_AGO, "most": 200}, 220),
    "voices.erase": Question({"gone": [id_of(STREAM, 4720), SOMEBODY]}, 10),
    "programme_questions.programmes": Question({"most": 200}, 400),
    "programmes.open": Question(
        {"programme": SOMEBODY, "position": 10 * MANY, "name": "Side by side"}
    ),
    "programmes.call": Question({"programme": id_of(STREAM, 4711), "name": "Side by side"}, 2),
    "rematch_questions.rematches": Question({"after": 0, "most": 50}, 200),
    "rematches.request": Question(
        {"relationship": SOMEBODY, "mentee": SOMEBODY, "place": SOMEBODY}
    ),
    "rematches.wish": Question(
        {
            "relationship": id_of(STREAM, 4711),
            "position": MANY + 1,
            "person": id_of(PERSON, 4711),
            "reason": "availability",
            "wished_at": NOW,
        },
        4,
    ),
    "rematches.match": Question({"relationship": id_of(STREAM, 4711), "mentor": MENTOR}, 10),
    "rematches.close": Question({"relationship": id_of(STREAM, 4711)}, 2),
    "rematches.settle_all": Question({"people": [SOMEBODY]}, 10),
    "desks.begin": Question({"record": SOMEBODY, "position": MANY + 1, "kind": "remark"}),
    "desks.change": Question(
        {
            "record": id_of(STREAM, 4720),
            "holder": None,
            "handler": None,
            "person": SOMEBODY,
            "due_on": None,
            "look_again_on": None,
            "over_since": NOW,
            "rung_to": None,
            "rung_due": None,
            "is_looked_at": False,
            "is_forgotten": False,
        },
        2,
    ),
    "enquiries.make": Question(
        {"enquiry": SOMEBODY, "position": MANY + 1, "kind": "organisation", "made_at": NOW}
    ),
    "enquiries.change": Question(
        {"enquiry": id_of(STREAM, 4720), "stage": "answered", "since": NOW}, 2
    ),
    "money_questions.agreements": Question({"after": 500, "most": 50}, 50),
    "money_questions.agreement_figures": Question({"agreement": AGREEMENT}, 1),
    "money_questions.agreements_of_contact": Question({"person": SOMEBODY}, 20),
    "money_questions.months": Question({"agreement": AGREEMENT, "before": NOW.date()}, 48),
    "money_questions.places_of": Question({"agreement": AGREEMENT}, 50),
    "money_questions.open_on_agreement": Question({"agreement": AGREEMENT}, 150),
    "money_questions.asked_for_on_agreement": Question({"agreement": AGREEMENT}, 150),
    "money_questions.agreements_over": Question({"at": NOW, "most": 100}, 110),
    "places_and_money.remembered_agreements": Question({"ids": IDS}, OF_BATCH),
    "places_and_money.remembered_places": Question({"ids": PLACES}, OF_BATCH),
    "places_and_money.keep_agreements": Question(
        {
            "ids": IDS,
            "positions": WRITTEN["positions"],
            "organisations": PEOPLE,
            "over_at": [NOW] * OF_BATCH,
            "memories": WRITTEN["memories"],
        },
        OF_BATCH,
    ),
    "places_and_money.keep_places": Question({**PLACES_WRITTEN, "agreements": IDS}, OF_BATCH),
    "places_and_money.add_to_months": Question(MONTHS_WRITTEN, OF_BATCH),
    "places_and_money.keep_requests": Question({"ids": PEOPLE, "places": PLACES}, OF_BATCH),
    "places_and_money.close": Question({"ids": IDS}, OF_BATCH),
    "places_and_money.name_contact": Question({"organisation": SOMEBODY, "person": SOMEBODY}),
    "places_and_money.end_contact": Question({"organisation": SOMEBODY, "person": SOMEBODY}),
    "rights_desk.ask": Question(
        {"erasure": SOMEBODY, "position": MANY + 1, "person": SOMEBODY, "due_on": NOW}
    ),
    "rights_desk.change": Question(
        {"erasure": id_of(STREAM, 4720), "stage": "granted", "review_on": None}
    ),
}

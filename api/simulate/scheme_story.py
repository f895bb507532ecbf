"""What happens in the first scheme: requests, proposals, matches, sessions, a change of mind."""

import hashlib
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from api.participant import Kind, ParticipantClient
from api.records.written_notices import written_notices
from api.simulate.scheme_calls import AlreadyThere, SchemeApi
from crypto.sealing import Body

ZONE = "Europe/London"
NOTICE_VERSION = 1
AGREEMENT_VERSION = 1
NOTICES = tuple(written_notices())
WORDS = {each.purpose.value: each.text for each in NOTICES if each.language == "en"}
"""What the made-up people read before they said yes."""
MENTORS = {
    "grace": (
        "Grace",
        "Twenty years in children's services, the last six leading a team. I listen first.",
        3,
    ),
    "samir": (
        "Samir",
        "Adult safeguarding and hospital discharge. Happy to think through next steps with you.",
        2,
    ),
}


def three_weeks_ago(api: SchemeApi) -> None:
    """Notices, an agreement, mentors, and two pairs who meet soon after."""
    _publish_notices(api)
    _sign_agreement(api)
    for mentor in MENTORS:
        _welcome_mentor(api, mentor)
    for mentee in ("amara", "devika"):
        _consent(api, mentee, "take_part")
    _consent(api, "amara", "identity_preference")
    amara = _request(
        api, "amara", themes="Being passed over for senior practitioner twice", identity=True
    )
    devika = _request(api, "devika", themes="Returning after a year away", identity=False)
    for mentee, relationship, mentor in (("amara", amara, "grace"), ("devika", devika, "samir")):
        _match(api, mentee, mentor, relationship)
        _plan(api, mentor, relationship, days=3, hour=10, step=f"first-{mentee}")
    _plan(api, "grace", amara, days=40, hour=14, step="second-amara")
    _write_notes(api, amara)


def meanwhile(api: SchemeApi) -> None:
    """Sessions that happened, new requests at every stage, and one person who changed her mind."""
    for mentee, mentor in (("amara", "grace"), ("devika", "samir")):
        _hold_first(api, mentee, mentor)
    for mentee in ("kwame", "leila", "joy"):
        _consent(api, mentee, "take_part")
    kwame = _request(api, "kwame", themes="Finding my voice in strategy meetings", identity=False)
    _request(api, "leila", themes="Moving from adults' to children's services", identity=False)
    joy = _request(api, "joy", themes="Caseloads that keep growing", identity=False)
    _propose(api, "kwame", "grace", kwame)
    _propose(api, "joy", "samir", joy)
    api.post("joy", "/me/consents/take_part/withdrawal", step="withdraw-joy")


def _publish_notices(api: SchemeApi) -> None:
    """Those that the people around them have read already are there."""
    for notice in NOTICES:
        words = {"language": notice.language, "text": notice.text}
        body = {"purpose": notice.purpose.value, "version": NOTICE_VERSION, **words}
        with suppress(AlreadyThere):
            api.post("priya", "/notices", body, step=f"notice-{notice.purpose}-{notice.language}")


def _consent(api: SchemeApi, who: str, purpose: str) -> None:
    body = {
        "purpose": purpose,
        "notice_version": NOTICE_VERSION,
        "language": "en",
        "digest": hashlib.sha256(WORDS[purpose].encode()).hexdigest(),
    }
    api.post(who, "/me/consents", body, step=f"consent-{who}-{purpose}")


def _sign_agreement(api: SchemeApi) -> None:
    programme = api.post(
        "ruth", "/programmes", {"name": "Thinking things through"}, step="programme"
    )
    buyer = api.post("ruth", "/organisations", {"name": "Borough of Fernley"}, step="organisation")
    began = api.started_at.date()
    terms = {
        "programme": str(programme.id),
        "places": 20,
        "sessions_per_place": 3,
        "price_minor_units": 95_00,
        "starts_on": str(began - timedelta(days=30)),
        "ends_on": str(began + timedelta(days=335)),
    }
    body = {"organisation": str(buyer.id), "terms": terms}
    api.remember("agreement", api.post("ruth", "/agreements", body, step="agreement").id)


def _welcome_mentor(api: SchemeApi, mentor: str) -> None:
    name, words, capacity = MENTORS[mentor]
    _consent(api, mentor, "take_part")
    _consent(api, mentor, "share_profile")
    api.post(mentor, "/me/mentor-profile", {"words": words}, step=f"apply-{mentor}")
    api.post("ruth", f"/mentor-profiles/{api.person(mentor)}/approval", step=f"approve-{mentor}")
    profile = {"display_name": name, "words": words}
    api.put(mentor, "/me/mentor-profile/published", profile, step=f"publish-{mentor}")
    body = {"capacity": capacity}
    api.put(mentor, "/me/mentor-profile/capacity", body, step=f"capacity-{mentor}")


def _request(api: SchemeApi, mentee: str, *, themes: str, identity: bool) -> UUID:
    grant = {"agreement": str(api.recall("agreement")), "sessions": 3}
    place = api.post("ruth", "/places", grant, step=f"place-{mentee}").id
    body = {"place": str(place), "mode": "virtual", "cadence": "monthly", "themes": themes}
    if identity:
        body["identity_preference"] = "Somebody who knows this from the inside"
    relationship = api.post(mentee, "/relationships", body, step=f"request-{mentee}").id
    api.remember(mentee, relationship)
    return relationship


def _propose(api: SchemeApi, mentee: str, mentor: str, relationship: UUID) -> UUID:
    name, _, _ = MENTORS[mentor]
    body = {
        "mentor": str(api.person(mentor)),
        "rank": 1,
        "reasons_for_mentee": f"{name} has led a team in your field and is free on the days you named.",
        "reasons_for_mentor": "The themes are close to what you offered to think through.",
    }
    path = f"/relationships/{relationship}/proposals"
    made = api.post("ruth", path, body, step=f"propose-{mentee}").made
    assert made is not None  # noqa: S101 - a proposal is what this command makes
    return made


def _match(api: SchemeApi, mentee: str, mentor: str, relationship: UUID) -> None:
    proposal = _propose(api, mentee, mentor, relationship)
    for who in (mentee, mentor):
        path = f"/relationships/{relationship}/proposals/{proposal}/acceptance"
        api.post(who, path, {"version": 1}, step=f"accept-{mentee}-{who}")
    for who in (mentee, mentor):
        body = {"version": AGREEMENT_VERSION}
        path = f"/relationships/{relationship}/agreement"
        api.post(who, path, body, step=f"agree-{mentee}-{who}")


def _plan(api: SchemeApi, who: str, relationship: UUID, *, days: int, hour: int, step: str) -> None:
    starts_at = _working_hour(api.started_at, days, hour)
    body = {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "time_zone": ZONE,
        "video_link": f"https://meet.example.org/{uuid5(relationship, step).hex[:10]}",
    }
    path = f"/relationships/{relationship}/sessions"
    planned = api.post(who, path, body, step=f"plan-{step}").made
    assert planned is not None  # noqa: S101 - a session is what this command makes
    api.remember(step, planned)


def _hold_first(api: SchemeApi, mentee: str, mentor: str) -> None:
    """Confirm the session that lies behind by now."""
    relationship, session = api.recall(mentee), api.recall(f"first-{mentee}")
    path = f"/relationships/{relationship}/sessions/{session}/attendance"
    api.post(mentor, path, {"minutes": 60}, step=f"held-{mentee}")


def _working_hour(base: datetime, days: int, hour: int) -> datetime:
    """A weekday that many days on, at that hour of the wall clock."""
    day: date = (base + timedelta(days=days)).astimezone(ZoneInfo(ZONE)).date()
    while day.weekday() > 4:  # noqa: PLR2004 - Friday
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE))


def _write_notes(api: SchemeApi, relationship: UUID) -> None:
    """Notes of both, sealed in their own folders; the service keeps what it cannot open."""
    amara, grace = api.participant("amara"), api.participant("grace")
    goal, note = Body(Kind.GOAL, "Apply again in spring, with a plan."), "Ask how the panel went."
    for each in (amara, grace):
        api.patiently(each.make_keys)
    api.patiently(lambda: amara.open_notebook(relationship))
    api.patiently(lambda: _write_once(amara, relationship, goal))
    api.patiently(lambda: _write_once(grace, relationship, Body(Kind.NOTE, note)))


def _write_once(author: ParticipantClient, relationship: UUID, body: Body) -> None:
    """Write what is not there yet: an answer may have been lost on its way."""
    if not any(entry.body == body for entry in author.read(relationship)):
        author.write(relationship, body.text, kind=body.kind)

"""Everybody looks at everything: each address of the service, asked for in every role and in none."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.routes import all_routers
from api.web import page_routers
from tests.leaks.cast import ROLES, Cast
from tests.leaks.recording import NOBODY
from tests.leaks.story import Story

API = "/api/v1"
ENDLESS = "/changes"
"""How addresses end that go on telling."""
ABSENT = UUID("ab5e0000-0000-4000-8000-000000000001")
LOOKED_AT = {"amara": "grace", "kwame": "samir"}


def routes() -> list[tuple[str, str]]:
    """Method and path of every route and page."""
    app = FastAPI(openapi_url=None)
    for router in (*all_routers(), *page_routers()):
        app.include_router(router)
    found = {
        (method, context.path)
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ()
        if context.path
    }
    return sorted({*found, ("GET", f"{API}/openapi.json")})


def look_at_everything(cast: Cast, story: Story) -> None:
    """Ask for all that can be read, about two pairs, as everybody, by token and by cookie."""
    addresses = {
        address for method, path in routes() if method == "GET" for address in _filled(path, story)
    }
    for who in (*ROLES, NOBODY):
        token = None if who == NOBODY else cast.members[who].token
        with closing(cast.recorder.browser(who, token)) as browser:
            for address in sorted(addresses):
                if address.endswith(ENDLESS):
                    cast.recorder.listen(who, token, address)
                    continue
                client = cast.client(who) if address.startswith(API) else browser
                client.get(httpx.URL(cast.recorder.url + address))


def _filled(path: str, story: Story) -> Iterator[str]:
    for mentee, mentor in LOOKED_AT.items():
        yield path.replace(":path}", "}").format(**_names(path, story, mentee, mentor))


def _names(path: str, story: Story, mentee: str, mentor: str) -> dict[str, Any]:
    relationship = story.relationships[mentee]
    ids = {"relationships": relationship, "places": story.places[mentee]}
    first = path.removeprefix(API).split("/")[1]
    return {
        "id": ids.get(first, story.cast.id(mentee)),
        "relationship": relationship,
        "person": story.cast.id(mentor),
        "session": story.sessions.get(f"{mentee} on day 40", ABSENT),
        "proposal": story.proposals[mentee],
        "bundle": "absent",
        "group": ABSENT,
        "hour": ABSENT,
        "concern": ABSENT,
        "disclosure": ABSENT,
        "entry": ABSENT,
        "piece": ABSENT,
        "erasure": ABSENT,
        "receipt": ABSENT,
        "agreement": ABSENT,
        "enquiry": ABSENT,
        "story": ABSENT,
        "suggestion": ABSENT,
        "programme": ABSENT,
        "rights_request": ABSENT,
        "reference": ABSENT,
        "place": story.places[mentee],
        "number": 1,
        "day": "2026-03-02",
        "purpose": "take_part",
        "use": "suggestions",
        "role": "mentee",
        "name": "pages.css",
    }

"""Turns a template and its values into a page; whatever a template forgets or misspells fails loudly."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.auth.callers import session_of
from api.auth.ceremonies import Site
from api.auth.tokens import csrf_token
from api.web import money_view, times
from api.web.static_files import address_of
from domain.access import Caller
from domain.values import Role

HOMES = {
    Role.MENTEE: "/my-mentoring",
    Role.MENTOR: "/my-caseload",
    Role.COORDINATOR: "/pipeline",
    Role.SPONSOR_CONTACT: "/places-and-money",
    Role.SAFEGUARDING_LEAD: "/disclosures",
    Role.DATA_PROTECTION_LEAD: "/consent-history",
    Role.AUDITOR: "/consent-history",
}
"""Where each role begins; for the others there is no page yet."""

RIGHTS = (
    ("/my-cpd", "My CPD"),
    ("/my-consents", "My consents"),
    ("/who-looked", "Who looked"),
    ("/my-rights", "My rights"),
)
MENUS: Mapping[Role, Sequence[tuple[str, str]]] = {
    Role.MENTEE: (("/my-mentoring", "My mentoring"), *RIGHTS),
    Role.MENTOR: (("/my-caseload", "My caseload"), *RIGHTS),
    Role.COORDINATOR: (
        ("/pipeline", "Pipeline"),
        ("/matching", "Matching"),
        ("/mentors", "Mentors"),
        ("/programmes", "Programmes"),
        ("/places-and-money", "Places and money"),
        ("/enquiries", "Enquiries"),
        ("/concerns", "Concerns"),
        ("/evaluation", "How it goes"),
    ),
    Role.SAFEGUARDING_LEAD: (("/disclosures", "Disclosures"), ("/concerns", "Concerns")),
    Role.DATA_PROTECTION_LEAD: (
        ("/consent-history", "Consent history"),
        ("/rights-desk", "Rights desk"),
    ),
}
"""What stands at the top of every page of a role that has several."""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(address_of=address_of, new_key=lambda: secrets.token_urlsafe(16))
    environment.filters.update(
        day=times.day,
        clock=times.clock,
        moment=times.moment,
        brief=times.brief,
        wall_clock=times.wall_clock,
        weekday=times.weekday,
        zone=times.zone_name,
        short=short_reference,
        money=money_view.money,
        month=money_view.month,
        full_date=money_view.full_date,
        count=money_view.count,
    )
    return environment


def page(
    request: Request,
    template: str,
    *,
    caller: Caller | None = None,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """Show a page; a caller gets the way home and the way out on it."""
    text = ENVIRONMENT.get_template(template).render(
        caller=caller,
        home=home_of(caller),
        menu=MENUS.get(caller.role, ()) if caller else (),
        path=request.url.path,
        csrf=_csrf(request),
        now=request.app.state.parts.clock(),
        **values,
    )
    return HTMLResponse(text, status)


def passkeys_origin(request: Request) -> str:
    """Where passkeys work: at the address that people are told, and at no other name of this machine."""
    return Site.of(request.app.state.parts.settings).origin


def home_of(caller: Caller | None) -> str:
    """The page where somebody begins."""
    return HOMES.get(caller.role, "/") if caller else "/"


def short_reference(id: object) -> str:
    """A pseudonym short enough to say on the telephone; the whole id stays in the address."""
    digits = str(id).replace("-", "").upper()
    return f"{digits[:4]}-{digits[4:8]}"


def _csrf(request: Request) -> str:
    """Of the session that has just begun, if one has, else of that which the request brought."""
    session = getattr(request.state, "new_session", None) or session_of(request)
    return csrf_token(session) if session else ""


ENVIRONMENT = _environment()

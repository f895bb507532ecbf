"""The API and the pages as one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.auth.tokens import Tokens
from api.bootstrap import Parts
from api.errors import add_error_answers
from api.joining import InvitationCannotBeUsed, Joining
from api.live.streams import Streams
from api.middleware import add_middleware
from api.passkeys import PasskeyNotAccepted
from api.records.enquiries import EnquiryDesk
from api.records.notice_board import NoticeBoard
from api.records.openings import Openings
from api.records.vault_view import fetching_room
from api.routes import all_routers
from api.tries import Guarded, Tries
from api.web import page_routers
from api.web.answers import add_page_answers
from api.web.in_words import InWords
from projections.reader import Reader

TITLE = "Vouchsafe"
WRONG_INVITATIONS_OF_ONE, WRONG_INVITATIONS_OF_ALL = 20, 200
"""A minute. A token has 128 random bits; whole offices share an address, and mistype."""
WRONG_PASSKEYS_OF_ONE, WRONG_PASSKEYS_OF_ALL = 20, 200
CEREMONIES_OF_ONE, CEREMONIES_OF_ALL = 120, 1200
"""A minute. Whoever begins to sign in leaves a row behind for five minutes."""
ENQUIRIES_OF_ONE, ENQUIRIES_OF_ALL = 5, 60
FEEDBACK_OF_ONE, FEEDBACK_OF_ALL = 60, 600
"""A minute. A slip has 128 random bits, and whole offices share an address."""
CODES_OF_ONE, CODES_OF_ALL = 5, 300
"""A minute, by person. A code has ten letters, and each new one is a mail to somebody."""
PAPERS_OF_ONE, PAPERS_OF_ALL = 10, 300
"""A minute, by person. Each takes a process of its own for a moment, or the whole of a record."""
REFUSED_AFTER_SECONDS = 1.0
"""Longer than any refusal takes to be found, so that none can be told from another by its time."""

DESCRIPTION = "The system of record for confidential mentoring."


def create_app(parts: Parts, reader: Reader) -> FastAPI:
    """Join routes, pages, middleware and errors around the parts of this process."""
    app = assembled()
    furnish(app, parts, reader)
    return app


def assembled() -> FastAPI:
    """Routes, pages, middleware and errors, without parts: it answers nothing until it is furnished."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_error_answers(app)
    add_page_answers(app)
    add_middleware(app)
    app.add_middleware(InWords)
    for router in (*all_routers(), *page_routers()):
        app.include_router(router)
    return app


def furnish(app: FastAPI, parts: Parts, reader: Reader) -> None:
    """Give an application the parts of this process, and whatever counts or remembers between requests."""
    app.state.parts = parts
    app.state.tokens = Tokens(parts.pool)
    app.state.openings = Openings(parts.mentoring, parts.keyring)
    app.state.notice_board = NoticeBoard(parts.mentoring, parts.recorder)
    app.state.reader = reader
    app.state.streams = Streams(reader)
    app.state.joining = Joining(parts, app.state.openings)
    app.state.guarded_invitations = Guarded(
        Tries(of_one=WRONG_INVITATIONS_OF_ONE, of_all=WRONG_INVITATIONS_OF_ALL),
        InvitationCannotBeUsed,
        refused_after=REFUSED_AFTER_SECONDS,
    )
    app.state.guarded_passkeys = Guarded(
        Tries(of_one=WRONG_PASSKEYS_OF_ONE, of_all=WRONG_PASSKEYS_OF_ALL),
        PasskeyNotAccepted,
        refused_after=REFUSED_AFTER_SECONDS,
    )
    app.state.ceremony_tries = Tries(of_one=CEREMONIES_OF_ONE, of_all=CEREMONIES_OF_ALL)
    app.state.enquiry_desk = EnquiryDesk(parts, app.state.openings)
    app.state.enquiry_tries = Tries(of_one=ENQUIRIES_OF_ONE, of_all=ENQUIRIES_OF_ALL)
    app.state.feedback_tries = Tries(of_one=FEEDBACK_OF_ONE, of_all=FEEDBACK_OF_ALL)
    app.state.code_tries = Tries(of_one=CODES_OF_ONE, of_all=CODES_OF_ALL)
    app.state.vault_tries = fetching_room()
    app.state.paper_tries = Tries(of_one=PAPERS_OF_ONE, of_all=PAPERS_OF_ALL)

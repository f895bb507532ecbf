"""The API and the pages as one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.auth.tokens import Tokens
from api.bootstrap import Parts
from api.errors import add_error_answers
from api.live.streams import Streams
from api.middleware import add_middleware
from api.records.notice_board import NoticeBoard
from api.records.openings import Openings
from api.routes import all_routers
from api.web import page_routers
from api.web.answers import add_page_answers
from api.web.in_words import InWords
from projections.reader import Reader

TITLE = "Vouchsafe"
DESCRIPTION = "The system of record for confidential mentoring."


def create_app(parts: Parts, reader: Reader) -> FastAPI:
    """Join routes, pages, middleware and errors around the parts of this process."""

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
    app.state.parts = parts
    app.state.tokens = Tokens(parts.pool)
    app.state.openings = Openings(parts.mentoring, parts.keyring)
    app.state.notice_board = NoticeBoard(parts.mentoring, parts.recorder)
    app.state.reader = reader
    app.state.streams = Streams(reader)
    add_error_answers(app)
    add_page_answers(app)
    add_middleware(app)
    app.add_middleware(InWords)
    for router in (*all_routers(), *page_routers()):
        app.include_router(router)
    return app

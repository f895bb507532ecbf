"""Server-rendered pages: forms that work without scripts, in plain words, with no notes in them."""

from fastapi import APIRouter, Depends

from api.dependencies import only_known_queries
from api.web import (
    consent_history,
    my_consents,
    my_erasure,
    my_mentoring,
    my_rights,
    pipeline,
    pipeline_one,
    sign_in,
    static_files,
)


def page_routers() -> list[APIRouter]:
    """The routers of all pages and of the files that they refer to."""
    pages = APIRouter(dependencies=[Depends(only_known_queries)])
    for module in (
        static_files,
        sign_in,
        my_mentoring,
        consent_history,
        my_consents,
        my_rights,
        my_erasure,
        pipeline,
        pipeline_one,
    ):
        pages.include_router(module.router)
    return [pages]

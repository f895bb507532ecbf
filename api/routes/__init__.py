"""The routes of /api/v1, a module per kind of record; who may call is in each one's parameters."""

from fastapi import APIRouter

from api.routes import places

API = "/api/v1"


def all_routers() -> list[APIRouter]:
    """Every router of the service; a test asks each of their routes who may call it."""
    api = APIRouter(prefix=API)
    for module in (places,):
        api.include_router(module.router)
    return [api]

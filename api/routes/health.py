"""Whether the service lives and whether it is ready; both say no more than that."""

from enum import StrEnum
from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Request
from psycopg_pool import PoolTimeout
from pydantic import BaseModel

from api.auth.callers import Public
from api.bootstrap import Pool
from api.errors import NotReady
from projections.positions import standings

router = APIRouter(prefix="/health", tags=["health"])

PATIENCE_SECONDS = 2.0


class Health(StrEnum):
    """What a health route says."""

    LIVE = "live"
    READY = "ready"


class HealthAnswer(BaseModel):
    """One word."""

    status: Health


def pool_of(request: Request) -> Pool:
    """The connections of this process."""
    pool: Pool = request.app.state.parts.pool
    return pool


@router.get("/live", dependencies=[Public])
def live() -> HealthAnswer:
    """Say that this process answers."""
    return HealthAnswer(status=Health.LIVE)


@router.get("/ready", dependencies=[Public])
def ready(pool: Annotated[Pool, Depends(pool_of)]) -> HealthAnswer:
    """Say that the database answers and that every read model moves."""
    if not _is_ready(pool):
        raise NotReady
    return HealthAnswer(status=Health.READY)


def _is_ready(pool: Pool) -> bool:
    try:
        with pool.connection(PATIENCE_SECONDS) as connection:
            found = standings(connection)
    except (psycopg.Error, PoolTimeout):
        return False
    return all(standing.stopped_at is None for standing in found.values())

"""Whether the service lives and whether it is ready; counts of what stands still, and no more than that."""

from enum import StrEnum
from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Request
from psycopg_pool import PoolTimeout
from pydantic import BaseModel

from api.auth.callers import Public
from api.bootstrap import Pool
from api.dependencies import ReaderPart
from api.errors import NotReady
from projections.reader import NotYet

router = APIRouter(prefix="/health", tags=["health"])

PATIENCE_SECONDS = 2.0


class Health(StrEnum):
    """What a health route says."""

    LIVE = "live"
    READY = "ready"


class HealthAnswer(BaseModel):
    """One word."""

    status: Health


class ReadyAnswer(HealthAnswer):
    """One word, and how many read models stand still and how many damaged records' streams are left out."""

    stopped_read_models: int
    set_aside_streams: int


def pool_of(request: Request) -> Pool:
    """The connections of this process."""
    pool: Pool = request.app.state.parts.pool
    return pool


PoolPart = Annotated[Pool, Depends(pool_of)]


@router.get("/live", dependencies=[Public])
async def live() -> HealthAnswer:
    """Say that this process answers, also while every thread waits for a slow database."""
    return HealthAnswer(status=Health.LIVE)


@router.get("/ready", dependencies=[Public])
def ready(pool: PoolPart, reader: ReaderPart) -> ReadyAnswer:
    """Say that the database answers and read models are there.

    One that stands still makes nobody unready: the others go on, and no other process would do better.
    """
    try:
        with pool.connection(PATIENCE_SECONDS) as connection:
            pool.check_connection(connection)
        found, left_out = reader.standings(), reader.set_aside_count()
    except (psycopg.Error, PoolTimeout, NotYet):
        raise NotReady from None
    stopped = sum(standing.stopped_at is not None for standing in found.values())
    return ReadyAnswer(status=Health.READY, stopped_read_models=stopped, set_aside_streams=left_out)

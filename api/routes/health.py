"""Whether the service lives and whether it is ready; counts of what stands still, and no more than that."""

from enum import StrEnum
from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Request
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field

from api.auth.callers import Public
from api.bootstrap import Pool
from api.dependencies import ReaderPart
from api.errors import NotReady
from api.messages.outbox import outbox_figures
from crypto.kms import KeyService
from crypto.kms.guarded import GuardedKeyService
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


class KeyServiceAnswer(BaseModel):
    """What came of calls to the key service since this process started."""

    calls: int = Field(description="How many reached for it.")
    failures: int = Field(description="How many of these got no answer that can be used.")
    spared: int = Field(description="How many were refused at once, because it was away.")
    is_left_alone: bool = Field(
        description="Whether calls are refused at once now; after some seconds one tries for all."
    )


class ReadyAnswer(HealthAnswer):
    """One word, what stands still or is left out, which messages reach nobody, and calls for keys."""

    stopped_read_models: int = Field(description="How many read models stand still.")
    set_aside_streams: int = Field(description="How many damaged records' streams are left out.")
    late_messages: int = Field(
        description="How many messages wait for more than ten minutes: is there a mail server?"
    )
    failed_messages: int = Field(description="How many messages reached nobody in the last week.")
    key_service: KeyServiceAnswer | None = Field(
        description="The calls of this process; null where keys lie in files."
    )


async def pool_of(request: Request) -> Pool:
    """The connections of this process."""
    pool: Pool = request.app.state.parts.pool
    return pool


async def key_service_of(request: Request) -> KeyService:
    """The key service of this process."""
    service: KeyService = request.app.state.parts.key_service
    return service


PoolPart = Annotated[Pool, Depends(pool_of)]
KeyServicePart = Annotated[KeyService, Depends(key_service_of)]


@router.get("/live", dependencies=[Public])
async def live() -> HealthAnswer:
    """Say that this process answers, also while every thread waits for a slow database."""
    return HealthAnswer(status=Health.LIVE)


@router.get("/ready", dependencies=[Public])
def ready(pool: PoolPart, reader: ReaderPart, keys: KeyServicePart) -> ReadyAnswer:
    """Say that the database answers and read models are there.

    A read model that stands still and a key service that is away make nobody unready: what needs neither
    goes on, and no other process would do better.
    """
    try:
        with pool.connection(PATIENCE_SECONDS) as connection:
            pool.check_connection(connection)
            messages = outbox_figures(connection)
        found, left_out = reader.standings(), reader.set_aside_count()
    except (psycopg.Error, PoolTimeout, NotYet):
        raise NotReady from None
    return ReadyAnswer(
        status=Health.READY,
        stopped_read_models=sum(standing.stopped_at is not None for standing in found.values()),
        set_aside_streams=left_out,
        late_messages=messages.late,
        failed_messages=messages.failed,
        key_service=_counted(keys),
    )


def _counted(keys: KeyService) -> KeyServiceAnswer | None:
    """Counts that are kept anyway: the key service itself is asked nothing here."""
    if not isinstance(keys, GuardedKeyService):
        return None
    now = keys.figures
    return KeyServiceAnswer(
        calls=now.calls, failures=now.failures, spared=now.spared, is_left_alone=now.is_open
    )

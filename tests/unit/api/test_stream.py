"""One stream remembers one position, however much happens, and lets go of a reader who does not read."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from starlette.types import Message

from api.live import response
from api.live.response import StreamAnswer
from api.live.stream import OPENED, Stream
from projections.reader import Changes

PATIENCE_SECONDS = 60.0
Answer = TypeVar("Answer")


def in_a_loop_of_its_own(work: Coroutine[Any, Any, Answer]) -> Answer:
    """In another thread, since in this one the browser tests may have left a loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def a_stream(after: int = 0) -> Stream:
    return Stream(uuid4(), Changes.MY_MENTORING, after=after, is_live=lambda: True)


async def following(lines: AsyncIterator[bytes]) -> bytes:
    return await asyncio.wait_for(anext(lines), PATIENCE_SECONDS)


def test_what_a_slow_reader_missed_is_one_position() -> None:
    async def listen() -> list[bytes]:
        stream = a_stream()
        lines = stream.lines(PATIENCE_SECONDS)
        first = await following(lines)
        for position in range(1, 10_001):
            stream.tell(position)
        told = await following(lines)
        stream.end()
        return [first, told, *[line async for line in lines]]

    assert in_a_loop_of_its_own(listen()) == [OPENED, b"event: changed\ndata: 10000\nid: 10000\n\n"]


def test_a_position_beyond_what_ever_changed_is_taken_back() -> None:
    async def ask() -> list[bool]:
        stream = a_stream(after=10**15)
        return [stream.has_news(7), stream.has_news(7), stream.has_news(8)]

    assert in_a_loop_of_its_own(ask()) == [False, False, True]


def test_a_reader_who_does_not_read_is_cut_off_and_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(response, "SEND_SECONDS", 0.01)
    left: list[bool] = []

    async def never(_message: Message | None = None) -> Message:
        return await asyncio.Future()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await never()

    async def answer() -> None:
        answer = StreamAnswer(a_stream(), PATIENCE_SECONDS, lambda: left.append(True))
        await asyncio.wait_for(answer({"type": "http"}, never, send), PATIENCE_SECONDS)

    with pytest.raises(TimeoutError):
        in_a_loop_of_its_own(answer())
    assert left == [True]


def test_a_stream_whose_loop_is_gone_tells_nobody_and_fails_nobody() -> None:
    async def made() -> Stream:
        return a_stream()

    stream = in_a_loop_of_its_own(made())
    stream.tell(3)
    stream.sign_out()

"""What routes are handed: the parts of the process, and each request's order."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Concatenate, ParamSpec
from uuid import UUID, uuid4, uuid5

from fastapi import Depends, Header, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from api.auth.callers import Now, grant_of, tokens_of
from api.auth.tokens import Grant, Tokens
from api.carrying_out import carry_out
from api.live.streams import Streams
from api.records.notice_board import NoticeBoard
from api.records.openings import Openings
from api.records.relations import Apart
from api.records.waiting import Waiting
from api.settings import Settings
from crypto.errors import AlreadyRecorded
from crypto.event_store.recorder import LogRecorder
from domain.mentoring import Mentoring, Order, Recorded
from domain.values import Act
from projections.reader import Reader

POSITION_HEADER = "Vouchsafe-Position"


class Body(BaseModel):
    """A request's body: what is not named is refused, and no error carries what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    @field_validator("*", check_fields=False)
    @classmethod
    def _without_nul(cls, value: Any) -> Any:
        """Nobody types U+0000, and what stores or shows text chokes on it."""
        for part in value if isinstance(value, list | tuple | set) else (value,):
            if isinstance(part, str) and "\0" in part:
                raise PydanticCustomError("nul_character", "Text must not contain U+0000.")
        return value


class CommandResult(BaseModel):
    """Where a command was recorded, and the record it was about."""

    id: UUID = Field(description="The record the command was about.")
    version: int = Field(description="Its version now; send it back as If-Match.")
    position: int = Field(description="Its position in the log; reads can wait for it.")


class MadeResult(CommandResult):
    """What a command answers that made a part of a record: a proposal, a session."""

    made: UUID = Field(description="The part that it made; a repetition answers the same one.")


async def mentoring_of(request: Request) -> Mentoring:
    """The application."""
    mentoring: Mentoring = request.app.state.parts.mentoring
    return mentoring


async def recorder_of(request: Request) -> LogRecorder:
    """The recorder of the log."""
    recorder: LogRecorder = request.app.state.parts.recorder
    return recorder


async def openings_of(request: Request) -> Openings:
    """The one place that seals and opens fields."""
    openings: Openings = request.app.state.openings
    return openings


async def settings_of(request: Request) -> Settings:
    """This process's settings."""
    settings: Settings = request.app.state.parts.settings
    return settings


async def notice_board_of(request: Request) -> NoticeBoard:
    """The notices that are published."""
    board: NoticeBoard = request.app.state.notice_board
    return board


async def reader_of(request: Request) -> Reader:
    """The read models."""
    reader: Reader = request.app.state.reader
    return reader


async def streams_of(request: Request) -> Streams:
    """The open streams of this process."""
    streams: Streams = request.app.state.streams
    return streams


async def tokens_here(request: Request) -> Tokens:
    """The tokens of this process."""
    return tokens_of(request)


async def body_of(request: Request) -> bytes:
    """The raw body, for telling a repeated request from a different one."""
    return await request.body()


async def only_known_queries(request: Request) -> None:
    """Refuse query parameters that a route does not know: a token put into an address, above all."""
    known = set(_queries_of(request.scope["route"].dependant))
    if not known.issuperset(request.query_params):
        raise RequestValidationError([{"type": "extra_forbidden", "loc": ("query", "")}])


def _queries_of(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for each in dependant.dependencies:
        yield from _queries_of(each)


SettingsPart = Annotated[Settings, Depends(settings_of)]
NoticeBoardPart = Annotated[NoticeBoard, Depends(notice_board_of)]
TokensPart = Annotated[Tokens, Depends(tokens_here)]
MentoringPart = Annotated[Mentoring, Depends(mentoring_of)]
RecorderPart = Annotated[LogRecorder, Depends(recorder_of)]
OpeningsPart = Annotated[Openings, Depends(openings_of)]
ReaderPart = Annotated[Reader, Depends(reader_of)]
StreamsPart = Annotated[Streams, Depends(streams_of)]


async def apart_of(mentoring: MentoringPart, recorder: RecorderPart, reader: ReaderPart) -> Apart:
    """What keeps duty and one's own mentoring apart."""
    return Apart(mentoring, recorder, reader)


async def waiting_of(reader: ReaderPart, recorder: RecorderPart) -> Waiting:
    """What reads wait with for what was just recorded."""
    return Waiting(reader, recorder)


ApartPart = Annotated[Apart, Depends(apart_of)]
WaitingPart = Annotated[Waiting, Depends(waiting_of)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Repeat a request under the same key and it is carried out once.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,18}"$',
        description="The ETag you last read; the command is refused if the record has changed.",
    ),
]


def order_of(  # noqa: PLR0913, PLR0917 - each is one part of the request
    request: Request,
    grant: Annotated[Grant, Depends(grant_of)],
    recorder: RecorderPart,
    body: Annotated[bytes, Depends(body_of)],
    at: Now,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Order:
    """The request as an order; a repetition ends here with the outcome of the first."""
    key = key or getattr(request.state, "form_key", None)
    version = int(if_match.strip('"')) if if_match else None
    order = _order(request, Act(grant.caller.person, at), key, body, version)
    request.state.command_id = order.command_id
    if key is None:
        return order
    request.state.request_mac = order.request_mac
    earlier = recorder.outcome(order.command_id)
    if earlier is not None:
        raise earlier
    return order


OrderPart = Annotated[Order, Depends(order_of)]


@dataclass(frozen=True, slots=True)
class QuietOrder:
    """An order whose outcome its route tells by itself, with the key under which it came, if any."""

    order: Order
    key: str | None


async def quiet_order_of(
    request: Request,
    grant: Annotated[Grant, Depends(grant_of)],
    body: Annotated[bytes, Depends(body_of)],
    at: Now,
    key: IdempotencyKey = None,
) -> QuietOrder:
    """For callers whom neither versions nor positions may be told: both count what others do."""
    key = key or getattr(request.state, "form_key", None)
    return QuietOrder(_order(request, Act(grant.caller.person, at), key, body), key)


QuietOrderPart = Annotated[QuietOrder, Depends(quiet_order_of)]


def result_of(recorded: Recorded | AlreadyRecorded, response: Response) -> CommandResult:
    """Tell where a command was recorded, in the body and in the headers."""
    response.headers["ETag"] = f'"{recorded.version}"'
    response.headers[POSITION_HEADER] = str(recorded.position)
    return CommandResult(
        id=UUID(str(recorded.subject)), version=recorded.version, position=recorded.position
    )


def made_by(order: Order, recorded: Recorded, response: Response) -> MadeResult:
    """Tell what a command made: the part bears the command's id, which a repetition shares."""
    result = result_of(recorded, response)
    return MadeResult(**result.model_dump(), made=order.command_id)


CommandFacts = ParamSpec("CommandFacts")


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries out the order of a request, and the answer in which its outcome is told."""

    mentoring: Mentoring
    order: Order
    response: Response

    def carry_out(
        self,
        command: Callable[Concatenate[Mentoring, Order, CommandFacts], Recorded],
        *args: CommandFacts.args,
        **facts: CommandFacts.kwargs,
    ) -> CommandResult:
        """Do it, anew if what it rested on has moved, and tell where it was recorded.

        What is to be sealed anew with each try is sealed inside the command that is handed in.
        """
        recorded = carry_out(lambda: command(self.mentoring, self.order, *args, **facts))
        return result_of(recorded, self.response)

    def make(
        self,
        command: Callable[Concatenate[Mentoring, Order, CommandFacts], Recorded],
        *args: CommandFacts.args,
        **facts: CommandFacts.kwargs,
    ) -> MadeResult:
        """The same for a command that makes a part under the order's id."""
        recorded = carry_out(lambda: command(self.mentoring, self.order, *args, **facts))
        return made_by(self.order, recorded, self.response)


def carrier_of(mentoring: MentoringPart, order: OrderPart, response: Response) -> Carrier:
    """Gather it."""
    return Carrier(mentoring, order, response)


CarrierPart = Annotated[Carrier, Depends(carrier_of)]


def _order(
    request: Request, act: Act, key: str | None, body: bytes, version: int | None = None
) -> Order:
    """An order under an id that repetitions share, if it came with a key."""
    if key is None:
        return Order(act, uuid4(), expected_version=version)
    return Order(act, uuid5(act.actor, key), _mac(request, key, body), version)


def _mac(request: Request, key: str, body: bytes) -> bytes:
    """Keyed with the caller's own key, which is not kept: what was asked cannot be guessed from it."""
    asked = f"{request.method} {request.url.path}\n".encode() + body
    return hmac.new(key.encode(), asked, hashlib.sha256).digest()

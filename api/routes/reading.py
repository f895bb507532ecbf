"""What read models show: a coordinator's pipeline, a mentee's own mentoring, a mentor's caseload.

The documents are sent as the worker wrote them; a reader who has just changed something names the
position of that change and waits until the read model shows it.
"""

from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Response

from api.auth.callers import CoordinatorCaller, MenteeCaller, MentorCaller
from api.dependencies import ReaderPart, WaitingPart
from api.errors import NotThereYet
from api.fields import Limit
from api.records.pipeline_seen import pipeline_seen
from api.records.waiting import Waiting
from domain.relationship_state import Stage
from projections.my_caseload import MY_CASELOAD, CaseloadRelationship, MentorStanding
from projections.my_mentoring import MY_MENTORING, OwnRelationship
from projections.pipeline import PIPELINE, PipelineRow
from projections.reader import Cursor, NotYet

router = APIRouter(tags=["reading"])

PATIENCE_SECONDS = 5.0
HIGHEST_POSITION = 10**18
"""Round, so that every reader of the API's document reads the same number; the database counts further."""

AtLeast = Annotated[
    int | None,
    Query(
        ge=1,
        le=HIGHEST_POSITION,
        description="Wait until what was recorded at this position is shown.",
    ),
]
PageCursor = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{1,18}\.[0-9a-f]{32}$",
        description="Where the page begins: `next` of the page before.",
    ),
]


SET_ASIDE = {
    "type": "array",
    "items": {"type": "string", "format": "uuid"},
    "description": "Relationships of this page for which a stored record was tampered with: "
    "what is shown of them is of an earlier time, or missing.",
}


def _shape_of(
    documents: type[msgspec.Struct], **more: type[msgspec.Struct]
) -> dict[int | str, dict[str, Any]]:
    """The answer in OpenAPI: a page of documents that this route passes on unread, with what is told besides."""
    (row, *others), parts = msgspec.json.schema_components(
        [documents, *more.values()], ref_template="#/$defs/{name}"
    )
    besides = {
        name: {"anyOf": [other, {"type": "null"}]} for name, other in zip(more, others, strict=True)
    }
    page = {
        "type": "object",
        "required": ["relationships", "set_aside", "next", *more],
        "properties": {
            "relationships": {"type": "array", "items": row},
            "set_aside": SET_ASIDE,
            "next": {"type": ["string", "null"]},
            **besides,
        },
    }
    return {200: {"content": {"application/json": {"schema": _inlined(page, parts)}}}}


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """The schema with what it refers to in its place: an OpenAPI document has no room of its own for parts."""
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {key: _inlined(value, parts) for key, value in schema.items() if key != "$defs"}


@router.get("/pipeline", responses=_shape_of(PipelineRow))
def pipeline(
    caller: CoordinatorCaller,
    reader: ReaderPart,
    waiting: WaitingPart,
    stage: Stage | None = None,
    cursor: PageCursor = None,
    limit: Limit = 50,
    at_least: AtLeast = None,
) -> Response:
    """Show where relationships stand, the longest waiting first; never one that the caller is in."""
    wait_until_shown(waiting, PIPELINE.name, at_least)
    try:
        page = pipeline_seen(
            reader, caller.person, after=_cursor_of(cursor), most=limit, stage=stage
        )
    except NotYet:
        raise NotThereYet from None
    return _page(page.documents, page.set_aside, page.next)


@router.get("/my-mentoring", responses=_shape_of(OwnRelationship))
def my_mentoring(
    caller: MenteeCaller, reader: ReaderPart, waiting: WaitingPart, at_least: AtLeast = None
) -> Response:
    """Show a mentee their own relationships."""
    wait_until_shown(waiting, MY_MENTORING.name, at_least)
    try:
        views = reader.my_mentoring(caller.person)
        aside = reader.my_set_aside(caller.person)
    except NotYet:
        raise NotThereYet from None
    return _page([each.document for each in views], aside, None)


@router.get("/my-caseload", responses=_shape_of(CaseloadRelationship, standing=MentorStanding))
def my_caseload(
    caller: MentorCaller, reader: ReaderPart, waiting: WaitingPart, at_least: AtLeast = None
) -> Response:
    """Show a mentor their relationships, what is proposed to them, and how they stand with the scheme.

    Where a record of their own profile was tampered with, `set_aside` names that.
    """
    wait_until_shown(waiting, MY_CASELOAD.name, at_least)
    try:
        documents = reader.my_caseload(caller.person)
        aside = reader.caseload_set_aside(caller.person)
        standing = reader.my_standing(caller.person)
    except NotYet:
        raise NotThereYet from None
    return _page(documents, aside, None, standing=standing or "null")


def wait_until_shown(waiting: Waiting, name: str, position: int | None) -> None:
    """Return once a read model shows what was recorded there; raises NotThereYet in time."""
    try:
        waiting.until_shown(name, position, PATIENCE_SECONDS)
    except NotYet:
        raise NotThereYet from None


def _cursor_of(given: str | None) -> Cursor | None:
    if given is None:
        return None
    position, _, relationship = given.partition(".")
    return Cursor(int(position), UUID(hex=relationship))


def _page(
    documents: Collection[str], aside: Collection[UUID], after: Cursor | None, **more: str
) -> Response:
    following = f'"{after.position}.{after.relationship.hex}"' if after else "null"
    ids = ",".join(f'"{each}"' for each in aside)
    besides = "".join(f',"{name}":{document}' for name, document in more.items())
    shown = f'"relationships":[{",".join(documents)}],"set_aside":[{ids}],"next":{following}'
    body = f"{{{shown}{besides}}}"
    return Response(body, media_type="application/json")

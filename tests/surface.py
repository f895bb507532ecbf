"""The service's routes as tests see them: what each needs, and who may call it by its own types."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from api.auth.callers import public
from domain.values import Role
from tests.scheme import Somebody

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Rule:
    """Who may call: everybody, or the roles that every caller type of the route lets in."""

    is_public: bool
    roles: tuple[frozenset[Role], ...]


@dataclass(frozen=True)
class Surface:
    """One route of the API, with a body that it would take."""

    method: str
    path: str
    rule: Rule
    body: dict[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def changes(self) -> bool:
        return self.method != "GET"

    def call(self, caller: Somebody, ids: dict[str, Any]) -> Any:
        path = self.path.format_map(ids)
        return caller.client.request(self.method, path, json=self.body)


def surface_of(app: FastAPI) -> list[Surface]:
    """Every route below the API's prefix."""
    schema = app.openapi()
    return [
        Surface(
            method,
            context.path.removeprefix(PREFIX),
            _rule(context.dependant),
            _example(schema, context.path, method),
        )
        for context in iter_route_contexts(app.routes)
        if _is_ours(context)
        for method in context.methods or ()
        if context.path
    ]


def rules_of_pages(app: FastAPI) -> dict[str, Rule]:
    """Every route outside the API's prefix, and who may call it."""
    return {
        f"{method} {context.path}": _rule(context.dependant)
        for context in iter_route_contexts(app.routes)
        if not (context.path or "").startswith(PREFIX)
        for method in context.methods or ()
    }


def _is_ours(context: RouteContext) -> bool:
    path = context.path or ""
    return path.startswith(PREFIX) and path != f"{PREFIX}/openapi.json"


def _rule(dependant: Dependant) -> Rule:
    calls = list(_calls(dependant))
    roles = tuple(call.roles for call in calls if hasattr(call, "roles"))
    return Rule(public in calls, roles)


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from _calls(each)


def _example(schema: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    operation = schema["paths"][path][method.lower()]
    if "requestBody" not in operation:
        return None
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    return example_of(schema, body)


def example_of(schema: dict[str, Any], part: dict[str, Any]) -> Any:
    """A body built of the examples that the document gives for it."""
    if "examples" in part:
        return part["examples"][0]
    if "$ref" in part:
        return example_of(schema, schema["components"]["schemas"][part["$ref"].split("/")[-1]])
    if part.get("type") == "array":
        return [example_of(schema, part["items"])]
    fields = part.get("properties", {})
    return {
        name: example_of(schema, field)
        for name, field in fields.items()
        if name in part.get("required", ()) or "examples" in field
    }

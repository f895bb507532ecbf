"""The OpenAPI document: valid, with an example in every body, and true of what the service does."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for

from domain.values import Role
from tests.scheme import Scheme, Somebody
from tests.surface import surface_of

EXAMPLES = 2
STREAMS = frozenset({"/pipeline/changes", "/my-mentoring/changes", "/my-caseload/changes"})
READ_MODELS = STREAMS | {
    "/pipeline",
    "/my-mentoring",
    "/my-caseload",
    "/consent-history",
    "/erasures",
    "/enquiries",
    "/me/passed-on-notes",
    "/me/places",
    "/groups",
    "/me/suggestions",
    "/suggestions",
    "/suggestion-desk",
    "/story-desk",
    "/rematches",
    "/me/feedback",
    "/evaluation",
    "/stories",
    "/me/export",
    "/me/record",
    "/me/cpd",
    "/me/cpd/paper",
    "/me/disclosures",
    "/me/concerns",
    "/me/rights-requests",
    "/concerns",
    "/safeguarding-leads",
}
"""Tried with a worker elsewhere; here no reader is open, and a stream has no end."""
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def test_the_document_is_valid(shared_scheme: Scheme) -> None:
    document = shared_scheme.anybody.get("/openapi.json").json()

    schemathesis.openapi.from_dict(document).validate()
    assert document["openapi"].startswith("3.1")


def test_every_body_has_an_example_that_is_valid(shared_scheme: Scheme) -> None:
    document = shared_scheme.app.openapi()
    bodies = {each.name: each for each in surface_of(shared_scheme.app) if each.body is not None}

    for name, surface in bodies.items():
        operation = document["paths"][f"/api/v1{surface.path}"][surface.method.lower()]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        faults = [str(fault.kind) for fault in validator_for(whole).iter_errors(surface.body)]
        assert (name, faults) == (name, [])
        if schema_of(document, schema).get("properties"):
            assert surface.body, f"{name} has no example"


def schema_of(document: dict[str, Any], part: dict[str, Any]) -> Any:
    """A schema in place of its reference."""
    return (
        document["components"]["schemas"][part["$ref"].split("/")[-1]] if "$ref" in part else part
    )


@pytest.mark.parametrize("role", [Role.MENTEE, Role.MENTOR, Role.COORDINATOR, Role.AUDITOR])
def test_nothing_that_the_document_allows_breaks_the_service(
    shared_scheme: Scheme, role: Role
) -> None:
    caller = shared_scheme.person(role)
    document = schemathesis.openapi.from_dict(shared_scheme.app.openapi())

    for operation in allowed(document, shared_scheme, role):
        probe(operation, caller)


def allowed(document: Any, scheme: Scheme, role: Role) -> list[Any]:
    """The operations that a role may call and that read no read model."""
    names = {
        f"{each.method} /api/v1{each.path}"
        for each in surface_of(scheme.app)
        if each.rule.roles and role in each.rule.roles[0] and each.path not in READ_MODELS
    }
    operations = [result.ok() for result in document.get_all_operations()]
    return [each for each in operations if f"{each.method.upper()} {each.path}" in names]


def probe(operation: Any, caller: Somebody) -> None:
    """Call an operation with what the document says it takes."""

    @BOUNDED
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="http://testserver")
        sent.pop("cookies", None)
        answer = caller.client.request(**sent)
        assert answer.status_code < 500, operation.label

    call()

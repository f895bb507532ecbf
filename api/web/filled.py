"""Forms that come back: what was typed stays on the page, with what to do about it beside the field.

Nothing of it is repeated anywhere else: not in an error, an address or a log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from fastapi import Request, Response
from pydantic import ValidationError

from api.dependencies import Body, CommandResult
from api.errors import sentence_of
from api.web.answers import require_not_recorded, show_effect
from domain.consent import ConsentIsNotLive
from domain.errors import DomainError, NotAllowed
from domain.mentoring import NotFound, VersionIsStale

ELSEWHERE = (NotFound, NotAllowed, VersionIsStale)
"""What no other words in a form would change; people read of it on a page of its own."""

SENTENCES: Mapping[type[DomainError], str] = {
    ConsentIsNotLive: "This needs a consent that has not been given, or has ended. See “My consents”.",
}
"""In place of an error's own sentence, where a form says it more helpfully."""

AnyForm = TypeVar("AnyForm", bound="TypedForm")


class TypedForm(Body):
    """A form with fields that people fill in; `faults` says what to do about each that is wrong.

    What the rules refuse is said beside `blamed`, the field to change.
    """

    faults: ClassVar[Mapping[str, str]] = {}
    blamed: ClassVar[str] = ""


class ButtonForm(TypedForm):
    """Nothing but a button, which was pressed."""


@dataclass(frozen=True)
class Filled:
    """A form that came back: what was written, and what is wrong, by field."""

    fields: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    @property
    def status(self) -> int:
        """How a page with this form is answered."""
        return 422 if self.faults else 200

    def of(self, form: str) -> "Filled":
        """What concerns one of several forms on a page."""
        return self if self.form == form else NOTHING_FILLED


NOTHING_FILLED = Filled()


def carried_out(
    request: Request,
    kind: type[AnyForm],
    carry: Callable[[AnyForm], CommandResult],
    again: Callable[[Filled], Response],
) -> Response:
    """Do what a form asks and show the effect, or show it again as it was, with the reason."""
    fields = request.state.form
    form = request.url.path.rpartition("/")[2]
    try:
        done = carry(kind.model_validate(fields))
    except ValidationError as wrong:
        return again(Filled(fields, faults_in(kind, wrong), form))
    except ELSEWHERE:
        raise
    except DomainError as refused:
        require_not_recorded(request)
        sentence = SENTENCES.get(type(refused)) or sentence_of(refused)
        return again(Filled(fields, {kind.blamed: sentence}, form))
    return show_effect(request, done.position)


def faults_in(kind: type[TypedForm], wrong: ValidationError) -> dict[str, str]:
    """What to do, in the order of the form; a field that no form of ours has is nobody's to mend."""
    named = {str(fault["loc"][0]) for fault in wrong.errors(include_input=False) if fault["loc"]}
    found = {name: words for name, words in kind.faults.items() if name in named}
    return found or {
        kind.blamed: "Something here is missing or not of its form. Nothing was saved."
    }

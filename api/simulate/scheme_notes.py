"""Notes of two people of the first scheme, sealed in their own folders; the service keeps what it cannot open."""

from pathlib import Path
from uuid import UUID

from api.participant import Kind, ParticipantClient
from api.simulate.people import Person
from api.simulate.running_service import RunningService
from crypto.sealing import Body

GOAL = Body(Kind.GOAL, "Apply again in spring, with a plan.")
NOTE = Body(Kind.NOTE, "Ask how the panel went.")


def write_notes(
    line: RunningService, pair: tuple[Person, Person], folder: Path, relationship: UUID
) -> None:
    """The mentee's goal and the mentor's note, each once however often this is begun."""
    mentee, mentor = (line.participant(who, folder / who.key) for who in pair)
    for each in (mentee, mentor):
        line.patiently(each.make_keys)
    line.patiently(lambda: mentee.open_notebook(relationship))
    line.patiently(lambda: _write_once(mentee, relationship, GOAL))
    line.patiently(lambda: _write_once(mentor, relationship, NOTE))


def _write_once(author: ParticipantClient, relationship: UUID, body: Body) -> None:
    """Write what is not there yet: an answer may have been lost on its way."""
    if not any(entry.body == body for entry in author.read(relationship)):
        author.write(relationship, body.text, kind=body.kind)

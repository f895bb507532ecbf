"""What follows when a conflict is declared between two who meet already: coordinators are told, and nothing ends by itself."""

from dataclasses import dataclass

from api.clerking.errands import Errands
from domain.commands.bells import NothingToTell, ring_for_conflict
from domain.policies.intent import command_id_of
from domain.relationship_events import RelationshipEvents as Happened
from domain.values import Role
from projections.desk_questions import holders
from projections.log import Entry
from projections.reader import Reader


@dataclass(frozen=True)
class Conflicts:
    """Neither of the two is told, and nobody is told who declared it."""

    errands: Errands
    reader: Reader

    def follow(self, entry: Entry) -> bool:
        """Do what follows from a declared conflict; answer whether nothing is left."""
        if not isinstance(entry.event, Happened.ConflictDeclared):
            return True
        return self.errands.once(
            command_id_of(entry.event, "ring_for_conflict", entry.stream),
            lambda mentoring, order: ring_for_conflict(
                mentoring,
                order,
                relationship=entry.stream,
                holders=holders(self.reader, Role.COORDINATOR),
            ),
            done=(NothingToTell,),
        )

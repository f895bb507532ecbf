"""A group with something to see on every page: an hour of which somebody is to say who came, and one ahead."""

from dataclasses import dataclass, replace

from tests.groups import Groups, Member
from tests.live_service import LiveService
from tests.scheme import Somebody


@dataclass(frozen=True)
class InGroups:
    """A group, its hours, a member, and somebody who waits for a seat."""

    groups: Groups
    group: str
    member: Member
    waiting: Member
    offered: Member
    hours: tuple[str, ...]

    def tours(self) -> list[tuple[Somebody, list[str]]]:
        """Who looks at which pages."""
        here = f"/my-groups/{self.group}"
        hours = [f"{here}/hours/{hour}" for hour in self.hours]
        one = f"/my-mentoring/{self.member.relationship}"
        theirs = f"/my-caseload/{self.member.relationship}"
        proposal = f"/my-mentoring/{self.offered.relationship}/proposal"
        return [
            (self.groups.facilitator, ["/my-caseload", here, f"{here}/hours/new", *hours]),
            (self.groups.facilitator, [theirs, f"{theirs}/arrangements"]),
            (self.member.person, ["/my-mentoring", here, f"{one}/arrangements"]),
            (self.offered.person, [proposal]),
            (self.groups.coordinator, self._coordinators_pages()),
        ]

    def _coordinators_pages(self) -> list[str]:
        programme = f"/programmes/{self.groups.programme}"
        return [f"/pipeline/{self.waiting.relationship}", programme, f"/groups/{self.group}"]


def begin_group(service: LiveService) -> InGroups:
    """A group whose first hour is over once the clock was moved on by two weeks."""
    groups = Groups(service.scheme)
    group, members = groups.of(2)
    first, waiting, offered = groups.planned(group), groups.asked(), groups.asked()
    groups.offered(offered, group)
    return InGroups(groups, group, members[0], waiting, offered, (first,))


def go_on(begun: InGroups) -> InGroups:
    """The same with an hour ahead; to be done once the clock was moved."""
    return replace(begun, hours=(*begun.hours, begun.groups.planned(begun.group, 3)))

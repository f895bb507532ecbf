from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from domain.commands import relationships, sessions
from domain.commands.groups import close_group
from domain.notebook import Notebook
from domain.policies.messages import MessageKind
from domain.policies.still_wanted import is_still_wanted
from domain.relationship_events import ClosingReason
from domain.session import CancellationReason
from domain.strand import Audience, Reader
from tests.unit.domain.builders import MONDAY, act, sealed_for
from tests.unit.domain.builders import hour as hour_of
from tests.unit.domain.group_scheme import NEXT_MONDAY, GroupScheme, order


@pytest.fixture
def scheme() -> GroupScheme:
    return GroupScheme()


def close(scheme: GroupScheme, relationship: UUID) -> None:
    relationships.close_relationship(
        scheme.mentoring,
        order(scheme.mentee(relationship)),
        relationship=relationship,
        reason=ClosingReason.NO_FAULT,
    )


def told_since(scheme: GroupScheme, change: Callable[[], object]) -> list[tuple[UUID, MessageKind]]:
    """Who is told what by one commit."""
    before = len(scheme.commands)
    change()
    made = (message for each in scheme.commands[before:] for message in each.messages)
    return [(each.to, each.kind) for each in made]


def test_the_others_are_told_that_somebody_joined_and_never_who(scheme: GroupScheme) -> None:
    first = scheme.member()
    group, asked = scheme.group_of(first), scheme.request()
    offer = scheme.offer(asked, group)
    scheme.accept(offer, scheme.mentee(asked))
    told = told_since(scheme, lambda: scheme.accept(offer, scheme.mentor))
    assert sorted(told) == sorted(
        [
            (scheme.mentee(asked), MessageKind.MATCHED),
            (scheme.mentor, MessageKind.MATCHED),
            (scheme.mentee(first), MessageKind.RELATIONSHIP_CHANGED),
        ]
    )


def test_the_facilitator_is_told_of_an_hour_once_and_each_member_of_their_own(
    scheme: GroupScheme,
) -> None:
    group, members = scheme.group_of_three()
    people = [*(scheme.mentee(each) for each in members), scheme.mentor]
    told = told_since(scheme, lambda: scheme.plan(group))
    for kind in (MessageKind.SESSION_SCHEDULED, MessageKind.SESSION_REMINDER):
        assert sorted(to for to, what in told if what is kind) == sorted(people)


def test_only_the_facilitator_learns_that_a_member_cannot_come(scheme: GroupScheme) -> None:
    group, (first, *_) = scheme.group_of_three()
    which = scheme.plan(group)
    told = told_since(
        scheme,
        lambda: sessions.cancel_session(
            scheme.mentoring,
            order(scheme.mentee(first)),
            which=sessions.Which(first, which.session_of(first).session),
            reason=CancellationReason.CANNOT_ATTEND,
        ),
    )
    assert sorted(told) == sorted(
        [
            (scheme.mentee(first), MessageKind.SESSION_CANCELLED),
            (scheme.mentor, MessageKind.RELATIONSHIP_CHANGED),
        ]
    )


def test_a_message_about_an_hour_is_wanted_until_it_is_moved(scheme: GroupScheme) -> None:
    group, _ = scheme.group_of_three()
    scheme.plan(group)
    (told,) = [
        each
        for each in scheme.commands[-1].messages
        if each.to == scheme.mentor and each.kind is MessageKind.SESSION_SCHEDULED
    ]
    assert told.about == group
    assert is_still_wanted(told, scheme.group(group), MONDAY)
    later = scheme.group(group)
    (hour,) = later.sessions
    later.move_hour(hour, hour_of(NEXT_MONDAY + timedelta(days=1)), act(scheme.mentor))
    assert not is_still_wanted(told, later, MONDAY)


def with_notebook(scheme: GroupScheme, group: UUID) -> Notebook:
    """The group's notebook, which everybody reads."""
    notebook = Notebook.begin_for(group, act(scheme.mentor))
    place = {"audience": Audience.SHARED, "epoch": 1, "granter": scheme.mentor}
    readers = tuple(Reader(each, b"key") for each in sorted(scheme.group(group).people))
    notebook.record(
        Notebook.EpochOpened, act(scheme.mentor), **place, readers=readers, statement=b""
    )
    for reader in readers:
        notebook.record(
            Notebook.KeyEntrusted,
            act(scheme.mentor),
            **place,
            reader=reader.person,
            locked_key=sealed_for(reader.person),
        )
    scheme.mentoring.commit(order(scheme.mentor), notebook)
    return notebook


def readers_of(scheme: GroupScheme, notebook: Notebook) -> set[UUID]:
    shared = scheme.mentoring.load(Notebook, notebook.id).shared
    return {reader for _, reader in shared.grants}


def test_who_leaves_reads_the_groups_notes_no_more_from_that_commit_on(scheme: GroupScheme) -> None:
    group, (first, second, _) = scheme.group_of_three()
    notebook = with_notebook(scheme, group)
    close(scheme, first)
    assert scheme.mentee(first) not in readers_of(scheme, notebook)
    assert {scheme.mentee(second), scheme.mentor} <= readers_of(scheme, notebook)


def test_who_was_in_a_group_when_it_ended_goes_on_reading(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    notebook = with_notebook(scheme, group)
    close_group(scheme.mentoring, order(scheme.mentor), group=group, reason=ClosingReason.COMPLETED)
    assert readers_of(scheme, notebook) == {scheme.mentor, *map(scheme.mentee, members)}

"""What is done with stories: offered by a mentee, looked at by a coordinator, shown, and taken back."""

from uuid import UUID

from domain.commands.loading import load_live_ledger, load_subject
from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.story import SendingBack, Story
from domain.values import Purpose, Sealed


def offer_story(mentoring: Mentoring, order: Order, *, words: Sealed) -> Recorded:
    """Offer one's own; a mentee's order, under the consent that is for this alone."""
    person = order.act.actor
    ledger = load_live_ledger(mentoring, order, person, Purpose.PUBLISH_STORY)
    story = find_story(mentoring, person)
    if story is None:
        return mentoring.commit(order, Story.offer(words, order.act), read=(ledger,))
    order.require_version(story)
    story.offer_anew(words, order.act)
    return mentoring.commit(order, story, read=(ledger,))


def find_story(mentoring: Mentoring, person: UUID) -> Story | None:
    """A person's story; None where they never offered one."""
    try:
        return mentoring.load(Story, Story.id_of(person))
    except NotFound:
        return None


def send_story_back(
    mentoring: Mentoring, order: Order, *, story: UUID, reason: SendingBack
) -> Recorded:
    """Say what is to be changed; a coordinator's order."""
    subject = load_subject(mentoring, order, Story, story)
    subject.send_back(reason, order.act)
    return mentoring.commit(order, subject)


def publish_story(mentoring: Mentoring, order: Order, *, story: UUID) -> Recorded:
    """Show it to everybody; a coordinator's order, while the consent is live."""
    subject = load_subject(mentoring, order, Story, story)
    ledger = load_live_ledger(mentoring, order, subject.person, Purpose.PUBLISH_STORY)
    subject.publish(order.act)
    return mentoring.commit(order, subject, read=(ledger,))


def withdraw_story(mentoring: Mentoring, order: Order) -> Recorded:
    """Take one's own back, at any time and without a reason; its key goes in the same commit."""
    subject = load_subject(mentoring, order, Story, Story.id_of(order.act.actor))
    subject.withdraw(order.act)
    return mentoring.commit(order, subject)

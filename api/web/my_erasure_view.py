"""The stages of an erasure in plain words."""

from datetime import date

from domain.erasure import Erasure, ErasureStage, HoldReason, RefusalReason

HOLDS = {
    HoldReason.OPEN_CONCERN: "a concern that was raised is still being looked into",
    HoldReason.LEGAL_CLAIM: "the record is needed for a legal claim",
    HoldReason.LEGAL_DUTY: "the law says that the record must be kept for now",
}
REFUSALS = {
    RefusalReason.LEGAL_CLAIM: "The record is needed for a legal claim.",
    RefusalReason.LEGAL_DUTY: "The law says that the record must be kept.",
    RefusalReason.NOT_SURE_WHO_ASKED: "We could not be sure that it was you who asked.",
}
HEADINGS = {
    ErasureStage.REQUESTED: "You have asked to be erased",
    ErasureStage.HELD: "Your erasure has to wait",
    ErasureStage.TAKEN_BACK: "You took your request back",
    ErasureStage.REFUSED: "Your request was refused",
    ErasureStage.GRANTED: "Your erasure was granted",
    ErasureStage.CARRIED_OUT: "You have been erased",
    ErasureStage.COMPLETED: "Your erasure is complete",
}
NOBODY_CAN = "Nobody can read what you told us any more, and nobody can bring it back."


def told(subject: Erasure, unreadable_from: date | None) -> tuple[str, list[str]]:
    """A heading, and the sentences under it."""
    return HEADINGS[subject.stage], _sentences(subject, unreadable_from)


def _sentences(subject: Erasure, unreadable_from: date | None) -> list[str]:
    due = f"Somebody decides by {plain_day(subject.due_on)}. You can take it back until then."
    return {
        ErasureStage.REQUESTED: [due],
        ErasureStage.HELD: _held(subject),
        ErasureStage.TAKEN_BACK: ["Everything is as it was."],
        ErasureStage.REFUSED: [*_refused(subject), "You can ask again."],
        ErasureStage.GRANTED: ["It is being carried out now."],
        ErasureStage.CARRIED_OUT: [NOBODY_CAN, *_old_copies(unreadable_from)],
        ErasureStage.COMPLETED: [NOBODY_CAN, "That is true of old backups too."],
    }[subject.stage]


def plain_day(day: date) -> str:
    """Thursday 26 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _held(subject: Erasure) -> list[str]:
    if subject.shown_hold is None or subject.review_on is None:
        return []
    return [
        f"It waits because {HOLDS[subject.shown_hold]}.",
        f"Somebody looks at it again by {plain_day(subject.review_on)}.",
    ]


def _refused(subject: Erasure) -> list[str]:
    return [REFUSALS[subject.refusal]] if subject.refusal else []


def _old_copies(unreadable_from: date | None) -> list[str]:
    if unreadable_from is None:
        return []
    return [f"From {plain_day(unreadable_from)} it cannot be read in old backups either."]

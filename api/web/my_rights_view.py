"""Consents and looks in plain words."""

from dataclasses import dataclass
from uuid import UUID

from api.routes.access_records import LookAnswer
from domain.access_register import AccessPurpose, RecordKind
from domain.values import Purpose, Role


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """What a consent is for, and what follows when it is taken back."""

    title: str
    covers: str
    follows: str


PURPOSES = {
    Purpose.TAKE_PART: PurposeWords(
        "Taking part in mentoring",
        "We may use what you told us to find you a mentoring partner and to arrange your sessions.",
        "Your mentoring ends. Open suggestions and planned sessions are cancelled, and no session "
        "is counted against you for that. Nobody asks you why. You can come back later.",
    ),
    Purpose.IDENTITY_PREFERENCE: PurposeWords(
        "Your wish about a partner’s background",
        "A coordinator may read what you wrote about sharing, or not sharing, parts of your "
        "background with your mentoring partner.",
        "What you wrote is destroyed, and nobody can read it again. Everything else goes on.",
    ),
    Purpose.SHARE_PROFILE: PurposeWords(
        "Showing your profile",
        "The other person may read the name and words that you chose to show.",
        "They can no longer read them. Everything else goes on.",
    ),
    Purpose.REMINDERS: PurposeWords(
        "Reminders", "We may remind you of your sessions.", "You get no more reminders."
    ),
    Purpose.CALENDAR: PurposeWords(
        "Calendar entries",
        "We may send neutral entries for your calendar.",
        "You get no more of them.",
    ),
    Purpose.FEEDBACK: PurposeWords(
        "Being asked how it went",
        "We may ask you how mentoring went for you.",
        "We will not ask you again.",
    ),
    Purpose.NAME_TO_EMPLOYER: PurposeWords(
        "Telling your employer that you take part",
        "Your employer may learn that you use one of the places they pay for.",
        "From now on they learn nothing more about you.",
    ),
    Purpose.RESEARCH: PurposeWords(
        "Research", "Figures about mentoring may include yours.", "Yours are left out from now on."
    ),
}

WHO = {
    Role.MENTEE: "A mentee",
    Role.MENTOR: "Your mentoring partner, or one who was suggested to you,",
    Role.COORDINATOR: "A coordinator",
    Role.SPONSOR_CONTACT: "A sponsor contact",
    Role.SAFEGUARDING_LEAD: "The safeguarding lead",
    Role.DATA_PROTECTION_LEAD: "The data protection lead",
    Role.AUDITOR: "An auditor, who sees no names,",
    Role.OPERATOR: "An operator",
}

WHAT = {
    RecordKind.CONTACT: "how to reach you",
    RecordKind.PROFILE: "your profile",
    RecordKind.PREFERENCES: "what you asked for",
    RecordKind.IDENTITY: "your wish about a partner’s background",
    RecordKind.ACCESS_NEEDS: "what you need in order to take part",
    RecordKind.SESSION_DETAILS: "the details of a session",
    RecordKind.AVAILABILITY: "when you can meet",
    RecordKind.CONCERN: "a concern",
    RecordKind.DISCLOSURE: "a disclosure",
    RecordKind.CONSENTS: "your consents",
    RecordKind.NOTEBOOK_LOCK: "the lock of your notebook, without being able to open it",
    RecordKind.ACCESS_REGISTER: "this list",
    RecordKind.WHOLE_RECORD: "your whole record",
    RecordKind.ENQUIRY: "what you asked about the scheme",
}

WHY = {
    AccessPurpose.OWN_RECORD: "",
    AccessPurpose.MATCHING: "to find you a mentoring partner",
    AccessPurpose.MENTORING: "for your mentoring",
    AccessPurpose.ARRANGING: "to arrange a session",
    AccessPurpose.SERVICE_MESSAGE: "to send you a message",
    AccessPurpose.RIGHTS_REQUEST: "to look after your rights",
    AccessPurpose.SAFEGUARDING: "to keep somebody safe",
    AccessPurpose.AUDIT: "to check that all is in order",
    AccessPurpose.ANSWERING: "to answer you",
}


def look_in_words(look: LookAnswer, person: UUID) -> str:
    """One look as a sentence: who, what, and why."""
    if look.who == person and look.kind is RecordKind.PREFERENCES:
        return "You read why somebody was suggested to you."
    who = "You" if look.who == person else WHO[look.role]
    why = WHY[look.purpose]
    return f"{who} opened {WHAT[look.kind]}{' ' if why else ''}{why}."

"""Looks in plain words."""

from uuid import UUID

from api.routes.access_records import LookAction, LookAnswer
from domain.access_register import AccessPurpose, RecordKind
from domain.values import Role

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
    RecordKind.CONCERN: "a concern that you raised",
    RecordKind.DISCLOSURE: "what had to be told outside",
    RecordKind.CONSENTS: "your consents",
    RecordKind.NOTEBOOK_LOCK: "the outer lock of your notebook, which by itself opens no note,",
    RecordKind.ACCESS_REGISTER: "this list",
    RecordKind.WHOLE_RECORD: "your whole record",
    RecordKind.ENQUIRY: "what you asked about the scheme",
    RecordKind.SAID_WORDS: "what you said in your own words",
    RecordKind.PASSKEYS: "how you sign in",
    RecordKind.RIGHTS_REQUEST: "what you asked about your record",
    RecordKind.PORTFOLIO: "your professional development",
    RecordKind.FEEDBACK: "what was said of mentoring with you",
    RecordKind.STORY: "the story that you offered",
    RecordKind.SUGGESTION: "what you suggested",
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
    AccessPurpose.EVALUATING: "to see how mentoring goes",
}


def look_in_words(look: LookAnswer, person: UUID) -> str:
    """One look as a sentence: who, what, and why."""
    is_own_reading = look.who == person and look.action is LookAction.OPENED
    if is_own_reading and look.kind is RecordKind.PREFERENCES:
        return "You read why somebody was suggested to you."
    if look.action is LookAction.UNLOCKED:
        return _unlocking_in_words(look)
    who = "You" if look.who == person else WHO[look.role]
    if look.action is LookAction.AUTOMATED:
        who = "The service itself, and nobody besides,"
    why = WHY[look.purpose]
    did = "took away" if look.action is LookAction.EXPORTED else "opened"
    return f"{who} {did} {WHAT[look.kind]}{' ' if why else ''}{why}."


def _unlocking_in_words(look: LookAnswer) -> str:
    """The lock comes off for whoever is signed in as the person; their keys are still needed."""
    count = len(look.own_epochs) + len(look.shared_epochs)
    asked = "Your notebook was asked for with your own sign-in"
    if count == 0:
        return f"{asked}."
    locks = "one lock was" if count == 1 else f"{count} locks were"
    return f"{asked}, and {locks} taken off."

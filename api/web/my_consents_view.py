"""Consents in plain words: what each is for, where it stands, and the words that are asked with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.consent import ConsentLedger
from domain.consent_terms import Consent, ConsentMethod, ConsentState
from domain.consent_transitions import TRANSITIONS
from domain.notice import Notice
from domain.values import Purpose


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """What a consent is for, and what follows when it is taken back."""

    title: str
    covers: str
    follows: str


PURPOSES = {
    Purpose.TAKE_PART: PurposeWords(
        "Taking part in mentoring",
        "We may use what you told us to find you a mentoring partner and to arrange your sessions. A program may suggest "
        "who suits you, with reasons that you can both read. People decide, and you can say no to the program alone on “My rights”.",
        "Your mentoring ends. Open suggestions and planned sessions are cancelled, and no session "
        "is counted against you for that. Nobody asks you why. You can come back later.",
    ),
    Purpose.IDENTITY_PREFERENCE: PurposeWords(
        "Your wish about a partner’s background",
        "A coordinator may read what you wrote about sharing, or not sharing, parts of your "
        "background with your mentoring partner. Suggestions compare it with what others said under their own consent. "
        "Where one partner fits it, the reason tells you so.",
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
    Purpose.PUBLISH_STORY: PurposeWords(
        "Telling your story to everybody",
        "We may show everybody a story that you write and offer for that.",
        "Your story is gone from the page at once, and its words are destroyed.",
    ),
}

CHANGES = {
    "requested": "asked",
    "deferred": "not now",
    "given": "agreed",
    "renewed": "agreed again",
    "refused": "said no",
    "withdrawn": "withdrawn",
    "revoked": "ended by the scheme",
    "expired": "ended on its day",
    "invalidated": "found invalid by an authority",
    "renewal_asked": "asked again, since the words changed",
}
"""What happened to a consent, by the last word of its stored name."""

STANDING = {
    ConsentState.UNKNOWN: "You have not said anything about this.",
    ConsentState.REQUESTED: "We would like to ask you about this.",
    ConsentState.REQUEST_DEFERRED: "You said: not now. We will ask you again later.",
    ConsentState.REFUSED: "You said no",
    ConsentState.WITHDRAWN: "You do not consent to this",
    ConsentState.REVOKED: "The scheme ended this consent",
    ConsentState.EXPIRED: "Your consent ended on its day",
    ConsentState.INVALIDATED: "An authority found that this consent did not hold",
}
"""Where a consent stands that nothing may rest on; those with an end are followed by its day."""

DATED = frozenset(
    {
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.REVOKED,
        ConsentState.EXPIRED,
        ConsentState.INVALIDATED,
    }
)

METHODS = {
    ConsentMethod.OWN_HAND: "here, by yourself",
    ConsentMethod.IN_WRITING: "in writing",
    ConsentMethod.SPOKEN: "spoken",
}

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
"""In their own names, so that whoever reads them finds theirs."""


HOME_LANGUAGE = "en"


def own_language(ledger: ConsentLedger | None, now: datetime) -> str | None:
    """The language in which somebody last said anything about taking part."""
    last = ledger and ledger.standing(Purpose.TAKE_PART, now)
    return last.words.language if last else None


def language_named(language: str) -> str:
    """A language's own name, or its tag."""
    return LANGUAGES.get(language, language)


@dataclass(frozen=True, slots=True)
class ShownWords:
    """The words of a notice as a page shows them, whole: title and text, and what a form names them by."""

    version: int
    language: str
    digest: str
    title: str
    text: str


def shown_words(notice: Notice) -> ShownWords:
    """The first line of a written notice is its title; nothing of the rest is left out."""
    title, _, text = notice.text.partition("\n")
    words = notice.words
    return ShownWords(
        version=words.version,
        language=words.language,
        digest=words.digest.hex(),
        title=title.removeprefix("# "),
        text=text.strip() or title,
    )


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """Where one purpose stands for its person."""

    purpose: Purpose
    words: PurposeWords
    state: ConsentState
    change: Consent | None
    is_live: bool
    can_answer: bool
    can_decline: bool
    can_renew: bool


def own_consent(
    ledger: ConsentLedger | None, purpose: Purpose, newest: Collection[Notice], now: datetime
) -> OwnConsent:
    """Out of the person's own ledger, if they have one, and the words that could be asked with now."""
    state = ConsentState.UNKNOWN if ledger is None else ledger.state(purpose, now)
    changes = () if ledger is None else ledger.changes.get(purpose, ())
    last = changes[-1] if changes else None
    is_live = ledger is not None and ledger.is_live(purpose, now)
    return OwnConsent(
        purpose=purpose,
        words=PURPOSES[purpose],
        state=state,
        change=last,
        is_live=is_live,
        can_answer=bool(newest) and not is_live,
        can_decline=ConsentState.REFUSED in TRANSITIONS[state],
        can_renew=is_live and last is not None and _is_outdated(last, newest),
    )


def _is_outdated(consent: Consent, newest: Collection[Notice]) -> bool:
    """Whether there are newer words in the language that was read."""
    return any(
        each.words.language == consent.words.language and each.words.version > consent.words.version
        for each in newest
    )

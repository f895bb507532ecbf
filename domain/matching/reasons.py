"""Why two were thought of for each other, in words for each of them, from what both chose to give.

A mentor reads nothing of the mentee's background, and nobody reads which hours suit the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.matching.aspects import Aspect
from domain.matching.pool import Part, Party, Want
from domain.matching.words import LANGUAGE_WORDS, choices_listed, listed

MET = {
    Aspect.THEMES: "They can think with you about {}.",
    Aspect.PRACTICE: "They know the work you named: {}.",
    Aspect.APPROACH: "Their way suits your wish: {}.",
    Aspect.CAREER: "They are where you wished in their career: {}.",
}
MET_FOR_MENTOR = {
    Aspect.THEMES: "They would like to think about what you offered: {}.",
    Aspect.PRACTICE: "They work where you wished: {}.",
    Aspect.APPROACH: "Their way suits your wish: {}.",
    Aspect.CAREER: "They are where you wished in their career: {}.",
}
BACKGROUND_MET = "They fit what you said about the background of a partner."
UNMET = "You also asked for {}; that does not fit here."
BACKGROUND_UNMET = "something about the background of a partner"
LANGUAGE = "You can meet in {}."
HOURS = "There are hours in the week that suit you both."


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words for each of two."""

    for_mentee: str
    for_mentor: str

    def __repr__(self) -> str:
        return "<sealed>"


def reasons_of(request: Party, mentor: Party) -> Reasons:
    """The words for both; there is always at least that they can meet."""
    can_meet = [HOURS, *_languages(request, mentor)]
    mentors_wants = (want for want in mentor.wants if want.aspect is not Aspect.BACKGROUND)
    return Reasons(
        "\n".join([*_for_mentee(request, mentor), *can_meet, *_unmet(request.wants, mentor)]),
        "\n".join([*_for_mentor(mentors_wants, request, mentor), *can_meet]),
    )


def meets(party: Party, want: Want) -> bool:
    """Whether somebody meets all parts of a want."""
    return all(_holds(party, part) for part in want.parts)


def _for_mentee(request: Party, mentor: Party) -> list[str]:
    lines = [
        MET[aspect].format(choices_listed(aspect, found))
        for aspect in MET
        if (found := _found(request.wants, mentor, aspect))
    ]
    background = [want for want in request.wants if want.aspect is Aspect.BACKGROUND]
    if any(meets(mentor, want) for want in background):
        lines.append(BACKGROUND_MET)
    return lines


def _for_mentor(wants: Iterable[Want], request: Party, mentor: Party) -> list[str]:
    """What they wished of a mentee, and what of their own offer the mentee asks for."""
    wished = list(wants)
    found = {aspect: _found(wished, request, aspect) for aspect in MET_FOR_MENTOR}
    found[Aspect.THEMES] |= _values(Aspect.THEMES, request.holds & mentor.holds)
    return [
        words.format(choices_listed(aspect, found[aspect]))
        for aspect, words in MET_FOR_MENTOR.items()
        if found[aspect]
    ]


def _found(wants: Iterable[Want], other: Party, aspect: Aspect) -> frozenset[str]:
    """Which of the wished values the other holds."""
    wished = (part.any_of for want in wants if want.aspect is aspect for part in want.parts)
    return _values(aspect, frozenset().union(*wished) & other.holds)


def _values(aspect: Aspect, tokens: frozenset[str]) -> frozenset[str]:
    prefix = f"{aspect.value}:"
    return frozenset(token.removeprefix(prefix) for token in tokens if token.startswith(prefix))


def _unmet(wants: Iterable[Want], other: Party) -> list[str]:
    """What the mentee wished besides: they decide, so they should know."""
    missed = [want for want in wants if not meets(other, want)]
    words = [choices_listed(aspect, _wished(missed, aspect)) for aspect in MET]
    if any(want.aspect is Aspect.BACKGROUND for want in missed):
        words.append(BACKGROUND_UNMET)
    words = [each for each in words if each]
    return [UNMET.format(listed(words))] if words else []


def _wished(wants: Iterable[Want], aspect: Aspect) -> frozenset[str]:
    parts = (part.any_of for want in wants if want.aspect is aspect for part in want.parts)
    return _values(aspect, frozenset().union(*parts))


def _languages(request: Party, mentor: Party) -> list[str]:
    shared = request.languages & mentor.languages
    named = [words for language, words in LANGUAGE_WORDS.items() if language in shared]
    return [LANGUAGE.format(listed(named))] if named else []


def _holds(party: Party, part: Part) -> bool:
    return bool(part.any_of & party.holds) and not part.none_of & party.holds

"""What time does to consents: a yes ends on its day, "not now" is asked again, replaced words are asked to be renewed."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid5

from api.clerking.errands import Errands
from api.records.notice_board import NoticeBoard
from domain.commands.consents import Shown, ask_for_renewal, expire_consent, request_consent
from domain.consent import ConsentLedger
from domain.consent_terms import (
    ConsentHasNotExpired,
    ConsentIsLive,
    ConsentIsNotLive,
    ConsentState,
    LedgerIsClosed,
    NothingIsAsked,
    WordsAreCurrent,
)
from domain.mentoring import Mentoring, Order, Recorded
from domain.notice import Notice
from domain.values import Purpose
from projections.consent_questions import (
    DueConsent,
    OutdatedConsent,
    due_consents,
    outdated_consents,
)
from projections.reader import Reader

CHANGED_SINCE = (
    ConsentHasNotExpired,
    ConsentIsLive,
    ConsentIsNotLive,
    LedgerIsClosed,
    NothingIsAsked,
    WordsAreCurrent,
)
"""The person, or time, came first: nothing is left to do for what was due."""

HOME_LANGUAGE = "en"


@dataclass(frozen=True)
class ConsentDuty:
    """Sees to every consent for which the time has come; one that cannot be seen to stops no other."""

    errands: Errands
    reader: Reader
    board: NoticeBoard

    def see_to_all(self) -> None:
        """Do what is due by now."""
        for due in due_consents(self.reader, self.errands.parts.clock()):
            is_deferred = due.state is ConsentState.REQUEST_DEFERRED
            (self._ask_again if is_deferred else self._expire)(due)
        for outdated in outdated_consents(self.reader):
            self._ask_for_renewal(outdated)

    def _expire(self, due: DueConsent) -> None:
        person, purpose = due.person, due.purpose
        self._once(
            due,
            f"expire:{purpose}:{due.due_at.timestamp()}",
            lambda mentoring, order: expire_consent(
                mentoring, order, person=person, purpose=purpose
            ),
        )

    def _ask_again(self, due: DueConsent) -> None:
        """In the language they read before; without words to ask with nobody is asked."""
        notice = self._words(due.purpose, due.language)
        if notice is None:
            return
        person, shown = due.person, Shown(notice.id, notice.words.digest)
        self._once(
            due,
            f"ask-again:{due.purpose}:{due.due_at.timestamp()}",
            lambda mentoring, order: request_consent(mentoring, order, person=person, shown=shown),
        )

    def _ask_for_renewal(self, outdated: OutdatedConsent) -> None:
        newer = Notice.id_of(outdated.purpose, outdated.renew_under, outdated.language)
        person, renew_by = outdated.person, outdated.renew_by
        self._once(
            outdated,
            f"renew:{outdated.purpose}:{newer}",
            lambda mentoring, order: ask_for_renewal(
                mentoring, order, person=person, notice=newer, renew_by=renew_by
            ),
        )

    def _words(self, purpose: Purpose, language: str) -> Notice | None:
        found = {each.words.language: each for each in self.board.newest(purpose)}
        return found.get(language, found.get(HOME_LANGUAGE))

    def _once(
        self,
        about: DueConsent | OutdatedConsent,
        what: str,
        command: Callable[[Mentoring, Order], Recorded],
    ) -> None:
        command_id = uuid5(ConsentLedger.id_of(about.person), what)
        self.errands.once(command_id, command, done=CHANGED_SINCE)

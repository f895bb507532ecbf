"""A person's consents: one ledger each, where every change says which words it rests on.

Only what is given or renewed and has not expired is valid for processing.
"""

from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.consent_terms import (
    BY_OWN_HAND,
    STANDING,
    VALID,
    Answer,
    Consent,
    ConsentAnswer,
    ConsentChange,
    ConsentHasNotExpired,
    ConsentMethod,
    ConsentRenewalAsked,
    ConsentState,
    ConsentWouldRewriteThePast,
    ExpiresTooEarly,
    InvalidationReason,
    LedgerIsClosed,
    NotForThePerson,
    NotYet,
    NotYourConsent,
    RevocationReason,
    WordsAreCurrent,
)
from domain.consent_terms import ConsentIsNotLive as ConsentIsNotLive
from domain.consent_transitions import require_transition
from domain.notice import Words
from domain.objection import Objections, Use
from domain.sealed import require_sealed_for
from domain.values import Act, Compartment, Purpose


class ConsentLedger(Aggregate, Objections):
    """All of one person's consents; each purpose stands alone."""

    TOPIC = "consent_ledger"

    class Created(Aggregate.Created):
        TOPIC = "consent_ledger.opened"
        person: UUID

    class Requested(ConsentChange):
        TOPIC = "consent_ledger.requested"

    class Deferred(ConsentAnswer):
        TOPIC = "consent_ledger.deferred"
        STATE = ConsentState.REQUEST_DEFERRED

    class RenewalAsked(ConsentRenewalAsked):
        TOPIC = "consent_ledger.renewal_asked"

    class Given(ConsentAnswer):
        TOPIC = "consent_ledger.given"
        STATE = ConsentState.GIVEN

    class Renewed(ConsentAnswer):
        TOPIC = "consent_ledger.renewed"
        STATE = ConsentState.RENEWED

    class Refused(ConsentAnswer):
        TOPIC = "consent_ledger.refused"
        STATE = ConsentState.REFUSED

    class Withdrawn(ConsentAnswer):
        TOPIC = "consent_ledger.withdrawn"
        STATE = ConsentState.WITHDRAWN

    class Revoked(ConsentChange):
        TOPIC = "consent_ledger.revoked"
        STATE = ConsentState.REVOKED
        reason: RevocationReason

    class Expired(ConsentChange):
        TOPIC = "consent_ledger.expired"
        STATE = ConsentState.EXPIRED

    class Invalidated(ConsentChange):
        TOPIC = "consent_ledger.invalidated"
        STATE = ConsentState.INVALIDATED
        reason: InvalidationReason

    class Closed(Aggregate.Event):
        TOPIC = "consent_ledger.closed"

    @staticmethod
    def id_of(person: UUID) -> UUID:
        """The id of a person's one ledger."""
        return uuid5(person, "consents")

    @classmethod
    def open_for(cls, person: UUID, act: Act) -> Self:
        """Open the ledger of a person, once."""
        return cls.begin(cls.id_of(person), act, person=person)

    @event(Created)
    def __init__(self, person: UUID) -> None:
        self.person = person
        self.changes: dict[Purpose, tuple[Consent, ...]] = {}
        self.is_closed = False
        self.stopped: frozenset[Use] = frozenset()

    def standing(self, purpose: Purpose, at: datetime) -> Consent | None:
        """The last recorded change that had taken effect by then."""
        changes = reversed(self.changes.get(purpose, ()))
        return next((change for change in changes if change.effective_at <= at), None)

    def was_live(self, purpose: Purpose, at: datetime) -> bool:
        """Whether processing for this purpose could rest on consent at a moment, for who looks back."""
        consent = self.standing(purpose, at)
        return consent is not None and consent.is_valid(at)

    def is_live(self, purpose: Purpose, at: datetime) -> bool:
        """Whether a decision taken at this moment may rest on consent.

        An ending that is recorded already counts whatever time the decision bears: it may have
        been begun before the ending and be carried out after it.
        """
        last = self._last(purpose)
        return last is not None and last.state in VALID and self.was_live(purpose, at)

    def require_live(self, purpose: Purpose, at: datetime) -> None:
        """Refuse what rests on a consent that is not live."""
        if not self.is_live(purpose, at):
            raise ConsentIsNotLive

    def stands(self, purpose: Purpose) -> bool:
        """Whether a yes was given that nobody has ended, live or expired: it can be renewed."""
        last = self._last(purpose)
        return last is not None and last.state in STANDING

    def state(self, purpose: Purpose, at: datetime) -> ConsentState:
        """Where a purpose stands after the last change that is recorded."""
        last = self._last(purpose)
        return ConsentState.UNKNOWN if last is None else last.state_at(at)

    def request(self, words: Words, act: Act) -> None:
        """Ask for a consent that is not live."""
        self._require(self.Requested, words.purpose, act)
        self._change(self.Requested, words, act)

    def defer(self, words: Words, act: Act, *, answer: Answer = BY_OWN_HAND) -> None:
        """Say "not now" to what is asked: never a no, and it is asked again later."""
        self._require(self.Deferred, words.purpose, act)
        self._answer(self.Deferred, words, act, answer)

    def give(
        self,
        words: Words,
        act: Act,
        *,
        expires_at: datetime | None = None,
        answer: Answer = BY_OWN_HAND,
    ) -> None:
        """Say yes to one purpose under the words that were shown."""
        self._require(self.Given, words.purpose, act)
        self._say_yes(self.Given, words, act, expires_at, answer)

    def renew(
        self,
        words: Words,
        act: Act,
        *,
        expires_at: datetime | None = None,
        answer: Answer = BY_OWN_HAND,
    ) -> None:
        """Say yes again, perhaps under newer words, to what was given or has expired."""
        self._require(self.Renewed, words.purpose, act)
        self._say_yes(self.Renewed, words, act, expires_at, answer)

    def refuse(self, words: Words, act: Act, *, answer: Answer = BY_OWN_HAND) -> None:
        """Say no to what was asked; a consent that is live is withdrawn instead."""
        self._require(self.Refused, words.purpose, act)
        self._answer(self.Refused, words, act, answer)

    def withdraw(self, purpose: Purpose, act: Act, *, answer: Answer = BY_OWN_HAND) -> None:
        """Rule 2: one action, no reason asked; ConsentIsNotLive if there is nothing to withdraw."""
        self._answer(self.Withdrawn, self._to_end(self.Withdrawn, purpose, act), act, answer)

    def revoke(self, purpose: Purpose, reason: RevocationReason, act: Act) -> None:
        """End a consent by somebody other than the person."""
        self._end_by_another(self.Revoked, purpose, act, reason=reason)

    def invalidate(self, purpose: Purpose, reason: InvalidationReason, act: Act) -> None:
        """Record that an authority found the consent invalid."""
        self._end_by_another(self.Invalidated, purpose, act, reason=reason)

    def expire(self, purpose: Purpose, act: Act) -> None:
        """Record that a consent reached its end; it stopped being valid at that moment already."""
        consent = self._require_yes(purpose)
        if not consent.is_over(act.at):
            raise ConsentHasNotExpired
        self._change(self.Expired, consent.words, act, expires_at=consent.expires_at)

    def ask_for_renewal(self, words: Words, renew_by: datetime, act: Act) -> None:
        """The words of a yes were replaced: let it stand until a day; an end that is nearer stays.

        A day that has passed is today: nothing that rested on the consent meanwhile becomes wrong.
        """
        consent = self._require_yes(words.purpose)
        newest = max(consent.words.version, consent.renew_under or 0)
        if words.version <= newest or words.language != consent.words.language:
            raise WordsAreCurrent
        ends = [max(renew_by, act.at), *filter(None, [consent.expires_at])]
        self.record(
            self.RenewalAsked,
            act,
            person=self.person,
            purpose=words.purpose,
            notice_version=words.version,
            language=words.language,
            digest=words.digest,
            expires_at=min(ends),
        )

    def close(self, act: Act) -> None:
        """End every consent that stands, and take no further one: the person is being erased."""
        for purpose in [each for each in self.changes if self.stands(each)]:
            self.revoke(purpose, RevocationReason.ERASURE, act)
        self.record(self.Closed, act)

    @event(Objections.UseStopped)
    def _use_stopped(self, use: Use) -> None:
        self.stopped |= {use}

    @event(Objections.UseResumed)
    def _use_resumed(self, use: Use) -> None:
        self.stopped -= {use}

    @event(Closed)
    def _closed(self) -> None:
        self.is_closed = True

    def _last(self, purpose: Purpose) -> Consent | None:
        return self.changes.get(purpose, (None,))[-1]

    def _require(self, kind: type[ConsentChange], purpose: Purpose, act: Act) -> None:
        require_transition(self.state(purpose, act.at), kind.STATE)

    def _require_yes(self, purpose: Purpose) -> Consent:
        last = self._last(purpose)
        if last is None or last.state not in VALID:
            raise ConsentIsNotLive
        return last

    def _to_end(self, kind: type[ConsentChange], purpose: Purpose, act: Act) -> Words:
        self._require(kind, purpose, act)
        return self.changes[purpose][-1].words

    def _say_yes(
        self,
        kind: type[ConsentAnswer],
        words: Words,
        act: Act,
        expires_at: datetime | None,
        answer: Answer,
    ) -> None:
        effective_at = act.happened_at or act.at
        last = self._last(words.purpose)
        if last is not None and effective_at < last.effective_at:
            raise ConsentWouldRewriteThePast
        if expires_at is not None and expires_at <= effective_at:
            raise ExpiresTooEarly
        self._answer(kind, words, act, answer, expires_at=expires_at)

    def _answer(
        self, kind: type[ConsentAnswer], words: Words, act: Act, answer: Answer, **facts: Any
    ) -> None:
        if answer.method is ConsentMethod.OWN_HAND and act.actor != self.person:
            raise NotYourConsent
        require_sealed_for(self.person, Compartment.CONTACT, answer.evidence)
        self._change(kind, words, act, method=answer.method, evidence=answer.evidence, **facts)

    def _end_by_another(
        self, kind: type[ConsentChange], purpose: Purpose, act: Act, **facts: Any
    ) -> None:
        if act.actor == self.person:
            raise NotForThePerson
        self._change(kind, self._to_end(kind, purpose, act), act, **facts)

    def _change(self, kind: type[ConsentChange], words: Words, act: Act, **facts: Any) -> None:
        if self.is_closed:
            raise LedgerIsClosed
        self.record(
            kind,
            act,
            person=self.person,
            purpose=words.purpose,
            notice_version=words.version,
            language=words.language,
            digest=words.digest,
            effective_at=self._effective_at(words.purpose, act),
            **{"expires_at": None, **facts},
        )

    def _effective_at(self, purpose: Purpose, act: Act) -> datetime:
        """When it happened, but never before what it changes: an ending cannot undo a beginning."""
        happened_at = act.happened_at or act.at
        if happened_at > act.at:
            raise NotYet
        last = self._last(purpose)
        return happened_at if last is None else max(happened_at, last.effective_at)


ConsentLedgerOpened = ConsentLedger.Created

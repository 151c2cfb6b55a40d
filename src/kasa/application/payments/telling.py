"""A verdict in words: the same on the command line, the review page and in messages."""

import re
from collections.abc import Mapping
from datetime import datetime

import attrs

from kasa.application.payments.reason_values import Phrase, Told, use_values, values_of
from kasa.application.payments.verdict_sentences import (
    ASKED,
    CHECKS,
    CUSTOMER_DECISIONS,
    CUSTOMER_STEP,
    DECISION_STEPS,
    DECISIONS,
    FIRST_USE,
    NEXT_STEPS,
    RESULTS,
    ROW,
    CheckSentences,
)
from kasa.application.ports.phrasing import fitting
from kasa.application.ports.sentences import CHECKING
from kasa.application.ports.wording import Audience, Language, Wording
from kasa.domain.kernel.money import Currency
from kasa.domain.payments.banks.tables import BANK_ZONE
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import Ask, Decision, MatchInputs, MatchVerdict, RuleOutcome
from kasa.domain.payments.reasons import Reason

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}[+-][0-9]{2}:[0-9]{2}")
LANGUAGES = tuple(one.value for one in Language)
AUDIENCES = tuple(one.value for one in Audience)
CHECKING_CODE = "checking"
"""The one code that a customer sees in place of every suspicion."""


@attrs.frozen(kw_only=True)
class ReasonText:
    """One reason in words; to a customer a suspicion has the code ``checking``."""

    code: str
    words: str


@attrs.frozen(kw_only=True)
class RowText:
    """One check in words: its name, its result, its sentence, and what it was judged on."""

    rule: str
    label: str
    result: str
    result_words: str
    words: str
    points: int
    cap: int
    expected: str
    seen: str


@attrs.frozen(kw_only=True)
class VerdictText:
    """A verdict for one reader.

    ``decided`` says the decision, ``headline`` what weighs most, ``asked`` who can help:
    member, customer, bank or nobody. ``rows`` are empty for a customer.
    """

    decision: str
    decided: str
    headline: str
    reasons: tuple[ReasonText, ...]
    next_step: str
    asked: str
    asked_words: str
    first_use: str = ""
    rows: tuple[RowText, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class TellVerdict:
    """Put a verdict into words, with the values that it was judged on filled in."""

    wording: Wording

    def __call__(
        self,
        inputs: MatchInputs,
        verdict: MatchVerdict,
        *,
        audience: str = Audience.MERCHANT,
        language: str = Language.ENGLISH,
    ) -> VerdictText:
        """Return the words; ``audience`` and ``language`` are values of their enumerations."""
        speaker = _Speaker(
            wording=self.wording,
            told=Told(inputs=inputs, verdict=verdict),
            audience=Audience(audience),
            language=Language(language),
        )
        customer = speaker.audience is Audience.CUSTOMER
        return speaker.to_customer() if customer else speaker.to_merchant()


@attrs.frozen(kw_only=True, eq=False)
class _Speaker:
    wording: Wording
    told: Told
    audience: Audience
    language: Language

    def to_merchant(self) -> VerdictText:
        verdict = self.told.verdict
        reasons = self._reasons()
        decided = self._say(DECISIONS[verdict.decision], {"points": verdict.points})
        asked = _asked(verdict)
        first = use_values(verdict.first_use)
        return VerdictText(
            decision=verdict.decision.value,
            decided=decided,
            headline=reasons[0].words if reasons else decided,
            reasons=reasons,
            next_step=self._say(_step(verdict)),
            asked=asked,
            asked_words=self._say(ASKED[asked]),
            first_use=self._say(str(fitting(FIRST_USE, first)), first) if first else "",
            rows=tuple(self._row(row) for row in verdict.outcomes),
        )

    def to_customer(self) -> VerdictText:
        verdict = self.told.verdict
        decided = self._say(CUSTOMER_DECISIONS[verdict.decision])
        reasons = () if verdict.decision is Decision.APPROVE else self._reasons()
        helped = verdict.ask is Ask.CUSTOMER
        return VerdictText(
            decision=verdict.decision.value,
            decided=decided,
            headline=reasons[0].words if reasons else decided,
            reasons=reasons,
            next_step=self._say(CUSTOMER_STEP) if helped else "",
            asked="customer" if helped else "nobody",
            asked_words="",
        )

    def _reasons(self) -> tuple[ReasonText, ...]:
        made = [self._reason(code) for code in self._told_codes()]
        by_words = {one.words: one for one in reversed(made) if one.words}
        return tuple(one for one in made if by_words.get(one.words) is one)

    def _told_codes(self) -> tuple[Reason, ...]:
        """Return what is said: a picture known by its bytes is not read, so nothing is missed."""
        verdict = self.told.verdict
        if Reason.SAME_FILE not in verdict.reasons:
            return verdict.reasons
        lost = {row.code for row in verdict.outcomes if row.result is Result.UNREADABLE}
        return tuple(code for code in verdict.reasons if code not in lost)

    def _reason(self, reason: Reason) -> ReasonText:
        row = next((one for one in self.told.verdict.outcomes if one.code is reason), None)
        words = self._reason_words(reason, row)
        suspicion = words == self._say(CHECKING)
        return ReasonText(code=CHECKING_CODE if suspicion else reason.value, words=words)

    def _reason_words(self, reason: Reason, row: RuleOutcome | None) -> str:
        values = values_of(reason, attrs.evolve(self.told, row=row))
        detail = row.detail if row is not None else ""
        code = f"{reason.value}:{detail}" if detail else reason.value
        return self.wording.reason(code, self.audience, self.language, self._values(values))

    def _row(self, row: RuleOutcome) -> RowText:
        check = CHECKS.get(row.rule) or CheckSentences(row.rule)
        label, result = self._say(check.label), self._say(RESULTS[row.result.value])
        plain = {Result.MATCH: check.match, Result.UNREADABLE: check.unreadable}
        if row.code is not None:
            words = self._reason_words(row.code, row)
        elif plain.get(row.result):
            words = self._say(plain[row.result])
        else:
            words = self._say(ROW, {"check": label, "result": result})
        return RowText(
            rule=row.rule,
            label=label,
            result=row.result.value,
            result_words=result,
            words=words,
            points=row.points,
            cap=row.cap,
            expected=self._shown(row.expected),
            seen=self._shown(row.seen),
        )

    def _shown(self, text: str) -> str:
        """Return what a check was judged on as people read it: moments local, else as it is."""
        return _MOMENT.sub(self._local, text)

    def _local(self, found: re.Match[str]) -> str:
        return self.wording.moment(datetime.fromisoformat(found[0]), BANK_ZONE, self.language)

    def _say(self, message: str, values: Mapping[str, object] | None = None) -> str:
        return self.wording.sentence(message, self.language, self._values(values or {}))

    def _values(self, values: Mapping[str, object]) -> Mapping[str, object]:
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: object) -> object:
        if isinstance(value, Phrase):
            return self.wording.sentence(value.message, self.language)
        if isinstance(value, datetime):
            return self.wording.moment(value, BANK_ZONE, self.language)
        return value.code if isinstance(value, Currency) else value


def _asked(verdict: MatchVerdict) -> str:
    if verdict.decision is Decision.WAIT:
        return "bank"
    return "nobody" if verdict.ask is None else verdict.ask.value


def _step(verdict: MatchVerdict) -> str:
    lead = verdict.reasons[0] if verdict.reasons else None
    usual = DECISION_STEPS[verdict.decision]
    if verdict.decision is not Decision.REVIEW or lead is None:
        return usual
    return NEXT_STEPS.get(lead, usual)

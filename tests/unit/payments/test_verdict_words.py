"""A verdict in words: every code for every reader in both languages, nothing leaked or missing."""

import re
from datetime import timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import given

from kasa.adapters.babel.wording import BabelWording
from kasa.adapters.conformance.strategies_payments import PAID_AT, SHOP, match_inputs, read
from kasa.application.payments.reason_values import VALUES, Told, values_of
from kasa.application.payments.telling import AUDIENCES, LANGUAGES, TellVerdict, VerdictText
from kasa.application.payments.verdict_sentences import CHECKS, spoken
from kasa.application.ports.phrasing import forms, placeholders
from kasa.application.ports.sentences import CHECKING, REASONS, reason_sentences
from kasa.application.ports.wording import Audience, Language
from kasa.domain.kernel.ids import PaymentId
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import ABSENT, Outcome, PaymentEvidence, ReceiptKind, Source
from kasa.domain.payments.expected_payment import ExpectedPayment
from kasa.domain.payments.finding import Result
from kasa.domain.payments.matching import (
    Decision,
    MatchInputs,
    MatchVerdict,
    RuleOutcome,
    Versions,
    match,
)
from kasa.domain.payments.reasons import Reason
from kasa.domain.payments.references import FirstUse, UsedReferences
from kasa.domain.payments.rules import RULES
from kasa.domain.payments.states import PaymentState

WORDING = BabelWording()
TELL = TellVerdict(wording=WORDING)
KHMER_LETTER = re.compile(r"[\u1780-\u17d3]")
GAP = re.compile(r"\{[a-z_]+\}")
SUSPICIONS = {
    *("bank_differs", "recipient_unreadable", "recipient_initials_only", "recipient_conflict"),
    *("account_unclear", "no_recipient_configured", "near_duplicate", "same_transfer"),
    *("seen_elsewhere", "own_transfer", "too_old", "stale", "in_future"),
    *("reference_date_differs", "bank_not_found", "bank_failed", "over_ceiling"),
    *("confirmation_required", "auto_off", "below_threshold"),
}
"""Codes of which a customer learns nothing (payments.md, section 8, marked with a degree sign)."""
SILENT = {
    *("amount_match", "amount_parts_sum", "recipient_match", "recipient_name_new"),
    *("time_unreadable", "time_from_reference", "bank_found", "bank_unavailable"),
    *("alert_joined", "sources_disagree"),
}
"""Codes of which a customer is told nothing at all."""


def inputs(**changes: object) -> MatchInputs:
    """Return a receipt of 25,000 riel in which everything may be known."""
    evidence = PaymentEvidence(
        source=Source.SCREENSHOT,
        layout="aba.success",
        amount=read(Money(25_000, KHR)),
        paid_at=read(PAID_AT),
        recipient_name=read("TESTA S. & MOCKA R."),
        references={"aba.trx": read("48010202442")},
    )
    expected = ExpectedPayment(
        submitted_at=PAID_AT + timedelta(hours=1),
        issued_at=PAID_AT - timedelta(hours=1),
        number="INV-2026-000001",
        amounts=(Money(26_000, KHR),),
        accounts=(SHOP,),
        answered=True,
    )
    given_evidence = attrs.evolve(evidence, **changes.pop("evidence", {}))  # type: ignore[arg-type]  # fields by name
    given_expected = attrs.evolve(expected, **changes.pop("expected", {}))  # type: ignore[arg-type]  # fields by name
    made = MatchInputs(
        evidence=given_evidence, expected=(given_expected,), at=given_expected.submitted_at
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # fields by name


def said(made: MatchInputs, audience: str = "merchant", language: str = "en") -> VerdictText:
    """Return the words of the verdict on some inputs."""
    return TELL(made, match(made), audience=audience, language=language)


def words_of(text: VerdictText, code: str) -> str:
    """Return the words of one reason."""
    return next(one.words for one in text.reasons if one.code == code)


def made_up(code: str, *, detail: str = "", **facts: object) -> MatchVerdict:
    """Return a review that gives one code."""
    row = RuleOutcome(
        rule="receipt", result=Result.DIFFERS, points=0, cap=0, code=Reason(code), detail=detail
    )
    return MatchVerdict(
        decision=Decision.REVIEW,
        points=10,
        outcomes=(attrs.evolve(row, **facts),),  # type: ignore[arg-type]  # fields by name
        reasons=(Reason(code),),
        versions=Versions(rules="", tables=""),
    )


CODES = sorted({*(reason.value for reason in Reason), *(code for code in REASONS if ":" in code)})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_said_to_the_shop(code: str, language: str) -> None:
    """Each code has a sentence of its own, translated, and no place in it stays open."""
    plain, _, detail = code.partition(":")
    text = TELL(inputs(), made_up(plain, detail=detail), language=language)
    words = text.reasons[0].words
    assert words
    assert plain not in words
    assert not GAP.search(words)
    assert (language == "km") == bool(KHMER_LETTER.search(words))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_no_suspicion_reaches_the_customer(code: str, language: str) -> None:
    """A customer reads one sentence for every suspicion, silence for some codes, else words."""
    plain, _, detail = code.partition(":")
    text = TELL(inputs(), made_up(plain, detail=detail), audience="customer", language=language)
    checking = WORDING.sentence(CHECKING, Language(language))
    told = [one.words for one in text.reasons]
    if plain in SUSPICIONS:
        assert [(one.code, one.words) for one in text.reasons] == [("checking", checking)]
    elif plain in SILENT:
        assert told == []
        assert text.headline == checking
    else:
        assert len(told) == 1
        assert not GAP.search(told[0])
        assert (language == "km") == bool(KHMER_LETTER.search(told[0]))
    assert text.rows == ()
    assert not {plain, str(text.decision)} & {one.code for one in text.reasons} & SUSPICIONS


def test_sentences_have_the_same_places_in_both_languages() -> None:
    """The Khmer form of each sentence wants exactly the values of its English form."""
    for code in CODES:
        sentences = reason_sentences(code)
        for sentence in (*sentences.merchant, *sentences.customer):
            english = forms(sentence)[-1]
            values = {name: f"<{name}>" for name in placeholders(english)} | {"n": 7}
            khmer = (
                WORDING.sentence(sentence, Language.KHMER, values)
                if isinstance(sentence, str)
                else WORDING.counted(sentence, 7, Language.KHMER, values)
            )
            assert khmer != english
            assert all(str(values[name]) in khmer for name in placeholders(english))
            assert not GAP.search(khmer)
    assert all(WORDING.sentence(one, Language.KHMER) != one for one in spoken())


def test_every_check_has_its_name() -> None:
    """No gate or rule of the table is without a name for people."""
    assert {rule.name for rule in RULES} - set(CHECKS) == set()


def test_amounts_are_said_with_their_difference() -> None:
    """Too little and too much are said with both amounts and the gap."""
    under = said(inputs())
    assert words_of(under, "amount_under") == "25,000៛ was paid, 26,000៛ is due: 1,000៛ too little."
    assert under.headline == words_of(under, "amount_under")
    over = said(inputs(expected={"amounts": (Money(20_000, KHR), Money(500, USD))}))
    assert words_of(over, "amount_over") == "25,000៛ was paid, 20,000៛ is due: 5,000៛ too much."
    assert (
        said(inputs(), "customer").headline
        == "The receipt shows 25,000៛, the invoice is 26,000៛. The shop will decide."
    )


def test_receipts_that_sum_up_are_counted() -> None:
    """Several receipts that pay together are told by their number."""
    verdict = made_up("amount_parts_sum", seen="10000 KHR + 15000 KHR")
    words = TELL(inputs(), verdict).headline
    assert words == "2 receipts together are exactly what is due."


def test_currencies_are_named() -> None:
    """Another currency is said with both."""
    other = said(inputs(expected={"amounts": (Money(625, USD),)}))
    assert words_of(other, "currency_differs") == "Paid in KHR, due in USD."


def test_a_used_reference_says_when_and_where() -> None:
    """A duplicate is told with the first use alone, also where nothing was read of it again."""
    first = FirstUse(
        payment=PaymentId(UUID(int=1)),
        at=PAID_AT,
        state=PaymentState.APPROVED,
        invoice_number="INV-2026-000007",
    )
    made = inputs(used=UsedReferences(first=first))
    text = said(made)
    assert text.headline == "Already used on 14 September 2026 for invoice INV-2026-000007."
    assert text.first_use == "First used on 14 September 2026 for invoice INV-2026-000007."
    assert said(made, "customer").headline == "This receipt was already used on 14 September 2026."
    same = inputs(used=UsedReferences(first=attrs.evolve(first, same_file=True)))
    assert said(same).headline == "The same picture as on 14 September 2026."
    unread = attrs.evolve(same, evidence=PaymentEvidence(source=Source.SCREENSHOT, layout=""))
    assert ["same_file"] == [one.code for one in said(unread).reasons]


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "Paid 2 days before the invoice."), (10, "Paid 10 days before the invoice.")],
)
def test_days_before_the_invoice_are_counted(days: int, words: str) -> None:
    """An old receipt is told with its days, in the plural that fits."""
    late = PAID_AT + timedelta(days=days)
    made = inputs(expected={"issued_at": late, "submitted_at": late})
    assert words_of(said(made), "too_old") == words


def test_one_day_is_singular() -> None:
    """One day is said in the singular."""
    late = PAID_AT + timedelta(days=1, minutes=1)
    made = inputs(expected={"issued_at": late, "submitted_at": late})
    assert words_of(said(made), "too_old") == "Paid 1 day before the invoice."


def test_contradicting_dates_are_both_said() -> None:
    """A printed day that contradicts the reference is told with both days."""
    made = inputs(
        evidence={"references": {"acleda.ref": read("62000012345")}, "layout": "acleda.receipt"}
    )
    words = words_of(said(made), "reference_date_differs")
    assert words == "Printed 14 September 2026, but the reference was made on 19 July 2026."


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        (
            {"outcome": read(Outcome.PENDING)},
            "not_final",
            "The transfer is still pending.",
        ),
        (
            {"receipt": read(ReceiptKind.CODE)},
            "not_a_receipt",
            "This is not a payment receipt but a QR code.",
        ),
        (
            {"recipient_name": read("IPSUM SOKHANA"), "recipient_account": read("092 375 070")},
            "recipient_differs",
            "Paid to another account: IPSUM SOKHANA 092 375 070.",
        ),
    ],
)
def test_details_refine_the_sentence(changes: object, code: str, words: str) -> None:
    """What was found is said: which state, what kind of picture, which receiver."""
    assert words_of(said(inputs(evidence=changes)), code) == words


def test_the_receiver_that_cannot_be_read_says_why() -> None:
    """A lost receiver and a cut name are told apart."""
    lost = said(inputs(evidence={"recipient_name": ABSENT}))
    assert words_of(lost, "recipient_unreadable").endswith(": no receiver can be read.")
    cut = said(inputs(evidence={"recipient_name": read("TESTA SOPH", cut=True)}))
    assert words_of(cut, "recipient_unreadable").endswith(": the printed name is cut.")


@pytest.mark.parametrize("code", list(VALUES))
def test_values_are_only_what_sentences_want(code: Reason) -> None:
    """A value that no sentence shows is not gathered."""
    every = reason_sentences(code.value)
    wanted = {
        name
        for sentence in (*every.merchant, *every.customer)
        for name in placeholders(forms(sentence)[-1])
    }
    given_values = values_of(code, Told(inputs=inputs(), verdict=match(inputs())))
    assert set(given_values) - wanted == set()


@given(made=match_inputs())
def test_any_verdict_can_be_told(made: MatchInputs) -> None:
    """Whatever was judged, each reader in each language gets whole sentences."""
    verdict = match(made)
    for audience in AUDIENCES:
        for language in LANGUAGES:
            text = TELL(made, verdict, audience=audience, language=language)
            every = [text.decided, text.headline, text.next_step, text.asked_words]
            every += [one.words for one in text.reasons] + [row.words for row in text.rows]
            assert not any(GAP.search(one) for one in every)
            assert text.headline
            assert all(row.words and row.label for row in text.rows)
            if audience == Audience.CUSTOMER:
                assert not {one.code for one in text.reasons} & SUSPICIONS

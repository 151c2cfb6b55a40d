"""What several sources say together, field by field (payments.md, section 2)."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.conformance.receipts import DUE, aba_success, acleda, alert
from kasa.adapters.conformance.strategies_payments import NAMES, PAID_AT, read
from kasa.domain.kernel.money import KHR, USD, Money
from kasa.domain.payments.evidence import (
    ABSENT,
    UNREADABLE,
    FieldReading,
    FieldState,
    PaymentEvidence,
    Precision,
    Source,
)
from kasa.domain.payments.merging import merge, shares_reference

OTHER = Money(26_000, KHR)


def state(reading: FieldReading[Any]) -> tuple[FieldState, Any, tuple[Any, ...]]:
    """Return what a field says."""
    return reading.state, reading.value, reading.candidates


def test_the_higher_rank_wins_with_a_note() -> None:
    """The bank's amount stands, and that the picture says otherwise is noted."""
    merged = merge(aba_success(amount=read(OTHER)), alert())
    assert (FieldState.READ, DUE, ()) == state(merged.amount)
    assert (Source.BANK_ALERT, Source.BANK_ALERT) == (merged.source, merged.amount.source)
    assert ("sources_disagree",) == merged.notes
    assert () == merge(aba_success(), alert()).notes


def test_what_the_higher_rank_lacks_the_lower_gives() -> None:
    """A field nobody else read comes from the picture."""
    merged = merge(aba_success(), alert(recipient_name=ABSENT, amount=UNREADABLE))
    assert (NAMES[0], Source.SCREENSHOT) == (
        merged.recipient_name.value,
        merged.recipient_name.source,
    )
    assert DUE == merged.amount.value


def test_typed_values_never_cover_contested_ones() -> None:
    """What somebody typed counts only where nothing was seen."""
    contested: FieldReading[Money] = FieldReading(
        state=FieldState.CONTESTED, candidates=(DUE, OTHER)
    )
    typed = aba_success(source=Source.MANUAL)
    merged = merge(aba_success(amount=contested, remark=ABSENT), typed)
    assert FieldState.CONTESTED is merged.amount.state
    assert merge(typed).known(typed.amount) is None


def test_equal_ranks_that_disagree_contest() -> None:
    """Two pictures with different amounts give no amount, and keep both."""
    merged = merge(aba_success(), acleda(amount=read(OTHER)))
    assert FieldState.CONTESTED is merged.amount.state
    assert {DUE, OTHER} == set(merged.amount.candidates)
    assert FieldState.CONTESTED is merge(merged, aba_success()).amount.state


def test_a_contested_reading_stays_contested() -> None:
    """A reading that saw two values is not outvoted by its own rank, but by a higher one."""
    contested: FieldReading[Money] = FieldReading(
        state=FieldState.CONTESTED, candidates=(DUE, OTHER)
    )
    unsure = acleda(amount=contested)
    assert FieldState.CONTESTED is merge(unsure, aba_success()).amount.state
    assert (FieldState.READ, DUE, ()) == state(merge(unsure, alert()).amount)


def test_agreeing_sources_support_each_other() -> None:
    """Places add up, engines and labels are the best of them, a whole name beats a cut one."""
    weak = aba_success(
        amount=read(DUE, seen=1, engines=1, labelled=False),
        recipient_name=read(NAMES[0], cut=True, labelled=False),
    )
    strong = acleda(amount=read(DUE, seen=2, engines=2), recipient_name=read("TESTAS. & MOCKAR."))
    merged = merge(weak, strong)
    assert (3, 2, True) == (merged.amount.seen, merged.amount.engines, merged.amount.labelled)
    assert (FieldState.READ, False, True) == (
        merged.recipient_name.state,
        merged.recipient_name.cut,
        merged.recipient_name.labelled,
    )
    typed = merge(weak, aba_success(source=Source.MANUAL, amount=read(DUE, engines=2)))
    assert 1 == typed.amount.engines


def test_numbers_agree_without_their_spacing() -> None:
    """Account numbers are equal without spaces, dashes and brackets; other digits are not."""
    one = acleda(recipient_account=read("010 959 385"), payer_account=read("(000 146 564)"))
    same = acleda(recipient_account=read("010-959-385"), payer_account=read("000146564"))
    other = acleda(recipient_account=read("010 959 386"))
    assert FieldState.READ is merge(one, same).recipient_account.state
    assert FieldState.READ is merge(one, same).payer_account.state
    assert FieldState.CONTESTED is merge(one, other).recipient_account.state


def test_lost_is_more_than_absent() -> None:
    """A row that was there and could not be read is unreadable, also when another has none."""
    lost, none = aba_success(remark=UNREADABLE), acleda(remark=ABSENT)
    assert FieldState.UNREADABLE is merge(lost, none).remark.state
    assert FieldState.ABSENT is merge(none, aba_success()).remark.state


def test_amount_and_currency_have_one_source() -> None:
    """The currency is that of the sources whose amount counts."""
    dollars = aba_success(amount=UNREADABLE, currency=read(USD))
    assert KHR == merge(dollars, alert()).currency.value
    assert USD == merge(alert(amount=UNREADABLE, currency=ABSENT), dollars).currency.value
    higher = alert(amount=UNREADABLE, currency=read(USD))
    assert KHR == merge(aba_success(), higher).currency.value


@pytest.mark.parametrize(
    ("left", "right", "at", "precision"),
    [
        ((0, "minute"), (54, "second"), 54, "second"),
        ((0, "minute"), (120, "minute"), 120, "minute"),
        ((-600, "day"), (0, "minute"), 0, "minute"),
        ((-600, "day"), (3600, "day"), 3600, "day"),
        ((0, "minute"), (121, "minute"), None, "minute"),
        ((0, "minute"), (-86_400, "day"), None, "minute"),
    ],
)
def test_moments(
    left: tuple[int, str], right: tuple[int, str], at: int | None, precision: str
) -> None:
    """Moments of two minutes, or of one day, agree; the most exact, then the latest, is kept."""

    def at_second(part: PaymentEvidence, moment: tuple[int, str]) -> PaymentEvidence:
        paid_at = PAID_AT + timedelta(seconds=moment[0])
        return attrs.evolve(part, paid_at=read(paid_at), precision=Precision(moment[1]))

    merged = merge(at_second(aba_success(), left), at_second(unlike(), right))
    wanted = None if at is None else PAID_AT + timedelta(seconds=at)
    assert (wanted, Precision(precision)) == (merged.paid_at.value, merged.precision)
    if at is None:
        assert 2 == len(merged.paid_at.candidates)


def unlike() -> PaymentEvidence:
    """Return another picture of the same transfer."""
    return aba_success(layout="aba.card", labels=6)


def test_a_moment_that_agrees_with_the_reference_is_kept() -> None:
    """Of two days only the one inside the reference can be right."""
    misread = acleda(paid_at=read(PAID_AT - timedelta(days=30)), labels=8)
    merged = merge(acleda(), misread)
    assert (FieldState.READ, PAID_AT) == (merged.paid_at.state, merged.paid_at.value)
    nowhere = attrs.evolve(misread, references={}), attrs.evolve(acleda(), references={})
    assert FieldState.CONTESTED is merge(*nowhere).paid_at.state


def test_an_id_of_the_exact_form_is_kept() -> None:
    """Of two readings of an id the well-formed one stays; two well-formed ones contest."""
    good, cut = read("48010202442"), read("4801020244")
    other = read("48010202443")
    merged = merge(aba_success(references={"aba.trx": good}), unlike_id(cut))
    assert "48010202442" == merged.references["aba.trx"].value
    both = merge(aba_success(references={"aba.trx": good}), unlike_id(other))
    assert FieldState.CONTESTED is both.references["aba.trx"].state
    spaced = merge(aba_success(references={"aba.trx": good}), unlike_id(read("480 102 024 42")))
    assert FieldState.READ is spaced.references["aba.trx"].state


def unlike_id(reading: FieldReading[str]) -> PaymentEvidence:
    """Return another picture with its own reading of the id."""
    return attrs.evolve(unlike(), references={"aba.trx": reading})


def test_what_is_counted() -> None:
    """Labels are those of the better layout; words, versions, rows and notes add up."""
    one = aba_success(
        layout="generic",
        labels=9,
        success_word=True,
        engine_versions=("b", "a"),
        own_code="a",
        amount_rows=(DUE,),
        notes=("x",),
        full_readings=2,
        text_characters=10,
    )
    two = acleda(
        labels=4,
        success_word=False,
        engine_versions=("c",),
        own_code=None,
        amount_rows=(OTHER,),
        notes=("y", "x"),
        full_readings=1,
        text_characters=90,
    )
    typed = aba_success(source=Source.MANUAL, amount_rows=(Money(1, KHR),), labels=0)
    merged = merge(one, two, typed)
    assert ("acleda.receipt", 4, True) == (merged.layout, merged.labels, merged.success_word)
    assert ("a", "b", "c") == merged.engine_versions
    assert ((DUE, OTHER), "a", 2, 90) == (
        merged.amount_rows,
        merged.own_code,
        merged.full_readings,
        merged.text_characters,
    )
    assert {"x", "y"} <= set(merged.notes)
    assert frozenset({Source.SCREENSHOT, Source.MANUAL}) == merged.sources
    assert 3 == len(merged.parts)


def test_pictures_of_one_transfer_share_a_reference() -> None:
    """The same value under any scheme; typed ids share nothing."""
    assert shares_reference(aba_success(), unlike())
    renamed = aba_success(references={"generic.ref": read("480 1020 2442")})
    assert shares_reference(aba_success(), renamed)
    assert not shares_reference(aba_success(), acleda())
    assert not shares_reference(aba_success(), aba_success(source=Source.MANUAL))

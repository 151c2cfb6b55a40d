"""An id that was read twice, with characters lost or confused, is noticed (sections 9 and 10)."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kasa.adapters.conformance.receipts import aba_success, acleda, alert, unknown_bank
from kasa.adapters.conformance.strategies_payments import PAID_AT, read
from kasa.domain.payments.evidence import ABSENT, FieldReading, FieldState, PaymentEvidence
from kasa.domain.payments.resemblance import LOOK_ALIKES, resembles

LATER = PAID_AT + timedelta(hours=5)


def shown(scheme: str, value: str, **changes: Any) -> PaymentEvidence:
    """Return a receipt of some hours later with one id."""
    receipt = aba_success(references={scheme: read(value)}, paid_at=read(LATER))
    return attrs.evolve(receipt, **changes)


PAIRS = [
    ("vattanac.trx", "001FTRA26305WNE0", "001FTRA26305WNEO"),
    ("wing.trx", "000234726121HQW0", "000234726I21HQWO"),
    ("wing.trx", "000234726121HQW0", "000234726121HQV0"),
    ("generic.ref", "8X1RQBL9BL", "8X1RQBLOBL"),
    ("generic.ref", "8X1RQB19BL", "BX1RQBI9BL"),
    ("bakong.hash8", "be5f15d3", "bedf1503"),
    ("bakong.hash8", "be5f15d3", "be5f0000"),
    ("bakong.hash", "ab" * 32, "ab" * 16 + "00" * 16),
]


@pytest.mark.parametrize(("scheme", "printed", "misread"), PAIRS)
def test_a_misread_id_is_near(scheme: str, printed: str, misread: str) -> None:
    """One character, two look-alikes, or half of a hash: both may be one transfer."""
    one = aba_success(references={scheme: read(printed)})
    other = shown(scheme, misread)
    assert {"near_duplicate"} == resembles(one, other) == resembles(other, one)


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        ("wing.trx", "000234726121HQW0", "000234726121HXY0"),
        ("aba.trx", "48010202442", "48010202464"),
        ("plb.ref", "10808", "18880"),
        ("bakong.hash8", "be5f15d3", "be500000"),
        ("generic.ref", "8X1RQB19BL", "8X1RQB19BLXY"),
    ],
)
def test_other_ids_are_other_transfers(scheme: str, one: str, other: str) -> None:
    """Two characters that nobody confuses, or a hash in its larger part, are another id."""
    assert not resembles(aba_success(references={scheme: read(one)}), shown(scheme, other))


def test_an_id_read_under_another_scheme_is_near() -> None:
    """What one picture shows as a bank's id another may show as any reference, misread."""
    one = acleda(references={"vattanac.trx": read("001FTRA26138Y54J")})
    other = unknown_bank(references={"generic.ref": read("QO1FTRA26138Y54J")}, paid_at=read(LATER))
    assert {"near_duplicate"} == resembles(one, other) == resembles(other, one)
    hashed = acleda(references={"bakong.hash8": read("79f9b908")})
    plain = unknown_bank(references={"generic.ref": read("79F9B908")}, paid_at=read(LATER))
    assert {"near_duplicate"} == resembles(hashed, plain) == resembles(plain, hashed)


def test_every_reading_of_a_contested_id_counts() -> None:
    """An id that was read as two resembles what either of them resembles."""
    contested: FieldReading[str] = FieldReading(
        state=FieldState.CONTESTED, candidates=("48010202443", "98010277777")
    )
    one, other = aba_success(), shown("aba.trx", "1", references={"aba.trx": contested})
    assert {"near_duplicate"} == resembles(one, other) == resembles(other, one)
    same_minute = attrs.evolve(other, paid_at=read(PAID_AT))
    assert {"near_duplicate"} == resembles(one, same_minute)


def test_two_messages_of_banks_are_two_transfers() -> None:
    """No bank misreads its own id: two that differ are two payments, in one minute too."""
    one, other = alert(), alert(references={"payway.trx": read("178935606000002")})
    assert not resembles(one, other)
    assert {"near_duplicate"} == resembles(one, aba_success(references=other.references))
    assert {"near_duplicate"} == resembles(one, attrs.evolve(other, references={}))


@given(
    value=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=16),
    places=st.sets(st.integers(0, 7), min_size=1, max_size=2),
    data=st.data(),
)
def test_any_two_look_alikes_are_noticed(value: str, places: set[int], data: st.DataObject) -> None:
    """Wherever they stand in the id, and whichever they are."""
    letters = list(value)
    for place in places:
        alike = sorted(
            {one for group in LOOK_ALIKES if letters[place] in group for one in group}
            - {letters[place]}
        )
        assume(alike)
        letters[place] = data.draw(st.sampled_from(alike))
    one = unknown_bank(references={"generic.ref": read(value)}, paid_at=ABSENT)
    other = unknown_bank(references={"generic.ref": read("".join(letters))}, paid_at=ABSENT)
    assert {"near_duplicate"} == resembles(one, other)

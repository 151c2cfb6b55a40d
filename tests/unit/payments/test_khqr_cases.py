"""Every case of `khqr.json`: built texts and digests, read tags, faults at several clocks."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.money import currency
from kasa.domain.payments.khqr import (
    KhqrCode,
    KhqrKind,
    KhqrRequest,
    build_khqr,
    khqr_amount,
)
from kasa.domain.payments.khqr_faults import KhqrFault, verify_khqr
from kasa.domain.payments.khqr_reading import read_khqr
from tests.places import CASES

pytestmark = pytest.mark.cases

ALL = json.loads((CASES / "khqr.json").read_text(encoding="utf-8"))["cases"]
BUILD = [pytest.param(case, id=case["id"]) for case in ALL if case["kind"] == "build"]
READ = [pytest.param(case, id=case["id"]) for case in ALL if case["kind"] == "read"]
NUMBERS = {fault.code: fault.number for fault in KhqrFault}


def at(clock_ms: int) -> datetime:
    """Return the moment of a case."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=clock_ms)


def build(case: dict[str, Any]) -> KhqrCode:
    """Build the code of a case."""
    given = dict(case["request"])
    unit, amount = currency(given.pop("currency")), given.pop("amount", None)
    request = KhqrRequest(
        kind=KhqrKind(given.pop("kind")),
        currency=unit,
        amount=None if amount is None else khqr_amount(amount, unit),
        **given,
    )
    return build_khqr(request, at(case["clock_ms"]))


@pytest.mark.parametrize("case", BUILD)
def test_build(case: dict[str, Any]) -> None:
    """A request gives exactly the expected text and digest, or is refused with the code."""
    expect = case["expect"]
    if "refused" in expect:
        with pytest.raises(Invalid) as refused:
            build(case)
        assert expect["refused"] == refused.value.code
        assert expect["nbc_code"] == NUMBERS[refused.value.code]
    else:
        assert KhqrCode(expect["payload"], expect["md5"]) == build(case)


@pytest.mark.parametrize("case", READ)
def test_read(case: dict[str, Any]) -> None:
    """A text gives the expected tags, order, wholeness, checksum and digest."""
    expect = case["expect"]
    content = read_khqr(case["payload"])
    seen: dict[str, object] = {
        "md5": content.md5,
        "whole": content.whole,
        "crc_ok": content.crc_ok,
        "tags": {
            tag: dict(value) if isinstance(value, Mapping) else value
            for tag, value in content.tags.items()
        },
        "order": list(content.order),
    }
    wanted = {name: value for name, value in expect.items() if name != "verify"}
    assert wanted == {name: seen[name] for name in wanted}


@pytest.mark.parametrize("case", READ)
def test_verify(case: dict[str, Any]) -> None:
    """At each clock the text is valid or not, and the central bank's fault is among ours."""
    for moment in case["expect"]["verify"]:
        faults = verify_khqr(case["payload"], at(moment["clock_ms"]))
        assert moment["valid"] == (faults == ())
        if not moment["valid"]:
            assert moment["refused"] in {fault.code for fault in faults}
            assert moment["nbc_code"] == NUMBERS[moment["refused"]]

"""Golden samples: recognised text as a file, and what it is read as beside it."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from kasa.domain.payments.evidence import PaymentEvidence
from kasa.domain.payments.receipts.reading import read_text
from kasa.domain.payments.recognition import (
    Box,
    Effort,
    Languages,
    Reading,
    RecognizedText,
    Word,
)
from tests.places import ROOT

SAMPLES = ROOT / "tests" / "unit" / "payments" / "bank_samples"
FIELDS = (
    *("receipt", "outcome", "direction", "amount", "debited", "fee", "paid_at"),
    *("recipient_name", "recipient_account", "recipient_bank"),
    *("payer_name", "payer_account", "remark"),
)
LETTER, HEIGHT, PITCH = 12, 20, 44


def evidence_of(text: str, near: str) -> PaymentEvidence:
    """Return what a sample says: a line per row, ``||`` between columns, ``44>`` its height."""
    words: list[Word] = []
    top = 40
    for line in text.splitlines():
        mark, _, rest = line.partition("> ")
        height, row = (int(mark), rest) if mark.isdigit() else (HEIGHT, line)
        width = LETTER * height // HEIGHT
        for column, part in enumerate(row.split("||")):
            left = 40 + column * 400
            for word in part.split():
                words.append(Word(word, Box(left, top, width * len(word), height), 95))
                left += width * (len(word) + 1)
        top += PITCH + height - HEIGHT
    reading = Reading(
        words=tuple(words),
        engine="test",
        languages=Languages.BOTH,
        effort=Effort.FIRST,
        page_mode=11,
    )
    seen = RecognizedText(readings=(reading,), width=900, height=1600)
    return read_text(seen, datetime.fromisoformat(near), ())


def facts(evidence: PaymentEvidence) -> Mapping[str, str]:
    """Return what was read, as text, by field; references by their scheme."""
    readings = {name: getattr(evidence, name) for name in FIELDS}
    readings |= {f"reference {scheme}": one for scheme, one in evidence.references.items()}
    known = {name: one.value for name, one in readings.items() if one.is_read}
    return {"layout": evidence.layout, **{name: said(value) for name, value in known.items()}}


def said(value: object) -> str:
    """Return a value as the sample's file has it."""
    return str(getattr(value, "value", value))


def golden(path: Path) -> Path:
    """Return the file of what a sample is read as."""
    return path.with_suffix(".json")


def write(path: Path, found: Mapping[str, str]) -> None:
    """Write what a sample is read as."""
    text = json.dumps(found, ensure_ascii=False, indent=1)
    golden(path).write_text(text + "\n", encoding="utf-8")

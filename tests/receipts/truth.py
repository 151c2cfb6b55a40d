"""The labels of a case, as `truth.json` has them (format 1)."""

from collections.abc import Iterable, Mapping
from typing import Any

from kasa.domain.kernel.money import Money
from tests.receipts.drafts import Draft
from tests.receipts.facts import Invoice, Transfer
from tests.receipts.page import Mark
from tests.receipts.prints import iso

_ALSO = ("amount_row", "total", "fee", "balance", "cashback", "limit", "banner", "debit")
_ALSO_OTHERS = (*_ALSO, "amount_due", "history")
_KINDS = {"success": "receipt", "received": "received"}


def invoice_label(asked: Invoice) -> Mapping[str, Any]:
    """Return what is expected."""
    return {
        "number": asked.number,
        "amount": asked.amount.text,
        "currency": asked.amount.currency.code,
        "recipients": list(asked.payee.names),
        "accounts": [asked.payee.account],
        "bank": asked.payee.bank,
        "issued_at": iso(asked.issued_at, seconds=True),
        "now": iso(asked.now, seconds=True),
    }


def printed_label(
    draft: Draft, marks: Iterable[Mark], hidden: frozenset[str], *, kind: str | None = None
) -> Mapping[str, Any]:
    """Return what the picture shows; what cannot be read any more is left out."""
    transfer = draft.transfer
    seen = {mark.role: mark.text for mark in marks if mark.role not in hidden}
    incoming = draft.kind.key == "aba_received" or transfer.outcome == "received"
    shows_name = not incoming and "payee" in seen
    return {
        "kind": kind
        or ("received" if incoming else _KINDS.get(transfer.outcome, transfer.outcome)),
        "bank": None if kind else draft.kind.bank,
        "bank_text": seen.get("bank"),
        "status": None if kind else transfer.outcome,
        "status_text": seen.get("status"),
        "amount": _amount(seen, transfer, kind),
        "amount_before_edit": transfer.before_edit.text if transfer.before_edit else None,
        "debit": _debit(seen, transfer),
        "other_amounts": [
            {"role": role, "text": seen[role]} for role in _ALSO_OTHERS if role in seen
        ],
        "date": _date(seen, transfer),
        "ids": [
            {"role": role.removeprefix("id:"), "text": text}
            for role, text in seen.items()
            if role.startswith("id:")
        ],
        "payee_name": seen.get("payee") if shows_name else None,
        "payee_name_complete": shows_name,
        "payee_text": seen.get("payee") if shows_name else None,
        "payee_account": seen.get("payee_account"),
        "payee_bank": seen.get("payee_bank"),
        "payer_name": seen.get("payer_name") or seen.get("payer"),
        "payer_account": seen.get("payer_account"),
        "remark": seen.get("remark"),
        "hidden": sorted(role.replace("id:", "") for role in hidden),
    }


def _amount(
    seen: Mapping[str, str], transfer: Transfer, kind: str | None
) -> Mapping[str, Any] | None:
    if "amount" not in seen:
        return None
    money, code = transfer.amount, transfer.amount.currency.code
    return {
        "text": seen["amount"],
        "value": money.text,
        "currency": transfer.foreign[1] if transfer.foreign else code,
    }


def _debit(seen: Mapping[str, str], transfer: Transfer) -> Mapping[str, Any] | None:
    if "debit" not in seen:
        return None
    money: Money = transfer.debit or transfer.before_edit or transfer.amount
    return {"text": seen["debit"], "value": money.text, "currency": money.currency.code}


def _date(seen: Mapping[str, str], transfer: Transfer) -> Mapping[str, Any] | None:
    text = seen.get("date") or seen.get("date_s")
    if text is None:
        return None
    return {"text": text, "iso": iso(transfer.paid_at, seconds="date_s" in seen)}

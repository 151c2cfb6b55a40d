"""Why a receipt must not be approved: one function per attack."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random

import attrs

from kasa.domain.kernel.money import KHR, USD, Money
from tests.receipts.drafts import Draft
from tests.receipts.facts import Payee, account, payee, person
from tests.receipts.references import reference

Story = Callable[[Draft, Random], Draft]
ID_DAYS = (5, 12, 45, 200)
FOREIGN = (("₹", "INR"), ("฿", "THB"), ("€", "EUR"), ("¥", "CNY"))


def wrong_amount(draft: Draft, random: Random) -> Draft:
    """Another amount was paid: a digit, two digits changed places, a tenth, cents, five percent."""
    paid = draft.transfer.amount
    digits = list(str(paid.minor))
    variants = {
        "ten_times_less": paid.minor * 10,
        "five_percent_less": max(paid.minor + 1, paid.minor * 105 // 100),
        "one_digit": paid.minor + 10 ** (len(digits) - 1),
    }
    if paid.currency == USD and paid.minor % 100 == 0:
        variants["cents_dropped"] = paid.minor + random.randrange(5, 99)
    if len(digits) > 1 and digits[0] != digits[1] and digits[1] != "0":
        digits[0], digits[1] = digits[1], digits[0]
        variants["transposed"] = int("".join(digits))
    if paid.currency == KHR:
        variants["separator_trap"] = paid.minor * 100
    variant = random.choice(sorted(variants))
    asked = Money(variants[variant], paid.currency)
    return draft.asked(amount=asked).refused("wrong_amount", variant, "Another amount was paid.")


def wrong_currency(draft: Draft, random: Random) -> Draft:
    """The same figure in another money."""
    paid = draft.transfer.amount
    if not draft.kind.known and random.random() < 0.5:
        told = draft.paid(foreign=random.choice(FOREIGN), debit=None)
        why = "Same figures, another country's money."
        return told.refused("wrong_currency", "foreign", why)
    if paid.currency == USD and paid.minor % 100:
        whole = Money(max(1, paid.minor // 100) * 100, USD)
        draft, paid = draft.paid(amount=whole, debit=None), whole
    asked = Money(paid.minor // 100, KHR) if paid.currency == USD else Money(paid.minor * 100, USD)
    variant = "dollars_for_riel" if paid.currency == USD else "riel_for_dollars"
    told = draft.asked(amount=asked)
    return told.refused("wrong_currency", variant, "Same figures, another currency.")


def wrong_recipient(draft: Draft, random: Random) -> Draft:
    """The money went to somebody else."""
    other = payee(random)
    variant = "other_shop"
    if random.random() < 0.5:
        other = attrs.evolve(other, names=(person(random),))
        variant = "other_person"
    if not draft.transfer.hides_account and random.random() < 0.4:
        names = draft.transfer.payee.names
        other = Payee(names=names, account=account(random), bank=draft.transfer.payee.bank)
        variant = "same_name_other_account"
    why = "The money went to somebody else."
    return draft.paid(payee=other).refused("wrong_recipient", variant, why)


def similar_recipient(draft: Draft, random: Random) -> Draft:
    """A name that nearly agrees; the account, when printed, is another."""
    ours = draft.transfer.payee
    name = ours.names[0]
    place = next(i for i, letter in enumerate(name) if i > 0 and letter in "AEIOU")
    other = random.choice([letter for letter in "AEIOU" if letter != name[place]])
    words = name.split()
    variants = {
        "one_letter": name[:place] + other + name[place + 1 :],
        "swapped_letters": name[0] + name[2] + name[1] + name[3:],
        "extra_word": f"{words[0]} ONLINE",
    }
    usable = {k: v for k, v in variants.items() if v != name and v not in ours.names}
    variant = random.choice(sorted(usable))
    theirs = Payee(names=(usable[variant],), account=account(random), bank=ours.bank)
    why = "A name that only looks like ours."
    return draft.paid(payee=theirs).refused("similar_recipient", variant, why)


def old_receipt(draft: Draft, random: Random) -> Draft:
    """It was paid long before the invoice was issued."""
    days = random.choice((3, 9, 14, 31, 60, 365))
    issued_at = draft.transfer.paid_at + timedelta(days=days)
    told = draft.asked(
        issued_at=issued_at, now=issued_at + timedelta(hours=random.randrange(1, 30))
    )
    return told.refused("old_receipt", f"{days}_days", "Paid before the invoice was issued.")


def future_date(draft: Draft, random: Random) -> Draft:
    """It is dated after the moment it was sent."""
    days = random.choice((2, 8, 30))
    now = draft.transfer.paid_at - timedelta(days=days)
    told = draft.asked(issued_at=now - timedelta(hours=random.randrange(2, 40)), now=now)
    return told.refused("future_date", f"{days}_days", "Dated after it was sent.")


def edited_amount(draft: Draft, random: Random) -> Draft:
    """The headline was painted over; the row below still tells the truth, where there is one."""
    paid = draft.transfer.amount
    variant = random.choice(("headline_only", "digit_added")) if draft.kind.again else "everywhere"
    forged = Money(paid.minor * random.randrange(2, 9), paid.currency)
    if variant == "digit_added":
        forged = Money(paid.minor + random.randrange(1, 9) * 10 ** len(str(paid.minor)), KHR)
        forged = attrs.evolve(forged, currency=paid.currency)
    told = draft.paid(amount=forged, before_edit=paid, debit=None).asked(amount=forged)
    return told.refused("edited_amount", variant, "The figure was painted over.")


def id_date_contradiction(draft: Draft, random: Random) -> Draft:
    """The reference was made on another day than printed."""
    days = random.choice(ID_DAYS)
    made_at = draft.transfer.paid_at - timedelta(days=days)
    scheme = draft.kind.dated or ""
    inside = random.choice(("canadia.ft", "cp.trx", "sathapana.trx"))
    value = reference(inside if scheme == "generic" else scheme, made_at, random)
    told = draft.paid(references={**draft.transfer.references, scheme: value})
    why = f"The reference was made {days} days before the printed date."
    return told.refused("id_date_contradiction", f"id_{days}_days_before_date", why)


def unfinished(draft: Draft, random: Random) -> Draft:
    """The transfer waits, or is set for later."""
    outcome = random.choice(("pending", "scheduled"))
    told = draft.paid(outcome=outcome, debit=None)
    return told.refused("scheduled", outcome, "The transfer is not finished.")


def failed(draft: Draft, random: Random) -> Draft:
    """The transfer failed."""
    told = draft.paid(outcome="failed", debit=None)
    return told.refused("failed", "failed", "The transfer failed.")


def decoy_amount(draft: Draft, random: Random) -> Draft:
    """Another figure on the screen equals the invoice, the headline does not."""
    paid = draft.transfer.amount
    asked = Money(paid.minor * random.choice((3, 10, 12)), paid.currency)
    field = random.choice(("balance", "cashback", "daily_limit", "fee"))
    told = draft.paid(**{field: asked}).asked(amount=asked)
    why = "Another figure on the screen equals the invoice, the headline does not."
    return told.refused("decoy_amount", field, why)


def decoy_remark(draft: Draft, random: Random) -> Draft:
    """The remark claims the invoice's amount."""
    paid = draft.transfer.amount
    asked = Money(paid.minor * 10, paid.currency)
    claim = f"{int(asked.text.split('.')[0]):,} {asked.currency.code}"
    told = draft.paid(remark=claim).asked(amount=asked)
    return told.refused("decoy_amount", "remark", "The remark claims another figure.")


def riel_sign_digit(draft: Draft, random: Random) -> Draft:
    """Reading the riel sign as a digit would give the invoice's amount."""
    paid = Money(random.randrange(10, 999) * 1000, KHR)
    before = draft.kind.key != "acleda"
    digit = "4" if before else random.choice("348")
    asked = Money(int(f"{digit}{paid.minor}" if before else f"{paid.minor}{digit}"), KHR)
    told = draft.paid(amount=paid, debit=None).asked(amount=asked)
    variant = "sign_before" if before else "sign_after"
    return told.refused("riel_sign_digit", variant, "The sign read as a digit gives the invoice.")


def partial_payment(draft: Draft, random: Random) -> Draft:
    """A first half of the sum."""
    asked = Money(draft.transfer.amount.minor * 2, draft.transfer.amount.currency)
    return draft.asked(amount=asked).refused(None, "partial_payment", "A first half of the sum.")


def _hidden(variant: str, damage: str) -> Story:
    def told(draft: Draft, random: Random) -> Draft:
        why = "Honest, but not readable enough to decide alone."
        return attrs.evolve(draft.refused(None, variant, why), damage=damage)

    told.__doc__ = "What decides was cut off, covered or shaken."
    return told


STORIES: Mapping[str, Story] = {
    "wrong_amount": wrong_amount,
    "wrong_currency": wrong_currency,
    "wrong_recipient": wrong_recipient,
    "similar_recipient": similar_recipient,
    "old_receipt": old_receipt,
    "future_date": future_date,
    "edited_amount": edited_amount,
    "id_date_contradiction": id_date_contradiction,
    "scheduled": unfinished,
    "failed": failed,
    "decoy_amount": decoy_amount,
    "decoy_remark": decoy_remark,
    "riel_sign_digit": riel_sign_digit,
    "partial_payment": partial_payment,
    "cropped": _hidden("rows_cropped", "crop_away"),
    "covered": _hidden("amount_covered", "cover_amount"),
    "blurred": _hidden("too_blurred", "blur"),
}


def possible(draft: Draft) -> tuple[str, ...]:
    """Return the stories that a layout can tell."""
    kind = draft.kind
    left_out = set()
    if kind.dated is None or (
        kind.dated == "payway.trx" and "apv" not in draft.transfer.references
    ):
        left_out.add("id_date_contradiction")
    if not kind.signed:
        left_out.add("riel_sign_digit")
    if not kind.known or (kind.again and not kind.key.startswith("aba")):
        left_out.add("covered")
    if not kind.says:
        left_out |= {"scheduled", "failed"}
    if kind.known:
        left_out.add("decoy_amount")
    if kind.key in {"ppc", "wing", "acleda", "vattanac", "prasac"}:
        left_out.add("decoy_remark")
    return tuple(name for name in STORIES if name not in left_out)

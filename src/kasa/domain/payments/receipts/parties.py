"""Who paid whom, as a receipt prints it: names, accounts, banks (payments.md, section 12)."""

from collections.abc import Sequence

import attrs

from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.evidence import ABSENT, UNREADABLE, FieldReading, FieldState
from kasa.domain.payments.names import edits, letters, look_alike_edits
from kasa.domain.payments.receipts.printed_party import Party, account_in, party_of
from kasa.domain.payments.receipts.regions import LaidOut, Region
from kasa.domain.payments.receipts.sides import loose_accounts, payees_on, prefixes_on
from kasa.domain.payments.recognition import Box, Languages


@attrs.frozen(kw_only=True)
class Parties:
    """Payee and payer over all readings."""

    recipient_name: FieldReading[str] = ABSENT
    recipient_account: FieldReading[str] = ABSENT
    recipient_bank: FieldReading[str] = ABSENT
    payer_name: FieldReading[str] = ABSENT
    payer_account: FieldReading[str] = ABSENT


def read_parties(pages: Sequence[LaidOut], headline: Box | None) -> Parties:
    """Return who paid whom; the Khmer data alone misreads Latin names and numbers."""
    lent = [(page.page.reading.turn, box) for page in pages for box in prefixes_on(page, headline)]
    pages = [page for page in pages if page.page.languages is not Languages.KHMER]
    payees = [
        party
        for page in pages
        for party in payees_on(
            page, headline, [box for turn, box in lent if turn == page.page.reading.turn]
        )
    ]
    payers = [
        party_of(region.lines, page, "from") for page in pages for region in page.of(Part.FROM)
    ]
    labelled = [
        region.text
        for page in pages
        for region in page.of(Part.TO_ACCOUNT, Part.ACCOUNT)
        if not _is_payers(page, region)
    ]
    accounts = [account_in(text) for text in labelled] + [party.account for party in payees]
    if not any(accounts):
        accounts = [number for page in pages for number in loose_accounts(page, headline)]
    banks = [
        region.text
        for page in pages
        for region in page.of(Part.TO_BANK, Part.BANK)
        if not _is_payers(page, region)
    ] + [party.bank for party in payees if party.bank]
    layout = pages[0].layout if pages else None
    absent = layout.absent if layout else frozenset()
    return Parties(
        recipient_name=_name_field([party for party in payees if party.name]),
        recipient_account=ABSENT
        if Part.TO_ACCOUNT in absent
        else _account_field([number for number in accounts if number], labelled),
        recipient_bank=_text_field(banks),
        payer_name=_name_field([party for party in payers if party.name]),
        payer_account=_account_field([party.account for party in payers if party.account], ()),
    )


def _is_payers(page: LaidOut, region: Region) -> bool:
    """Tell whether an account or a bank stands in the payer's block: its label says no side."""
    if region.part not in {Part.ACCOUNT, Part.BANK}:
        return False
    sides = [one for one in page.of(Part.TO, Part.FROM) if one.row <= region.row]
    return not sides or sides[-1].part is Part.FROM


def _name_field(parties: Sequence[Party]) -> FieldReading[str]:
    """Return one name for all places and readings; places that print two names contest it."""
    if not parties:
        return UNREADABLE
    groups: list[list[Party]] = []
    for party in parties:
        for group in groups:
            if _same_name(party.name, group[0].name):
                group.append(party)
                break
        else:
            groups.append([party])
    groups.sort(key=_belief, reverse=True)
    best = groups[0]
    others = [
        group
        for group in groups[1:]
        if _is_other_name(group, best)
        and (len(group) > 1 or len(best) == 1)
        and not all(one.cut for one in group)
    ]
    if others:
        names = tuple(group[0].name for group in (best, *others))
        return FieldReading(state=FieldState.CONTESTED, candidates=names)
    chosen = min(
        best,
        key=lambda party: (party.cut, party.doubt, party.languages is not Languages.ENGLISH),
    )
    return FieldReading(
        state=FieldState.READ,
        value=chosen.name,
        seen=len(best),
        engines=1,
        labelled=True,
        cut=chosen.cut,
        box=chosen.box,
    )


def _belief(group: Sequence[Party]) -> tuple[bool, bool, bool, bool, int]:
    """Return how much a name is believed: whole, behind its words, sure, by English data, often."""
    whole = any(not party.cut for party in group)
    english = any(party.languages is Languages.ENGLISH and not party.cut for party in group)
    prefixed = any(party.prefixed and not party.cut for party in group)
    sure = any(not party.cut and not party.doubt for party in group)
    return whole, prefixed, sure, english, len(group)


def _same_name(left: str, right: str) -> bool:
    one, other = letters(left), letters(right)
    return one == other or look_alike_edits(one, other) is not None


def _is_other_name(group: Sequence[Party], best: Sequence[Party]) -> bool:
    """Tell whether another place prints another name, rather than the same one misread."""
    if {party.place for party in group} & {party.place for party in best}:
        return False
    one, other = letters(group[0].name), letters(best[0].name)
    if one in other or other in one:
        return False
    return edits(one, other) > max(len(one), len(other)) // 3


def _account_field(numbers: Sequence[str], labelled: Sequence[str]) -> FieldReading[str]:
    """Return one account number; what stands behind its label torn contests what is not read."""
    values = tuple(dict.fromkeys(numbers))
    if not values:
        torn = tuple(dict.fromkeys(text for text in labelled if any(map(str.isdecimal, text))))
        return FieldReading(state=FieldState.CONTESTED, candidates=torn) if torn else UNREADABLE
    if len(values) > 1:
        return FieldReading(state=FieldState.CONTESTED, candidates=values)
    return FieldReading(
        state=FieldState.READ, value=values[0], seen=len(numbers), engines=1, labelled=True
    )


def _text_field(texts: Sequence[str]) -> FieldReading[str]:
    values = [text for text in texts if text.strip()]
    if not values:
        return ABSENT
    best = max(dict.fromkeys(values), key=values.count)
    return FieldReading(
        state=FieldState.READ, value=best, seen=values.count(best), engines=1, labelled=True
    )

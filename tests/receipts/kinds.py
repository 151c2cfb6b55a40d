"""Every layout the generator draws, with what a story may ask of it."""

from collections.abc import Callable, Mapping
from random import Random

import attrs

from tests.receipts import aba, banks, banks_cards, generic
from tests.receipts.facts import Transfer
from tests.receipts.page import Page

Draw = Callable[[Page, Transfer, Random, str], None]


@attrs.frozen(kw_only=True)
class Kind:
    """One layout: ``schemes`` are the ids it prints, ``dated`` the one that carries its day.

    ``account``: it always prints the payee's account (False: never; None: as the story wants).
    ``again``: it prints the paid amount a second time, so a forged headline contradicts it.
    ``signed``: the amount stands beside a currency sign. ``says``: it prints how far it is.
    ``light``: its colours are its own. ``needs_status``: cut without it, it proves nothing.
    """

    key: str
    draw: Draw
    bank: str
    schemes: tuple[str, ...]
    languages: tuple[str, ...] = ("km",)
    known: bool = True
    dated: str | None = None
    account: bool | None = None
    again: bool = False
    signed: bool = False
    says: bool = True
    debits: bool = False
    light: bool = False
    needs_status: bool = True
    weight: int = 2


_GENERIC = {
    "gen_hero": generic.hero,
    "gen_left": generic.left,
    "gen_cells": generic.cells,
    "gen_slip": generic.slip,
    "gen_blocks": generic.blocks,
}
_KNOWN = (
    Kind(
        key="aba_success",
        draw=aba.success,
        bank="ABA",
        schemes=("aba.trx",),
        languages=("en", "km"),
        account=False,
        debits=True,
        needs_status=False,
        weight=4,
    ),
    Kind(
        key="aba_card",
        draw=aba.card,
        bank="ABA",
        schemes=("aba.trx", "aba.ft"),
        languages=("en", "en", "km"),
        dated="payway.trx",
        again=True,
        says=False,
        debits=True,
        weight=4,
    ),
    Kind(
        key="aba_sheet",
        draw=aba.sheet,
        bank="ABA",
        schemes=("aba.trx", "aba.ft"),
        languages=("en", "km"),
        again=True,
        says=False,
        debits=True,
        weight=1,
    ),
    Kind(
        key="acleda",
        draw=banks.acleda,
        bank="ACLEDA",
        schemes=("acleda.ref", "bakong.hash8"),
        dated="acleda.ref",
        needs_status=False,
        account=False,
        again=True,
        signed=True,
        debits=True,
        weight=3,
    ),
    Kind(
        key="wing",
        draw=banks.wing,
        bank="Wing",
        schemes=("wing.trx",),
        languages=("en", "km"),
        dated="wing.trx",
        signed=True,
        weight=3,
    ),
    Kind(
        key="vattanac",
        draw=banks.vattanac,
        bank="Vattanac",
        schemes=("vattanac.trx", "bakong.hash8"),
        dated="vattanac.trx",
        light=True,
        account=False,
        again=True,
        signed=True,
    ),
    Kind(
        key="prasac",
        draw=banks_cards.prasac,
        bank="KB PRASAC",
        schemes=("prasac.ref", "bakong.hash8"),
        account=True,
        light=True,
    ),
    Kind(
        key="ppc",
        draw=banks_cards.ppc,
        bank="PPCBank",
        schemes=("ppc.trx", "bakong.hash8"),
        account=True,
        again=True,
        signed=True,
    ),
)
RECEIVED = Kind(
    key="aba_received",
    draw=aba.received,
    bank="ABA",
    schemes=("aba.trx", "aba.ft"),
    languages=("en",),
    account=True,
    says=False,
)
"""The receiver's side: it is never an honest receipt, so no plan draws it by itself."""

KINDS: Mapping[str, Kind] = {
    **{kind.key: kind for kind in _KNOWN},
    **{
        key: Kind(
            key=key,
            draw=draw,
            bank="invented",
            schemes=("generic",),
            languages=("en", "en", "km"),
            known=False,
            dated="generic",
            again=key not in {"gen_cells", "gen_blocks"},
            weight=2,
        )
        for key, draw in _GENERIC.items()
    },
}

"""Where a run of the stock machine must have been."""

from collections import Counter

OFTEN = 20
ALWAYS = (
    "issue: ok",
    "pay: ok",
    "pay again: ok",
    "receive: ok",
    "receive again: answered",
    "adjust refuse: ok",
    "adjust newest: ok",
    "undo: ok",
    "mark: ok",
    "policy: ok",
    "sweep: ok",
    "commit count: ok",
    "return restock: ok",
    "return scrap: ok",
    "unpay gone=False: ok",
    "new > held",
    "held > consumed",
    "owed > consumed",
)
"""What happens at least 20 times in a run."""

DEEP = (
    "issue: stock.insufficient",
    "issue paid: ok",
    "issue paid: stock.insufficient",
    "issue accepting: ok",
    "issue paid accepting: ok",
    "void: ok",
    "write_off: ok",
    "deliver: ok",
    "deliver: stock.insufficient",
    "deliver: reservation.wrong_state",
    "unpay gone=None: ok",
    "unpay gone=True: ok",
    "return keep: ok",
    "return restock: return.nothing",
    "return restock: return.too_much",
    "adjust refuse: stock.insufficient",
    "adjust refuse: stock.reserved",
    "adjust: stock.reason",
    "undo: movement.already_reversed",
    "undo: movement.not_reversible",
    "undo: stock.reserved",
    "policy: stock.policy_in_use",
    "open count: ok",
    "open count: count.open",
    "enter count: ok",
    "enter count: count.closed",
    "commit count: count.closed",
    "commit count: count.impossible",
    "commit count: stock.reserved",
    "cancel count: ok",
    "cancel count: count.closed",
    "new > consumed",
    "new > released",
    "new > owed in part from new",
    "new > owed whole from new",
    "held > released",
    "held > owed in part from held",
    "held > owed whole from held",
    "released > consumed",
    "released > owed in part from released",
    "released > owed whole from released",
    "consumed > held",
    "consumed > released",
    "owed > held",
    "owed > released",
)
"""What happens at least once: every refusal, and every change of state."""


def missed(covered: Counter[str]) -> list[str]:
    """Return what a run should have reached and did not, with how often it was there."""
    rare = [f"{what} {covered[what]} times" for what in ALWAYS if covered[what] < OFTEN]
    return rare + [what for what in DEEP if not covered[what]]

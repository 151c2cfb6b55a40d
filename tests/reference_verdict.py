"""The generated page on verdicts: checks, worked examples, and every reason in words."""

from collections.abc import Iterator, Sequence

from kasa.adapters.babel.wording import BabelWording
from kasa.application.ports.phrasing import Sentence
from kasa.application.ports.sentences import REASONS
from kasa.application.ports.wording import Language
from kasa.domain.payments.rules import RULES
from tests.unit.payments.test_worked_examples import EXAMPLES

MANY = 7
RULE_HEADS = ("check", "differs: at most", "not readable: at most", "points", "only while")
RULES_TEXT = """## Checks

A check that differs or cannot be read limits what a payment can still reach; one that matches adds
its points, some only while another check matches too. 80 points approve. A single finding may limit
more or give less than its row.
"""
EXAMPLES_TEXT = """## Worked examples

The sum of the points, the lowest limit, and what follows.
"""
REASONS_TEXT = """## Reasons

Of several sentences the first one is said whose values are known. A code without a row for the
customer is not told to the customer.
"""


def rules() -> Iterator[Sequence[object]]:
    """Yield every gate and rule with its caps and points."""
    for rule in RULES:
        caps = [cap if cap < 100 else "" for cap in (rule.differs, rule.unreadable)]
        yield f"`{rule.name}`", *caps, rule.points or "", rule.gate and f"`{rule.gate}`"


def examples() -> Iterator[Sequence[object]]:
    """Yield every worked example with its sum, its cap and its verdict."""
    for name, (_, _, points, cap, decision) in EXAMPLES.items():
        yield name, points, cap, f"{min(points, cap, 100)} {decision.value}"


def reasons() -> Iterator[Sequence[object]]:
    """Yield every reason with its sentences in both languages."""
    wording = BabelWording()
    for code, said in REASONS.items():
        for audience in (said.merchant, said.customer):
            who = "shop" if audience is said.merchant else "customer"
            for language in Language:
                words = " · ".join(_said(wording, one, language) for one in audience)
                if words:
                    yield f"`{code}`", who, words


def _said(wording: BabelWording, sentence: Sentence, language: Language) -> str:
    if isinstance(sentence, str):
        return wording.sentence(sentence, language)
    return wording.counted(sentence, MANY, language).replace(str(MANY), "{n}", 1)

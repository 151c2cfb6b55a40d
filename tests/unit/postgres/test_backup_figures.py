"""Two streams of figures, and what is said of their differences."""

import json
from collections.abc import Sequence
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kasa.adapters.postgres.backups.comparing import DIFFERENCES_MAX, differences

SHOP = "01a20011-08f5-7789-bd75-cd9f2eb4ed1a"


def _table(name: str, rows: int = 2, tenant: str = SHOP, md5: str = "aa", **sums: str) -> str:
    return json.dumps({"table": name, "tenant": tenant, "rows": rows, "md5": md5, "sums": sums})


def _fact(subject: str, fact: str) -> str:
    return json.dumps({"subject": subject, "fact": fact})


WHOLE = (
    _fact("role", "kasa_app f"),
    _fact("policy", "kasa invoices tenant"),
    _table("kasa.invoices", due_minor="500"),
    _table("kasa.payments"),
    _table("platform.version", tenant=""),
)


def test_equal_streams_do_not_differ() -> None:
    """Nothing is said of a restore that is what was backed up."""
    assert differences(WHOLE, WHOLE) == ()


@pytest.mark.parametrize(
    ("place", "other", "words"),
    [
        (2, _table("kasa.invoices", rows=1, due_minor="500"), "rows 2, restored 1"),
        (2, _table("kasa.invoices", due_minor="499"), "due_minor 500, restored 499"),
        (3, _table("kasa.payments", md5="bb"), "other values in its rows"),
    ],
)
def test_another_value_is_named(place: int, other: str, words: str) -> None:
    """The table, whose it is, and which figure differs."""
    (told,) = differences(WHOLE, [*WHOLE[:place], other, *WHOLE[place + 1 :]])
    assert f"of {SHOP}: " in told
    assert words in told


def test_what_is_missing_and_what_is_more_is_named() -> None:
    """A policy that did not come back, a shop that was not there."""
    assert differences(WHOLE, [WHOLE[0], *WHOLE[2:]]) == ("missing: policy kasa invoices tenant",)
    assert differences(WHOLE[:-1], WHOLE) == ("not in the backup: platform.version, 2 rows",)
    changed = [WHOLE[0], _fact("policy", "kasa invoices open"), *WHOLE[2:]]
    assert len(differences(WHOLE, changed)) == 2


def test_only_the_first_are_told() -> None:
    """A restore that went wrong altogether is told in 50 sentences, however large it is."""
    assert len(differences(repeat(WHOLE[0], 1), map(str, _many(1000)))) == DIFFERENCES_MAX


def _many(count: int) -> Sequence[str]:
    return [_fact("role", f"kasa_{number:04}") for number in range(count)]


@given(st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_each_line_of_one_side_alone_is_told_once(left: set[int], right: set[int]) -> None:
    """Whatever is missing on either side: one sentence for each line."""
    told = differences([WHOLE[i] for i in sorted(left)], [WHOLE[i] for i in sorted(right)])
    assert len(left ^ right) == len(told)
    assert len(left - right) == sum(one.startswith("missing") for one in told)


def test_another_major_version_compares_what_both_tell_alike() -> None:
    """Subjects that two versions of PostgreSQL print differently are left out, figures never."""
    assert differences(WHOLE, WHOLE[1:], subjects=("policy",)) == ()
    assert len(differences(WHOLE, WHOLE[:-1], subjects=("policy",))) == 1

"""How large the shops of a load are, and what is put in the place of what was rehearsed."""

from random import Random

import pytest

from kasa.adapters.postgres.loading.places import Move, Place, Values, cut, escaped, unescaped
from kasa.adapters.postgres.loading.sizes import largest, sizes
from kasa.entrypoints.bootstrap_load import LoadTooLarge, WantedLoad, load_into

ONE = "037a51e4-2680-7442-ab9e-970f55e04395"
MOVE = Move(days=-23_000, seconds=300, salt=7 << 20, year=2028, numbers={"INV": 41}, counted=9)


def _written(text: str, move: Move = MOVE) -> str:
    places: dict[Place, int] = {}
    write = cut(text, places)
    return write(Values.of(places).of_copy(move))


@pytest.mark.parametrize(("tenants", "invoices"), [(1, 0), (1, 7), (5, 3), (1_000, 1_000_000)])
def test_sizes_add_up_and_are_skewed(tenants: int, invoices: int) -> None:
    """Shops have together what was asked; few are large, most are small."""
    found = sizes(tenants, invoices, Random(3))
    assert (tenants, invoices) == (len(found), sum(found))
    assert min(found) >= 0
    assert max(found) <= largest(tenants, invoices)
    if tenants > 100:
        assert max(found) > 20 * sorted(found)[tenants // 2]


def test_a_shop_that_would_not_fit_is_refused() -> None:
    """A shop beyond the days it has is refused before anything is asked of a database."""
    with pytest.raises(LoadTooLarge):
        load_into("nowhere", WantedLoad(tenants=1, invoices=2_000_001, seed=1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nothing of a story, 2026-01-01, INV-2026-000001", None),
        ("2091-03-15", "2028-03-25"),
        ("2091-03-15T01:01:15+00:00", "2028-03-25T01:06:15+00:00"),
        ("2091-03-23 17:00:00+00", "2028-04-02 17:00:00+00"),
        ('{"number":700000001,"year":2091}', '{"number":42,"year":2028}'),
        ("INV-2091-700000001", "INV-2028-000042"),
        ("Qzaaab qzaaab", "Sokha"),
        ("x700000001 and 1700000001", None),
    ],
)
def test_places_are_found_by_their_form(before: str, after: str | None) -> None:
    """Days, moments, numbers and years move; midnights move by days; the rest stays."""
    found = _written(before)
    if before.startswith("Qz"):
        name, key = found[: len(found) // 2], found[len(found) // 2 + 1 :]
        assert name.lower() == key
        assert "z" not in name[1:3]
    else:
        assert (before if after is None else after) == found


def test_identifiers_keep_their_order_and_their_kind() -> None:
    """A copy has other identifiers of the same version, alike wherever they stand."""
    first, second = _written(f"{ONE} {ONE}").split(" ")
    assert first == second != ONE
    assert ("7", "8" <= first[19] <= "b") == (first[14], True)
    assert ONE == _written(ONE, Move(days=0, seconds=0, salt=0, year=2091, own={ONE: ONE}))


@pytest.mark.parametrize("text", ["plain", 'a "quoted\\" one', "two\nlines\tand\rmore", "\\n"])
def test_fields_are_escaped_and_back(text: str) -> None:
    """What COPY reads is what was meant."""
    assert text == unescaped(escaped(text))
    assert not set("\n\t\r") & set(escaped(text))

"""How large shops are: few are large and most are small, and together they have what was asked."""

from random import Random

LARGEST = 2_000_000
"""More would not fit into the days of a shop."""
SKEW = 0.9
"""The exponent of the size by rank: of 1,000 shops the largest has about a tenth of everything."""


def sizes(tenants: int, invoices: int, random: Random) -> list[int]:
    """Return how many invoices each shop has, in no order of size; their sum is ``invoices``."""
    weights = _weights(tenants)
    whole = sum(weights)
    found = [int(invoices * weight / whole) for weight in weights]
    for rank in range(invoices - sum(found)):
        found[rank % tenants] += 1
    random.shuffle(found)
    return found


def largest(tenants: int, invoices: int) -> int:
    """Return how many invoices the largest shop has, or one more."""
    return int(invoices / sum(_weights(tenants))) + 1


def _weights(tenants: int) -> list[float]:
    return [(rank + 1) ** -SKEW for rank in range(tenants)]

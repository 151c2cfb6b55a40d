"""What goods cost: moving average in exact minor units; the only reader of a level's value."""

from kasa.domain.kernel.errors import Conflict, Invalid
from kasa.domain.kernel.money import rounded

VALUE_LIMIT = 10**15


class CostInvalid(Invalid):
    """A cost is at least 0, and the goods of one level are worth less than 10^15."""

    code = "stock.cost"


class CostCurrencyWrong(Invalid):
    """Costs are in the shop's cost currency, or come with an exchange rate to it."""

    code = "stock.cost_currency"


class CostCurrencyFixed(Conflict):
    """The cost currency is fixed once goods have a value."""

    code = "stock.cost_currency_fixed"


def cost_out(on_hand: int, value: int, quantity: int) -> int:
    """Return what ``quantity`` of the goods take with them: all of it when nothing stays.

    Asked once per level and work for the sum of all outgoing quantities, then spread over them,
    so that splitting or reordering lines changes no total.
    """
    if quantity == on_hand:
        return value
    return rounded(value * quantity, on_hand)


def cost_in(on_hand: int, value: int, quantity: int) -> int:
    """Return what goods of no stated cost enter with: the present average, 0 without one."""
    return rounded(value * quantity, on_hand) if on_hand else 0


def cost_back(cost: int, taken: int, returned: int, given_back: int) -> int:
    """Return what a return brings back when ``returned`` of ``taken`` are back in all.

    ``given_back`` is what earlier returns brought; a full return, in any parts, brings ``cost``.
    """
    return max(0, rounded(cost * returned, taken) - given_back)

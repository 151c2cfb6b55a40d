"""The Hypothesis vocabulary of kasa: importing this makes ``st.from_type(Money)`` work.

Hypothesis imports it by itself, through its entry point. Each ``strategies_*`` module names its
types in a table ``TYPES``; this one registers them all.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from kasa.adapters.conformance import (
    strategies_files,
    strategies_inventory,
    strategies_invoicing,
    strategies_kernel,
    strategies_payments,
)

TABLES: tuple[Mapping[Any, st.SearchStrategy[Any]], ...] = (
    strategies_kernel.TYPES,
    strategies_files.TYPES,
    strategies_invoicing.TYPES,
    strategies_inventory.TYPES,
    strategies_payments.TYPES,
)

for _table in TABLES:
    for _kind, _strategy in _table.items():
        st.register_type_strategy(_kind, _strategy)

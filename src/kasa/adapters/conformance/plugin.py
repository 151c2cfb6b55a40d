"""What Hypothesis loads by itself, through its entry point: kasa's vocabulary, registered.

Hypothesis loads it in the middle of its own first import. When a module of the vocabulary is what
imports Hypothesis first, the vocabulary is only half there, and nothing is registered: whoever
wants ``st.from_type`` then imports ``kasa.adapters.conformance.strategies``.
"""

import sys
from importlib import import_module

VOCABULARY = "kasa.adapters.conformance.strategies"


def register() -> None:
    """Register the whole vocabulary, unless a part of it is being imported right now."""
    if not any(name.startswith(VOCABULARY) for name in sys.modules):
        import_module(VOCABULARY)

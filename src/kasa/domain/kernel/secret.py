"""A secret that is shown once, to whoever asked for it; it never shows by itself."""

import attrs


@attrs.frozen(repr=False)
class Secret:
    """A text that proves something: printed, logged or formatted it is ``***``.

    A stored answer that holds one is sealed as a whole.
    """

    text: str

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return "***"

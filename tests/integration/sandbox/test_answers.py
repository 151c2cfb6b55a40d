"""What a child may answer: values, and members of enumerations in the old spelling too."""

import io
import pickle
from typing import Any

import pytest

from kasa.adapters.sandbox.pool import _Answers
from kasa.domain.payments.recognition import Effort

pytestmark = pytest.mark.integration


class Named:
    """Pickles as ``getattr(kind, name)``, as Python before 3.11.4 does for members."""

    def __init__(self, kind: Any, name: str) -> None:
        self.named = (kind, name)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Return the call that makes it again."""
        return getattr, self.named


def _answer(value: object) -> object:
    return _Answers(io.BytesIO(pickle.dumps(value))).load()


def test_a_member_of_an_enumeration_crosses() -> None:
    """A member that is named by its class and name arrives as itself."""
    assert Effort.FIRST is _answer(Named(Effort, "FIRST"))


@pytest.mark.parametrize(("kind", "name"), [(str, "format"), (Effort, "__class__"), ("a", "join")])
def test_nothing_else_crosses_by_its_name(kind: Any, name: str) -> None:
    """No attribute of anything else can be reached that way."""
    with pytest.raises(pickle.UnpicklingError):
        _answer(Named(kind, name))

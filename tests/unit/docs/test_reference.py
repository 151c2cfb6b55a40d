"""The generated pages of the reference are what the code says now."""

import pytest

from tests.reference import FOLDER, PAGES, load


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_generated_page_is_current(page: str) -> None:
    """`make reference` would change nothing."""
    load()
    assert PAGES[page]() == (FOLDER / page).read_text(encoding="utf-8")

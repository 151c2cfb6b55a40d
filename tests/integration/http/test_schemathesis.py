"""Cases that a tool draws from the published document, with a fixed seed: no 5xx, all published."""

from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.integration.http.client import Asking
from tests.integration.http.shop import Shop

pytestmark = [pytest.mark.integration, pytest.mark.deep]
SEED = 20261122
EXAMPLES = 6


def _asking(web: Any, case: Any) -> Asking | None:
    """Return a drawn case as a request; None for one that no client could send."""
    path = case.formatted_path
    query = urlencode(case.query or {}, doseq=True)
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    options: dict[str, Any] = {}
    if case.media_type == "application/json":
        options["json"] = case.body
    elif case.media_type is not None:
        options["content"] = repr(case.body).encode()
        headers["content-type"] = case.media_type
    try:
        return web.asking(case.method, f"{path}?{query}", headers=headers, **options)  # type: ignore[no-any-return]  # Web
    except (TypeError, ValueError):
        return None


@pytest.mark.F1
@pytest.mark.F7
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_drawn_cases_are_answered_as_published(web: Shop, mode: GenerationMode) -> None:
    """For every operation, cases that fit the document and cases that do not."""
    owner = web.as_("owner")
    assert owner.truth is not None
    schema = schemathesis.openapi.from_dict(dict(owner.truth.document))
    walked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        try:
            _walk(owner, found.ok().as_strategy(generation_mode=mode))
            walked += 1
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, "nothing fits an operation of the document"
    assert walked > 10


def _walk(owner: Any, strategy: st.SearchStrategy[Any]) -> None:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def each(case: Any) -> None:
        asking = _asking(owner, case)
        if asking is not None:
            answer = owner.runner.run(owner.sent(asking))
            assert answer.status < 500, answer

    each()

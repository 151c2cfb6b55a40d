"""No input gives a 5xx, on any route; every refusal has the one shape."""

from collections.abc import Iterator

import pytest

from kasa.entrypoints.http.app import create_app
from kasa.entrypoints.http.doorway import Doorway
from tests.integration.http.client import Asking, Web
from tests.integration.http.killers import attacks, operations
from tests.integration.http.shop import Shop, Street

pytestmark = pytest.mark.integration
SHARE = 151
"""Of the killing requests one in so many is sent in the short form; every one in the long form."""


def _all(web: Shop) -> Iterator[tuple[Web, Asking]]:
    caller = web.as_("owner")
    truth = caller.truth
    assert truth is not None
    for method, path, told in operations(truth.document):
        for asking in attacks(caller, method, path, told):
            yield caller, asking


def _told(caller: Web, asking: Asking) -> str:
    answer = caller.runner.run(caller.sent(asking))
    if answer.status < 500:
        return ""
    said = (asking.method, asking.path, asking.query, asking.headers, asking.chunks)
    return f"{answer.status} {answer.content[:200]!r} for {str(said)[:600]}"


@pytest.mark.F1
@pytest.mark.F2
def test_killing_inputs_are_refused(web: Shop) -> None:
    """A share of the corpus, spread over every route: no 5xx, nothing that is not published."""
    asked = [pair for index, pair in enumerate(_all(web)) if index % SHARE == 0]
    assert len(asked) >= 10
    assert [] == [told for caller, asking in asked if (told := _told(caller, asking))]


@pytest.mark.F1
@pytest.mark.F2
@pytest.mark.deep
def test_every_killing_input_is_refused_on_every_route(web: Shop) -> None:
    """The whole corpus on every route: no 5xx, nothing that is not published."""
    assert [] == [told for caller, asking in _all(web) if (told := _told(caller, asking))]


@pytest.mark.F1
def test_a_body_that_never_ends_is_given_up(street: Street) -> None:
    """A chunk that does not come within the wait ends the request with its code."""
    app = create_app(street.opened, Doorway(chunk_wait=0.05), street.admission)
    shop = street.shop()
    owner = shop.as_("owner")
    owner.app = app
    answer = owner.post(
        "/api/v1/customers",
        content=b'{"name":',
        headers={"content-type": "application/json"},
        ends=False,
    )
    assert (408, "request.timeout") == (answer.status, answer.code)

"""A page of somebody else can make a browser send cookies and forms, and reaches nothing."""

import pytest

from tests.integration.http.killers import filled, operations
from tests.integration.http.shop import Shop, Street

pytestmark = pytest.mark.integration

PATH = "/api/v1/customers"
TOKEN = "a-token-in-a-cookie"
FORGED = (
    {"content-type": "application/x-www-form-urlencoded"},
    {"content-type": "text/plain"},
    {"content-type": "multipart/form-data; boundary=kasa-boundary"},
    {"content-type": "application/json", "origin": "null"},
    {"content-type": "application/json", "origin": "https://elsewhere.example"},
    {"content-type": "application/json", "sec-fetch-site": "cross-site"},
)


@pytest.mark.F5
@pytest.mark.parametrize("headers", FORGED)
def test_a_cookie_opens_nothing(web: Shop, headers: dict[str, str]) -> None:
    """A bearer's token sent as a cookie is no sign-in: nothing is read of it, nothing happens."""
    token = web.as_("owner").headers["authorization"].removeprefix("Bearer ")
    cookies = {"cookie": f"kasa={token}; __Host-kasa={token}; token={token}"}
    answer = web.web.post(PATH, content=b'{"name":"Dara"}', headers={**headers, **cookies})
    assert answer.status in {401, 415}
    assert [] == web.as_("owner").get(PATH).json()["items"]


@pytest.mark.F5
def test_simple_bodies_are_refused_on_every_route(web: Shop) -> None:
    """What a form can send without asking first is taken by no route that wants JSON."""
    truth = web.web.truth
    assert truth is not None
    for method, path, told in operations(truth.document):
        content = told.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            answer = web.as_("owner").ask(
                method, filled(path), content=b"{}", headers={"content-type": "text/plain"}
            )
            assert (415, "request.media_type") == (answer.status, answer.code)


@pytest.mark.F5
def test_nobody_may_read_across_origins(street: Street) -> None:
    """Without a list of origins no page of elsewhere may read an answer, and none sets cookies."""
    for path in ("/version", PATH, "/nowhere"):
        answer = street.web.get(path, headers={"origin": "https://elsewhere.example"})
        names = set(answer.headers)
        assert set() == names & {"access-control-allow-origin", "set-cookie"}

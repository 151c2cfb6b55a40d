"""Invitations over HTTP: by mail alone, once, for the invited address."""

import pytest

from tests.integration.http.people import PASSWORD, Town

pytestmark = pytest.mark.integration

DARA, SOPHEA = "dara@shop.example", "sophea@shop.example"
PATH = "/api/v1/members/invitations"
REDEEM = "/api/v1/invitations/redeem"
NEW = {"password": PASSWORD, "name": "Sophea"}


def test_a_new_person_joins_by_the_mail(town: Town) -> None:
    """The token is in the mail alone; it makes an account and a member, once."""
    dara = town.person(DARA)
    made = dara.web.post(PATH, json={"email": SOPHEA, "role": "user"})
    assert 201 == made.status, made.text
    token = town.token(SOPHEA)
    assert token not in made.text + dara.web.get(PATH).text
    assert [SOPHEA] == [one["email"] for one in dara.web.get(PATH).json()["items"]]
    joined = town.web.post(REDEEM, json={"token": token, **NEW})
    assert 200 == joined.status, joined.text
    assert ("user", dara.given["tenant"]) == (joined.json()["role"], joined.json()["tenant"])
    sophea = town.web.bearing(joined.json()["signed_in"]["access_token"])
    assert 200 == sophea.get("/api/v1/customers").status
    assert 403 == sophea.get(PATH).status
    assert 401 == town.web.post(REDEEM, json={"token": token, **NEW}).status
    assert [] == dara.web.get(PATH).json()["items"]


def test_an_account_is_joined_by_its_own_person(town: Town) -> None:
    """Who has an account signs in with the invited address; others get 401 and burn nothing."""
    dara, sophea = town.person(DARA), town.person(SOPHEA)
    assert 201 == dara.web.post(PATH, json={"email": SOPHEA, "role": "admin"}).status
    token = town.token(SOPHEA)
    assert 401 == town.web.post(REDEEM, json={"token": token, **NEW}).status
    assert 401 == dara.web.post(REDEEM, json={"token": token}).status
    joined = sophea.web.post(REDEEM, json={"token": token})
    assert 200 == joined.status, joined.text
    assert 2 == len(sophea.web.get("/api/v1/me/tenants").json()["items"])


def test_an_invitation_is_taken_back(town: Town) -> None:
    """One that was taken back opens nothing, and a strange token never did."""
    dara = town.person(DARA)
    made = dara.web.post(PATH, json={"email": SOPHEA, "role": "user"}).json()
    token = town.token(SOPHEA)
    assert 204 == dara.web.delete(f"{PATH}/{made['id']}").status
    assert 404 == dara.web.delete(f"{PATH}/{made['id']}").status
    for one in (token, "x" * 43):
        assert 401 == town.web.post(REDEEM, json={"token": one, **NEW}).status

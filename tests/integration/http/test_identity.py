"""Signing in and one's own account over HTTP: each route once well and once refused."""

from uuid import uuid4

import pytest

from tests.integration.http.people import AUTH, OTHER_PASSWORD, PASSWORD, Town

pytestmark = pytest.mark.integration

DARA, SOPHEA = "dara@shop.example", "sophea@shop.example"
ME = "/api/v1/me"


def test_a_stranger_signs_up_and_is_the_owner(town: Town) -> None:
    """The link of the mail opens account and shop, and signs their owner in."""
    dara = town.person(DARA)
    me = dara.web.get(ME).json()
    assert (DARA, "Sok Dara", True) == (me["email"], me["name"], me["has_password"])
    (shop,) = dara.web.get(f"{ME}/tenants").json()["items"]
    assert ("Coffee", "owner", dara.given["tenant"]) == (shop["name"], shop["role"], shop["id"])


def test_signing_up_is_refused(town: Town) -> None:
    """What is no address, and a token that is none or was used, are refused with their codes."""
    web = town.web
    assert "identity.email" == web.post(f"{AUTH}/sign-up", json={"email": "dara"}).code
    dara = town.person(DARA)
    body = {"token": "x" * 43, "password": PASSWORD, "name": "D", "shop": "S"}
    assert "identity.link_invalid" == dara.redeem("sign-up", **body).code
    assert 401 == dara.redeem("sign-up", **{**body, "token": dara.sign_up_token}).status


def test_signing_in_and_out(town: Town) -> None:
    """A right password signs in, a wrong one does not; signing out ends the token at once."""
    dara = town.person(DARA)
    assert "identity.sign_in_failed" == dara.sign_in("wrong " * 4).code
    dara.given = dara.sign_in().json()
    assert 200 == dara.web.get(ME).status
    assert 204 == dara.web.post(f"{AUTH}/sign-out").status
    assert 401 == dara.web.get(ME).status
    assert 401 == dara.web.post(f"{AUTH}/sign-out").status


def test_refreshing(town: Town) -> None:
    """A refresh token is traded for the next one, and what is none for nothing."""
    dara = town.person(DARA)
    renewed = dara.refresh().json()
    assert renewed["refresh_token"] != dara.given["refresh_token"]
    assert renewed["session"] == dara.given["session"]
    assert "identity.token_invalid" == dara.refresh("x" * 43).code


def test_signing_out_everywhere(town: Town) -> None:
    """Every other sign-in ends, then every one."""
    dara = town.person(DARA)
    other = dara.sign_in().json()
    ended = dara.web.post(f"{AUTH}/sign-out-everywhere", json={"keep_this": True})
    assert {"ended": 1} == ended.json()
    assert 401 == town.web.bearing(other["access_token"]).get(ME).status
    assert {"ended": 1} == dara.web.post(f"{AUTH}/sign-out-everywhere", json={}).json()
    assert 401 == dara.web.get(ME).status


def test_a_mailed_link_signs_in(town: Town) -> None:
    """The link works only with what asking has answered."""
    dara = town.person(DARA)
    asked = dara.ask("magic-link")
    assert (202, 600) == (asked.status, asked.json()["expires_in"])
    request, token = asked.json()["request"], town.token(DARA)
    refused = dara.redeem("magic-link", request="x" * 43, token=token)
    assert (401, "identity.link_invalid") == (refused.status, refused.code)
    assert 200 == dara.redeem("magic-link", request=request, token=token).status


def test_a_reset_replaces_the_password(town: Town) -> None:
    """The new password signs in, the old one does not, and nobody was signed in by the reset."""
    dara = town.person(DARA)
    assert 202 == dara.ask("password-reset").status
    token = town.token(DARA)
    done = dara.redeem("password-reset", token=token, password=OTHER_PASSWORD)
    assert (200, []) == (done.status, done.json()["identities"])
    assert 401 == dara.web.get(ME).status
    assert 401 == dara.redeem("password-reset", token=token, password=PASSWORD).status
    assert 401 == dara.sign_in().status
    assert 200 == dara.sign_in(OTHER_PASSWORD).status


def test_changing_the_password(town: Town) -> None:
    """It wants a recent sign-in and the old one, ends every other sign-in and renews this one."""
    dara = town.person(DARA)
    other = dara.sign_in().json()
    wrong = {"new_password": OTHER_PASSWORD, "password": "wrong " * 4}
    assert 401 == dara.web.post(f"{AUTH}/password", json=wrong).status
    right = {"new_password": OTHER_PASSWORD, "password": PASSWORD}
    done = dara.web.post(f"{AUTH}/password", json=right)
    assert 200 == done.status, done.text
    dara.given = done.json()
    assert 200 == dara.web.get(ME).status
    assert 401 == town.web.bearing(other["access_token"]).get(ME).status
    town.pass_time(minutes=10)
    dara.given = dara.refresh().json()
    late = dara.web.post(f"{AUTH}/password", json=right)
    assert (403, "identity.recent_sign_in_needed") == (late.status, late.code)


def test_confirming_makes_a_sign_in_recent(town: Town) -> None:
    """After ten minutes one's own password, once more, opens what needs a recent sign-in."""
    dara = town.person(DARA)
    town.pass_time(minutes=11)
    dara.given = dara.refresh().json()
    assert 403 == dara.web.post(f"{AUTH}/totp").status
    wrong = dara.web.post(f"{AUTH}/confirm", json={"password": "wrong " * 4})
    assert "identity.sign_in_failed" == wrong.code
    assert 200 == dara.web.post(f"{AUTH}/confirm", json={"password": PASSWORD}).status
    assert 200 == dara.web.post(f"{AUTH}/totp").status


def test_the_second_factor(town: Town) -> None:
    """Once on it is asked for, after a right password alone; a recovery code stands in, once."""
    dara = town.person(DARA)
    not_asked = dara.web.post(f"{AUTH}/totp/confirm", json={"code": "123456"})
    assert "identity.totp_not_asked" == not_asked.code
    codes = dara.turn_on_factor()
    assert 10 == len(set(codes))
    assert "identity.sign_in_failed" == dara.sign_in("wrong " * 4).code
    assert "identity.totp_required" == dara.sign_in().code
    assert 200 == dara.sign_in(totp=dara.typed()).status
    assert 200 == dara.sign_in(totp=codes[0]).status
    assert 401 == dara.sign_in(totp=codes[0]).status
    dara.given = dara.sign_in(totp=dara.typed()).json()
    off = dara.web.delete(f"{AUTH}/totp")
    assert 200 == off.status, off.text
    assert 200 == dara.sign_in().status


def test_going_to_another_shop(town: Town) -> None:
    """A token names one shop; another person's shop, none, and the platform are not found."""
    dara, sophea = town.person(DARA), town.person(SOPHEA)
    own = {"tenant": dara.given["tenant"]}
    assert 200 == dara.web.post(f"{AUTH}/switch-tenant", json=own).status
    for other in (sophea.given["tenant"], str(uuid4()), "platform", "x"):
        refused = dara.web.post(f"{AUTH}/switch-tenant", json={"tenant": other})
        assert (404, "not_found") == (refused.status, refused.code), other


def test_changing_oneself(town: Town) -> None:
    """Name and language change with the version that was read; the address does not."""
    dara = town.person(DARA)
    version = dara.web.get(ME).json()["version"]
    changed = dara.web.patch(ME, json={"version": version, "name": "ដារ៉ា", "language": "km"})
    assert ("ដារ៉ា", "km") == (changed.json()["name"], changed.json()["language"])
    stale = dara.web.patch(ME, json={"version": version, "name": "x"})
    assert (409, "version.stale") == (stale.status, stale.code)
    address = dara.web.patch(ME, json={"version": version, "email": SOPHEA})
    assert "body.unknown_field" == address.code


def test_another_address(town: Town) -> None:
    """The link goes to the new address, a notice to the old one; then the new one signs in."""
    dara = town.person(DARA)
    assert 202 == dara.web.post(f"{ME}/email", json={"email": SOPHEA}).status
    assert "being changed" in town.mails(DARA)[-1]
    token = town.token(SOPHEA)
    assert 401 == town.web.post(f"{ME}/email/redeem", json={"token": "x" * 43}).status
    assert 204 == town.web.post(f"{ME}/email/redeem", json={"token": token}).status
    assert SOPHEA == dara.web.get(ME).json()["email"]
    assert 401 == dara.sign_in().status
    dara.address = SOPHEA
    assert 200 == dara.sign_in().status


def test_sign_ins_are_listed_and_ended(town: Town) -> None:
    """One sees where one is signed in, and ends a sign-in of one's own, never another's."""
    dara, sophea = town.person(DARA), town.person(SOPHEA)
    other = dara.sign_in().json()
    listed = dara.web.get(f"{ME}/sessions").json()["items"]
    assert {other["session"], dara.given["session"]} == {one["id"] for one in listed}
    assert [dara.given["session"]] == [one["id"] for one in listed if one["is_this"]]
    assert 404 == sophea.web.delete(f"{ME}/sessions/{other['session']}").status
    assert 204 == dara.web.delete(f"{ME}/sessions/{other['session']}").status
    assert 401 == town.web.bearing(other["access_token"]).get(ME).status
    assert 404 == dara.web.delete(f"{ME}/sessions/{other['session']}").status


def test_other_ways_to_sign_in(town: Town) -> None:
    """They are listed; one that is not there cannot be removed."""
    dara = town.person(DARA)
    assert [] == dara.web.get(f"{ME}/identities").json()["items"]
    assert 404 == dara.web.delete(f"{ME}/identities/{uuid4()}").status


def test_members_are_listed_and_the_last_owner_stays(town: Town) -> None:
    """One sees who works in the shop; its last owner is neither lowered nor removed."""
    dara = town.person(DARA)
    (own,) = dara.web.get("/api/v1/members").json()["items"]
    assert (DARA, "owner") == (own["email"], own["role"])
    path = f"/api/v1/members/{own['id']}"
    assert own == dara.web.get(path).json()
    lowered = dara.web.patch(path, json={"version": own["version"], "role": "viewer"})
    assert (409, "tenancy.last_owner") == (lowered.status, lowered.code)
    assert "tenancy.last_owner" == dara.web.delete(path).code
    other = str(uuid4())
    assert 404 == dara.web.post("/api/v1/tenant/transfer-ownership", json={"member": other}).status


def test_api_keys_are_made_rotated_and_ended(town: Town) -> None:
    """A key's secret is answered once, opens what its scopes say, and nothing once it ended."""
    dara = town.person(DARA)
    path, body = "/api/v1/api-keys", {"name": "till", "scopes": ["read"]}
    made = dara.web.post(path, json=body).json()
    key = town.web.bearing(made["api_key"])
    assert 200 == key.get("/api/v1/customers").status
    assert 403 == key.post("/api/v1/customers", json={"name": "X"}).status
    assert {key.get(it).status for it in (path, ME, "/api/v1/members")} <= {401, 403}
    (listed,) = dara.web.get(path).json()["items"]
    assert (made["id"], False) == (listed["id"], made["api_key"] in str(listed))
    turned = dara.web.post(f"{path}/{made['id']}/rotate", json={"overlap_hours": 1}).json()
    fresh = town.web.bearing(turned["api_key"])
    assert {200} == {one.get("/api/v1/customers").status for one in (key, fresh)}
    town.pass_time(hours=1)
    assert (401, 200) == tuple(one.get("/api/v1/customers").status for one in (key, fresh))
    dara.given = dara.sign_in().json()
    assert 204 == dara.web.delete(f"{path}/{turned['id']}").status
    assert 401 == fresh.get("/api/v1/customers").status
    wrong = dara.web.post(path, json={"name": "x", "scopes": ["everything"]})
    assert (422, "identity.key_malformed") == (wrong.status, wrong.code)


def test_service_clients_trade_their_secret(town: Town) -> None:
    """A client gets tokens for its secret, for its scopes alone, until it is ended."""
    dara = town.person(DARA)
    path, body = "/api/v1/service-clients", {"name": "robot", "scopes": ["alerts:write"]}
    made = dara.web.post(path, json=body).json()
    shown = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    given = town.web.post(f"{AUTH}/service-token", json=shown)
    assert (200, ["alerts:write"]) == (given.status, given.json()["scopes"])
    token = town.web.bearing(given.json()["access_token"])
    assert {401} == {token.get(it).status for it in (ME, "/api/v1/customers")}
    wrong = {**shown, "client_secret": "x" * 43}
    assert 401 == town.web.post(f"{AUTH}/service-token", json=wrong).status
    assert 204 == dara.web.delete(f"{path}/{made['id']}").status
    assert 401 == town.web.post(f"{AUTH}/service-token", json=shown).status


def test_the_story_over_postgresql(stored_town: Town) -> None:
    """The way in, the second factor, a reset and a list of shops hold over the real store."""
    town, address = stored_town, f"{uuid4().hex}@shop.example"
    dara = town.person(address)
    dara.turn_on_factor()
    assert "identity.totp_required" == dara.sign_in().code
    dara.given = dara.sign_in(totp=dara.typed()).json()
    assert 200 == dara.refresh().status
    assert 202 == dara.ask("password-reset").status
    body = {"token": town.token(address), "password": OTHER_PASSWORD}
    assert "identity.totp_required" == dara.redeem("password-reset", **body).code
    assert 200 == dara.redeem("password-reset", **body, totp=dara.typed()).status
    assert 401 == dara.web.get(ME).status
    dara.given = dara.sign_in(OTHER_PASSWORD, totp=dara.typed()).json()
    assert 1 == len(dara.web.get(f"{ME}/tenants").json()["items"])

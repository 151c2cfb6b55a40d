"""What signing in promises, held at the door itself: D1 to D8."""

import pytest

from kasa.domain.identity.access import Role
from tests.integration.http.people import AUTH, OTHER_PASSWORD, PASSWORD, Person, Town

pytestmark = pytest.mark.integration

DARA, NOBODY = "dara@shop.example", "nobody@shop.example"
ME = "/api/v1/me"
WRONG = "not the password of anybody"


@pytest.mark.D1
def test_a_stolen_refresh_token_ends_its_sign_in(town: Town) -> None:
    """After ten seconds an old token ends its own family: the newest is dead, others live."""
    dara = town.person(DARA)
    other = dara.sign_in().json()
    stolen, newest = dara.given, dara.given
    for _ in range(3):
        newest = dara.refresh(newest["refresh_token"]).json()
    town.pass_time(seconds=11)
    reused = dara.refresh(stolen["refresh_token"])
    assert (401, "identity.refresh_reused") == (reused.status, reused.code)
    assert "Bearer" in reused.headers["www-authenticate"]
    assert 401 == dara.refresh(newest["refresh_token"]).status
    assert 401 == town.web.bearing(newest["access_token"]).get(ME).status
    assert 200 == town.web.bearing(other["access_token"]).get(ME).status
    assert any("used again" in mail for mail in town.mails(DARA))


@pytest.mark.D2
def test_honest_parallel_refreshes_sign_nobody_out(town: Town) -> None:
    """Of 20 at once one gets the next token, the others 409, and the family lives."""
    dara = town.person(DARA)
    body = {"refresh_token": dara.given["refresh_token"]}
    asked = [town.web.asking("POST", f"{AUTH}/refresh", json=body) for _ in range(20)]
    answers = town.web.together(asked)
    assert [200] + 19 * [409] == sorted(one.status for one in answers)
    assert {"identity.refresh_raced"} == {one.code for one in answers if one.status == 409}
    (won,) = (one.json() for one in answers if one.status == 200)
    town.pass_time(seconds=9)
    assert 409 == dara.refresh().status
    assert 200 == dara.refresh(won["refresh_token"]).status


@pytest.mark.D3
def test_a_token_works_for_its_purpose_only(town: Town) -> None:
    """Access, refresh, magic, reset and sign-up tokens open nothing in each other's place."""
    dara = town.person(DARA)
    asked = dara.ask("magic-link").json()
    magic = town.token(DARA)
    dara.ask("password-reset")
    reset = town.token(DARA)
    tokens = {
        "access": dara.given["access_token"],
        "refresh": dara.given["refresh_token"],
        "magic": magic,
        "request": asked["request"],
        "reset": reset,
        "sign-up": dara.sign_up_token,
    }
    for name, token in tokens.items():
        if name != "access":
            assert 401 == town.web.bearing(token).get(ME).status, name
            assert 401 == town.web.bearing(token).get("/api/v1/customers").status, name
        short = token[:128]
        if name != "refresh":
            assert 401 == dara.refresh(short).status, name
        if name != "reset":
            taken = dara.redeem("password-reset", token=short, password=OTHER_PASSWORD)
            assert 401 == taken.status, name
        if name != "magic":
            taken = dara.redeem("magic-link", request=asked["request"], token=short)
            assert 401 == taken.status, name
        body = {"token": short, "password": PASSWORD, "name": "D", "shop": "S"}
        assert 401 == dara.redeem("sign-up", **body).status, name
    for scheme in ("Basic", "Token", "", "bearer,"):
        given = f"{scheme} {tokens['access']}"
        answer = town.web.get(ME, headers={"authorization": given})
        assert 401 == answer.status, scheme


@pytest.mark.D4
@pytest.mark.parametrize("how", ["sign-out", "everywhere", "password", "end", "role", "reset"])
def test_what_ends_a_sign_in_ends_it_now(town: Town, how: str) -> None:
    """The old access token is refused on the very next request, and so is its refresh token."""
    dara = town.person(DARA)
    dara.given = dara.sign_in().json()
    old = town.web.bearing(dara.given["access_token"])
    assert 200 == old.get(ME).status
    _end(dara, how)
    wanted = {401} if how != "role" else {401, 403, 404}
    assert old.get("/api/v1/customers").status in wanted
    if how != "role":
        assert 401 == old.get(ME).status
        assert dara.refresh().status in {401, 409}


def _end(dara: Person, how: str) -> None:
    """End somebody's sign-in in one of the ways."""
    web = dara.web
    if how == "sign-out":
        assert 204 == web.post(f"{AUTH}/sign-out").status
    elif how == "everywhere":
        assert 200 == web.post(f"{AUTH}/sign-out-everywhere", json={}).status
    elif how == "password":
        body = {"new_password": OTHER_PASSWORD, "password": PASSWORD}
        assert 200 == web.post(f"{AUTH}/password", json=body).status
    elif how == "end":
        assert 204 == web.delete(f"{ME}/sessions/{dara.given['session']}").status
    elif how == "reset":
        dara.ask("password-reset")
        token = dara.town.token(DARA)
        body = {"token": token, "password": OTHER_PASSWORD}
        assert 200 == dara.redeem("password-reset", **body).status
    else:
        _removed(dara)


def _removed(dara: Person) -> None:
    """Let another owner take this one out of the shop."""
    town = dara.town
    sophea = town.person("sophea@shop.example")
    town.join(dara.given["tenant"], sophea.given["user"], Role.OWNER)
    switched = sophea.web.post(f"{AUTH}/switch-tenant", json={"tenant": dara.given["tenant"]})
    assert 200 == switched.status, switched.text
    web = town.web.bearing(switched.json()["access_token"])
    listed = web.get("/api/v1/members").json()["items"]
    (own,) = (one["id"] for one in listed if one["user"] == dara.given["user"])
    assert 204 == web.delete(f"/api/v1/members/{own}").status


@pytest.mark.D5
def test_guessing_is_bounded_and_the_owner_gets_in(town: Town) -> None:
    """Five wrong passwords close the account to strangers, known or unknown alike."""
    dara = town.person(DARA)
    known = dara.given["device"]
    assert known
    answers = {}
    for address in (DARA, NOBODY):
        body = {"email": address, "password": WRONG}
        tried = [town.web.post(f"{AUTH}/sign-in", json=body) for _ in range(6)]
        answers[address] = [(one.status, one.code) for one in tried]
        assert 15 * 60 == int(tried[-1].headers["retry-after"])
        town.pass_time(minutes=5)
    assert answers[DARA] == answers[NOBODY]
    assert 5 * [(401, "identity.sign_in_failed")] + [(429, "identity.locked_out")] == answers[DARA]
    assert 429 == dara.sign_in().status
    assert 200 == dara.sign_in(device=known).status
    dara.ask("password-reset")
    body = {"token": town.token(DARA), "password": OTHER_PASSWORD}
    assert 200 == dara.redeem("password-reset", **body).status
    assert 200 == dara.sign_in(OTHER_PASSWORD).status


@pytest.mark.D6
@pytest.mark.parametrize("what", ["sign-in", "sign-up", "password-reset", "magic-link"])
def test_nobody_learns_who_has_an_account(town: Town, what: str) -> None:
    """A known and an unknown address get the same status, body and headers."""
    town.person(DARA)
    seen = [_told(town, what, address) for address in (DARA, NOBODY)]
    assert seen[0] == seen[1]


def _told(town: Town, what: str, address: str) -> tuple[object, ...]:
    """Return all that an answer says, but for what is random in it."""
    body = {"email": address} | ({"password": WRONG} if what == "sign-in" else {})
    answer = town.web.post(f"{AUTH}/{what}", json=body)
    random = {"instance", "request"}
    said = {name: it for name, it in answer.json().items() if name not in random}
    headers = {name: it for name, it in answer.headers.items() if name != "x-request-id"}
    return answer.status, said, headers


@pytest.mark.D7
def test_a_link_works_once_briefly_and_where_it_was_asked_for(town: Town) -> None:
    """Looking at it burns nothing; another browser, a late one and a second one get nothing."""
    dara = town.person(DARA)
    request = dara.ask("magic-link").json()["request"]
    token, other = town.token(DARA), dara.ask("magic-link").json()["request"]
    late = {"request": other, "token": town.token(DARA)}
    for path in ("/sign-in", "/api/v1/auth/magic-link/redeem"):
        assert town.web.get(f"{path}?token={token}").status in {400, 404, 405}
    assert 401 == dara.redeem("magic-link", request=other, token=token).status
    asked = {"request": request, "token": token}
    both = [town.web.asking("POST", f"{AUTH}/magic-link/redeem", json=asked) for _ in range(20)]
    statuses = sorted(one.status for one in town.web.together(both))
    assert [200] + 19 * [401] == statuses
    town.pass_time(minutes=10)
    assert 401 == dara.redeem("magic-link", **late).status


@pytest.mark.D7
def test_codes_are_guessed_five_times(town: Town) -> None:
    """After five wrong codes the right one opens nothing; before, it signs in, once."""
    dara = town.person(DARA)
    for wrong, status in ((4, 200), (5, 401)):
        request = dara.ask("magic-link").json()["request"]
        code = town.code(DARA)
        for _ in range(wrong):
            refused = dara.redeem("magic-link", request=request, code="00000000")
            assert "identity.link_invalid" == refused.code
        assert status == dara.redeem("magic-link", request=request, code=code).status
        assert 401 == dara.redeem("magic-link", request=request, code=code).status


@pytest.mark.D7
def test_every_way_in_asks_for_the_second_factor(town: Town) -> None:
    """Without it each way answers 401 and uses nothing up; with it each works."""
    dara = town.person(DARA)
    dara.turn_on_factor()
    request = dara.ask("magic-link").json()["request"]
    magic = {"request": request, "token": town.token(DARA)}
    assert "identity.totp_required" == dara.redeem("magic-link", **magic).code
    assert 200 == dara.redeem("magic-link", **magic, totp=dara.typed()).status
    dara.ask("password-reset")
    reset = {"token": town.token(DARA), "password": OTHER_PASSWORD}
    assert "identity.totp_required" == dara.redeem("password-reset", **reset).code
    assert 200 == dara.redeem("password-reset", **reset, totp=dara.typed()).status
    assert "identity.totp_required" == dara.sign_in(OTHER_PASSWORD).code
    assert 200 == dara.sign_in(OTHER_PASSWORD, totp=dara.typed()).status


@pytest.mark.D8
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("mangoes", "identity.password_too_short"),
        ("fourteen words", "identity.password_too_short"),
        ("fifteen mangoes", None),
        ("  seven mangoes and tea  ", None),
        ("ស្វាយប្រាំពីរផ្លែលើជញ្ជាំង", None),
        ("🥭🐘🚲🌧️🎋🧺🪷🍜🛶🐓🪁🥥🧂🧄🌶️", None),
        ("e\u0301l\u00e9phants de minuit", None),
        ("x9" * 3 + "quiet boats by the river" * 8 + "ab", None),
        ("quiet boats by the river " * 8 + "q", "identity.password_too_long"),
        ("passwordpassword", "identity.password_guessable"),
        ("aaaaaaaaaaaaaaaa", "identity.password_guessable"),
    ],
)
def test_passwords_follow_no_composition_rule(town: Town, password: str, code: str | None) -> None:
    """Fifteen code points of any script are taken whole; what others guess is refused by name."""
    assert 202 == town.web.post(f"{AUTH}/sign-up", json={"email": DARA}).status
    body = {"token": town.token(DARA), "password": password, "name": "Dara", "shop": "Tea"}
    answer = town.web.post(f"{AUTH}/sign-up/redeem", json=body)
    if code is not None:
        assert (422, code) == (answer.status, answer.code)
        return
    assert 201 == answer.status, answer.text
    dara = Person(town, DARA, answer.json(), "")
    assert 200 == dara.sign_in(password).status
    assert 401 == dara.sign_in(password[:-1]).status


@pytest.mark.D8
def test_with_a_second_factor_eight_are_enough(town: Town) -> None:
    """A short password is taken beside a second factor, which then cannot be taken away."""
    dara = town.person(DARA)
    dara.turn_on_factor()
    for new, status in (("mangoes", 422), ("9mangoes", 200)):
        body = {"new_password": new, "password": PASSWORD}
        answer = dara.web.post(f"{AUTH}/password", json=body)
        assert status == answer.status, answer.text
    dara.given = answer.json()
    off = dara.web.delete(f"{AUTH}/totp")
    assert (409, "identity.new_password_needed") == (off.status, off.code)

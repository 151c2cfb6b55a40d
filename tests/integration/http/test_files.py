"""Files over HTTP: private to their shop, given away by links alone, never run (promise C8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.outside import StoppedClock
from kasa.entrypoints.http.front import Front
from tests.integration.http.client import Answered, Web
from tests.integration.http.shop import Shop, Street, street_over

pytestmark = [pytest.mark.integration, pytest.mark.C8]

PRIVATE = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def kept(shop: Shop, name: str = "photo.png") -> dict[str, Any]:
    """Keep a picture in a shop."""
    made = shop.as_("user").post("/api/v1/files", files={"file": (name, b"pixels", "image/png")})
    assert 201 == made.status
    found: dict[str, Any] = made.json()
    return found


def link_of(shop: Shop, file: str, **body: int) -> str:
    """Return the path of a link to a file."""
    made = shop.as_("user").post(f"/api/v1/files/{file}/links", json=body)
    assert 201 == made.status
    url: str = made.json()["url"]
    return "/f/" + url.rpartition("/f/")[2]


def private(answer: Answered) -> bool:
    """Tell whether an answer has every header of a private file."""
    return all(answer.headers.get(name) == value for name, value in PRIVATE.items())


def test_a_file_is_kept_fetched_and_removed(web: Shop) -> None:
    """A viewer fetches it, a user removes it, and then it is gone for both."""
    file = kept(web)
    path = f"/api/v1/files/{file['id']}"
    got = web.as_("viewer").get(f"{path}/content")
    assert (200, b"pixels") == (got.status, got.content)
    assert private(got)
    assert got.headers["content-disposition"].startswith("inline; filename=")
    assert [file["id"]] == [
        row["id"] for row in web.as_("viewer").get("/api/v1/files?kind=media").json()["items"]
    ]
    assert 403 == web.as_("viewer").delete(path).status
    assert 204 == web.as_("user").delete(path).status
    assert [404, 404] == [web.as_("user").get(one).status for one in (path, f"{path}/content")]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win"),
        ("\u202egnp.exe", "gnp"),
    ],
)
def test_a_name_is_never_a_path(web: Shop, sent: str, told: str) -> None:
    """Names that lead elsewhere are cut to their last part and are only words."""
    file = kept(web, sent)
    assert file["name"].startswith(told) or told in file["name"]
    got = web.as_("user").get(f"/api/v1/files/{file['id']}/content")
    disposition = got.headers["content-disposition"]
    assert not set("\r\n\\/") & set(disposition)
    assert "set-cookie" not in got.headers


def test_a_foreign_file_is_a_missing_one(street: Street) -> None:
    """By id, by link route, by removal: another shop's file answers like no file at all."""
    mine, theirs = street.shop(), street.shop("Dara")
    file = kept(mine)["id"]
    user = theirs.as_("user")
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", ""), ("POST", "/links")):
        given: dict[str, int] | None = {} if method == "POST" else None
        answers = [
            user.ask(method, f"/api/v1/files/{one}{path}", json=given)
            for one in (file, uuid4(), "not-an-id")
        ]
        assert [(404, "not_found")] * 3 == [(one.status, one.code) for one in answers]
    assert 200 == mine.as_("user").get(f"/api/v1/files/{file}").status


def test_a_link_gives_one_file_for_a_while(caller: Callable[[Front], Web]) -> None:
    """To anybody, with private headers, until its moment, for the file it names alone."""
    clock = StoppedClock()
    street = street_over(memory_ports(clock=clock), caller)
    shop = street.shop()
    file, other = kept(shop)["id"], kept(shop, "b.png")["id"]
    path = link_of(shop, file, seconds=60)
    got = street.web.get(path)
    assert (200, b"pixels") == (got.status, got.content)
    assert private(got)
    elsewhere = link_of(shop, other, seconds=60)
    assert path != elsewhere
    clock.pass_time(timedelta(seconds=61))
    assert 404 == street.web.get(path).status
    gone = link_of(shop, other)
    shop.as_("user").delete(f"/api/v1/files/{other}")
    assert 404 == street.web.get(gone).status


def test_an_altered_link_is_no_link(street: Street) -> None:
    """Every changed character, another file's digest, guesses and paths are all one 404."""
    shop = street.shop()
    file, other = kept(shop)["id"], kept(shop, "b.png")["id"]
    path, second = link_of(shop, file), link_of(shop, other)
    changed = [
        path[:place] + ("A" if path[place] != "A" else "B") + path[place + 1 :]
        for place in range(3, len(path) - 1)
    ]
    mixed = [path[:-22] + second[-22:], path[:-1], path + "A", "/f/" + "A" * 71, "/f/..%2f..%2f"]
    assert {404} == {street.web.get(one).status for one in (*changed, *mixed)}


def test_a_link_of_a_shop_that_is_not_open_gives_nothing(street: Street) -> None:
    """A suspended shop's links are not found; its members still read."""
    shop = street.shop()
    file = kept(shop)["id"]
    path = link_of(shop, file)
    owner = street.admission.known[f"owner-True-{shop.tenant.hex}"].actor
    assert owner is not None
    street.opened.kasa.tenancy.suspend(owner)
    assert 404 == street.web.get(path).status
    assert 200 == shop.as_("viewer").get(f"/api/v1/files/{file}/content").status


@pytest.mark.parametrize("seconds", [0, 604_801])
def test_a_link_lives_at_most_a_week(web: Shop, seconds: int) -> None:
    """Neither no time nor more than seven days."""
    file = kept(web)["id"]
    answer = web.as_("user").post(f"/api/v1/files/{file}/links", json={"seconds": seconds})
    assert 400 == answer.status

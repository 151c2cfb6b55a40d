"""The door's frame: versions, verbs, an example resource."""

import pytest

from tests.integration.http.shop import Shop, Street

pytestmark = pytest.mark.integration


def test_version_needs_nobody(street: Street) -> None:
    """The version is told to everybody, with every header and a request id."""
    answer = street.web.get("/version")
    assert (200, "kasa") == (answer.status, answer.json()["name"])
    assert "nosniff" == answer.headers["x-content-type-options"]


def test_ready_and_live(street: Street) -> None:
    """A kasa that runs is live and ready."""
    assert ["live", "ready"] == [
        street.web.get(f"/health/{part}").json()["status"] for part in ("live", "ready")
    ]


def test_a_customer_is_added_once(web: Shop) -> None:
    """A repeat under the same key answers the same and adds nobody."""
    owner = web.as_("owner")
    first, second = (
        owner.post("/api/v1/customers", json={"name": "Dara"}, key="one") for _ in range(2)
    )
    assert (201, 201, first.content) == (first.status, second.status, second.content)
    assert "true" == second.headers["idempotent-replayed"]
    assert 1 == len(owner.get("/api/v1/customers").json()["items"])


def test_customers_come_in_pages(web: Shop) -> None:
    """A cursor leads to the next page of the same list, and to no other list."""
    owner = web.as_("owner")
    for name in ("A", "B", "C"):
        owner.post("/api/v1/customers", json={"name": name})
    first = owner.get("/api/v1/customers?limit=2").json()
    cursor = first["next_cursor"]
    rest = owner.get(f"/api/v1/customers?limit=2&cursor={cursor}").json()
    assert ["A", "B", "C"] == [row["name"] for row in (*first["items"], *rest["items"])]
    other = owner.get(f"/api/v1/customers?limit=2&q=A&cursor={cursor}")
    assert (400, "cursor.invalid") == (other.status, other.code)


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("user", 201), ("admin", 201), ("owner", 201)]
)
def test_roles_hold(web: Shop, role: str, status: int) -> None:
    """A viewer adds nobody."""
    answer = web.as_(role).post("/api/v1/customers", json={"name": "Dara"})
    assert status == answer.status


def test_nobody_is_let_in_without_a_token(street: Street) -> None:
    """Without a token the answer is 401, and says how to sign in."""
    answer = street.web.get("/api/v1/customers")
    assert (401, "identity.token_invalid") == (answer.status, answer.code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_other_verbs_are_refused(street: Street) -> None:
    """A verb that an address does not know is 405 and names those it knows."""
    answer = street.web.delete("/version")
    assert (405, "GET, HEAD, OPTIONS") == (answer.status, answer.headers["allow"])
    assert 204 == street.web.ask("OPTIONS", "/version").status
    head = street.web.ask("HEAD", "/version")
    assert (200, b"") == (head.status, head.content)


def test_over_postgres(stored_web: Shop) -> None:
    """The same over PostgreSQL."""
    owner = stored_web.as_("owner")
    made = owner.post("/api/v1/customers", json={"name": "Dara"})
    assert 201 == made.status
    shown = owner.get(f"/api/v1/customers/{made.json()['id']}")
    assert made.json() == shown.json()

"""A shop that sells over the door: products, customers, drafts, issued invoices."""

from typing import Any
from uuid import UUID

import attrs

from tests.integration.http.client import Answered, Web
from tests.integration.http.shop import Shop

API = "/api/v1"
NOBODY = UUID("00000000-0000-7000-8000-00000000dead")
LINE = {"text": "Scarf", "quantity": "2", "price": "20000"}


@attrs.frozen(eq=False)
class Seller:
    """Somebody of a shop who calls the door by short paths."""

    web: Web

    @classmethod
    def of(cls, shop: Shop, role: str = "owner") -> "Seller":
        """Return a caller in a role of a shop."""
        return cls(shop.as_(role))

    def get(self, path: str) -> Answered:
        """Read something."""
        return self.web.get(API + path)

    def post(self, path: str, json: Any = None, **options: Any) -> Answered:
        """Create or do something."""
        return self.web.post(API + path, json=json, **options)

    def patch(self, path: str, json: Any) -> Answered:
        """Change something."""
        return self.web.patch(API + path, json=json)

    def put(self, path: str, json: Any) -> Answered:
        """Replace something."""
        return self.web.put(API + path, json=json)

    def delete(self, path: str) -> Answered:
        """Remove something."""
        return self.web.delete(API + path)

    def made(self, path: str, json: Any = None) -> Any:
        """Create something and return it."""
        answer = self.post(path, json)
        assert answer.status in {200, 201, 202}, answer.text
        return answer.json()

    def product(self, code: str = "SCARF", **fields: Any) -> Any:
        """Add a product of which ten are there."""
        given = {"name": "Scarf", "code": code, "price": "20000", "on_hand": "10"}
        return self.made("/products", {**given, **fields})

    def customer(self, name: str = "Dara", **fields: Any) -> Any:
        """Add a customer."""
        return self.made("/customers", {"name": name, **fields})

    def draft(self, **fields: Any) -> Any:
        """Make a draft of two scarves."""
        return self.made("/invoices", {"lines": [LINE], **fields})

    def issued(self, **fields: Any) -> Any:
        """Issue an invoice."""
        return self.made(f"/invoices/{self.draft(**fields)['id']}/issue", {})


def told(answer: Answered) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    return answer.status, answer.code

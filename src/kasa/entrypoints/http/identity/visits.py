"""Who stands at the door, and what a person is given who signed in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from kasa.application.identity.visiting import SignedIn, Visitor
from kasa.domain.kernel.ids import RequestId
from kasa.entrypoints.http.call import Call
from kasa.entrypoints.http.wire import moment

BEARER = "Bearer"
Address = Annotated[str, msgspec.Meta(max_length=320, examples=["dara@shop.example"])]
Password = Annotated[str, msgspec.Meta(max_length=1000, description="never cut, never trimmed")]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
OneTimeCode = Annotated[
    str, msgspec.Meta(max_length=64, description="of the authenticator, or a recovery code")
]
Speaks = Annotated[str, msgspec.Meta(max_length=8, examples=["km"])]
Device = Annotated[
    str,
    msgspec.Meta(
        max_length=128, description="what an earlier answer gave this program to keep, if any"
    ),
]


class SignedInShown(msgspec.Struct, frozen=True, kw_only=True):
    """What signs somebody in from now on; ``device`` is to be kept, and shown at the next time."""

    access_token: str
    token_type: str = BEARER
    access_expires_at: datetime
    refresh_token: str | None
    expires_at: datetime
    device: str | None
    user: UUID
    session: UUID
    tenant: UUID | None


class Mailed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail is on its way if this address may have one; its link works for so many seconds."""

    expires_in: int


def visitor(call: Call, device: str | None = None) -> Visitor:
    """Return where a call comes from."""
    return Visitor(
        address=call.address,
        device=device,
        browser=call.headers.get("user-agent", ""),
        request=RequestId(call.request_id),
    )


def signed_in(given: SignedIn) -> SignedInShown:
    """Return what somebody is given, as it is answered."""
    return SignedInShown(
        access_token=given.access,
        access_expires_at=moment(given.access_expires_at),
        refresh_token=given.refresh,
        expires_at=moment(given.expires_at),
        device=given.device,
        user=given.user,
        session=given.session,
        tenant=given.tenant,
    )

"""How long the token of the central bank's service is valid; nothing else is taken from it."""

import binascii
import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

PARTS = 3


def expires_at(token: str) -> datetime | None:
    """Return when a token (a JWT) ends, or None when it does not say."""
    parts = token.split(".")
    if len(parts) != PARTS:
        return None
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        ends = claims["exp"]
        return datetime.fromtimestamp(int(ends), UTC)
    except (binascii.Error, ValueError, TypeError, KeyError, OverflowError, OSError):
        return None

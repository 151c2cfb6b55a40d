"""The second factor: time-based codes (RFC 6238) and recovery codes, each accepted once."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from kasa.domain.kernel.errors import Conflict, Invalid, Unauthenticated

STEP = timedelta(seconds=30)
DIGITS = 6
WINDOW_STEPS = 1
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
NEVER = -1
"""The last step of a factor whose codes were never taken."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TotpRequired(Unauthenticated):
    """A code of the second factor is needed."""

    code = "identity.totp_required"


class TotpWrong(Invalid):
    """This code is not the present one."""

    code = "identity.totp_wrong"


class TotpNotAsked(Conflict):
    """No second factor waits to be confirmed."""

    code = "identity.totp_not_asked"


class TotpAlreadyOn(Conflict):
    """A second factor is on already; remove it first."""

    code = "identity.totp_already_on"


def accepted_step(secret: bytes, typed: str, *, last_step: int, at: datetime) -> int | None:
    """Return the step of a code that is taken now, or None; each step is taken once.

    Codes of the step before and after are taken too, for clocks differ (RFC 6238, 5.2). The
    comparison takes the same time whichever digit differs.
    """
    digits = typed.replace(" ", "").encode(errors="replace")
    now = step_of(at)
    found = None
    for step in range(now - WINDOW_STEPS, now + WINDOW_STEPS + 1):
        same = hmac.compare_digest(code_of(secret, step).encode(), digits)
        if same and step > last_step and found is None:
            found = step
    return found


def step_of(at: datetime) -> int:
    """Return how many whole steps of 30 s have passed since 1970 (RFC 6238, 4.2)."""
    return (at - _EPOCH) // STEP


def code_of(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of a step: HMAC-SHA-1, truncated dynamically (RFC 4226, 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def otpauth(secret: bytes, *, issuer: str, account: str) -> str:
    """Return the ``otpauth`` address that an authenticator reads as a QR code."""
    label = f"{_quoted(issuer)}:{_quoted(account)}"
    return f"otpauth://totp/{label}?secret={secret_text(secret)}&issuer={_quoted(issuer)}"


def secret_text(secret: bytes) -> str:
    """Return a secret as people type it into an authenticator: Base32."""
    return base64.b32encode(secret).decode()


def recovery_code(entropy: bytes) -> str:
    """Return 80 bits as four groups of four letters and digits that nobody confuses."""
    if len(entropy) < RECOVERY_BYTES:
        raise ValueError("a recovery code needs 10 bytes of entropy")
    text = base64.b32encode(entropy[:RECOVERY_BYTES]).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def recovery_hash(typed: str) -> bytes:
    """Return the SHA-256 under which a recovery code is kept, however it was typed."""
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).digest()


def _quoted(text: str) -> str:
    """Return a text as a part of an address (RFC 3986, 2.1)."""
    kept = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in text.encode())

"""Secrets and codes that somebody types: from the randomness of the operating system."""

from secrets import randbelow, token_bytes

SECRET_BYTES = 20
RECOVERY_BYTES = 10
DIGITS = 8


class RandomCodes:
    """Codes that nobody can guess."""

    def secret(self) -> bytes:
        """Return 160 random bits, the secret of an authenticator app."""
        return token_bytes(SECRET_BYTES)

    def recovery(self) -> bytes:
        """Return 80 random bits, one recovery code."""
        return token_bytes(RECOVERY_BYTES)

    def digits(self) -> str:
        """Return a code of 8 digits."""
        return str(randbelow(10**DIGITS)).zfill(DIGITS)

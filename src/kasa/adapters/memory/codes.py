"""QR codes in memory: a picture shows what it is told to show."""

from hashlib import sha256

from kasa.adapters.memory.outside import refuse_inside_unit_of_work
from kasa.application.ports.codes import CodeMatrix, CodeTooLong

BYTES_LIMIT = 2_331
SIDE = 16


class ScriptedQrCodes:
    """Draws a pattern that differs by text, and finds what ``show`` put into a picture."""

    def __init__(self) -> None:
        self._shown: dict[bytes, tuple[str, ...]] = {}

    def show(self, picture: bytes, *texts: str) -> None:
        """Let a picture show codes of these texts from now on."""
        self._shown[sha256(picture).digest()] = texts

    def draw(self, text: str) -> CodeMatrix:
        """Return a pattern; texts above what a real code holds are refused."""
        if len(text.encode()) > BYTES_LIMIT:
            raise CodeTooLong
        digest = sha256(text.encode()).digest()
        bits = f"{int.from_bytes(digest, 'big'):0256b}"
        rows = (bits[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE))
        return CodeMatrix(tuple(tuple(bit == "1" for bit in row) for row in rows))

    def read(self, picture: bytes) -> tuple[str, ...]:
        """Return what the picture was told to show."""
        refuse_inside_unit_of_work()
        return self._shown.get(sha256(picture).digest(), ())

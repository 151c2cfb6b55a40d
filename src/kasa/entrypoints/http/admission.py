"""Lets callers in by what the identity of kasa says of them."""

from typing import Any

from kasa.application.identity.facade import Identity
from kasa.entrypoints.http.auth import Admitted, Asked
from kasa.entrypoints.http.doorway import Doorway


class IdentityAdmission:
    """Checks tokens and keys by themselves, then asks the store once."""

    def __init__(self, identity: Identity, doorway: Doorway) -> None:
        self._identity, self._doorway = identity, doorway

    def verified(self, bearer: str, asked: Asked) -> Any:  # noqa: ARG002 # as in the protocol
        """Return the proof that a token or key is, or raise ``identity.token_invalid``."""
        return self._identity.verified(bearer)

    def admit(self, proof: Any, asked: Asked) -> Admitted:  # noqa: ARG002 # as in the protocol
        """Return who bears a proof, or raise what refuses them."""
        if proof is None:
            return Admitted()
        found = self._identity.admit(proof)
        return Admitted(actor=found.actor, person=found.person, suspended=found.is_suspended)

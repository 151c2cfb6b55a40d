"""The real proofs of who somebody is pass the suite."""

import attrs

from kasa.adapters.conformance.credentials import CredentialsConformance
from kasa.adapters.credentials.blocklist import FrequentPasswords
from kasa.adapters.credentials.boxes import AesBox
from kasa.adapters.credentials.digests import HmacDigests
from kasa.adapters.credentials.keys import KeyRing
from kasa.adapters.credentials.one_time_codes import RandomCodes
from kasa.adapters.credentials.passwords import CHEAP, Argon2Hasher
from kasa.adapters.credentials.tokens import JwtSigner
from kasa.adapters.memory.bundle import memory_ports
from kasa.application.ports.bundle import Ports

KEYS = KeyRing((bytes(range(32)), bytes(range(32, 64))))


class TestCredentials(CredentialsConformance):
    """pyjwt, argon2-cffi with cheap hashes, cryptography, and the data of zxcvbn."""

    def make_ports(self) -> Ports:
        """Return ports with real proofs; the rest is in memory."""
        return attrs.evolve(
            memory_ports(),
            passwords=Argon2Hasher(CHEAP),
            blocklist=FrequentPasswords(),
            tokens=JwtSigner(KEYS),
            box=AesBox(KEYS),
            digests=HmacDigests(KEYS),
            one_time_codes=RandomCodes(),
        )

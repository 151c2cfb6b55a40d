"""Asks the central bank's service about transfers."""

import json
import re
from collections.abc import Callable
from typing import TypeVar

from kasa.adapters.bakong.decoding import COUNTRY_SECONDS, decode, decode_account, lack_of
from kasa.adapters.http_client.client import CallLimits, HttpAnswer, HttpClient
from kasa.adapters.http_client.errors import AnswerTooLarge, CircuitOpen, Unreachable
from kasa.adapters.http_client.resilience import Breaker, Pace
from kasa.domain.kernel.money import Money
from kasa.domain.payments.bank_reply import BankReply, CannotTell, CannotTellKind, Found

ReplyT = TypeVar("ReplyT")

LIVE = "https://api-bakong.nbc.gov.kh"
TRIAL = "https://sit-api-bakong.nbc.gov.kh"
HOSTS = (LIVE, TRIAL)
"""The central bank's own two hosts; any other is the operator's word."""

CALLS_A_SECOND = 5
LIMITS = CallLimits(connect_seconds=3, read_seconds=8, total_seconds=8, body_bytes=256 * 1024)
NOBODYS_CODE = "0" * 32
_MD5 = re.compile("[0-9a-f]{32}")
_SHORT = re.compile("[0-9a-f]{8}")
_HASH = re.compile("[0-9a-f]{64}")
_REQUEST = CannotTell(kind=CannotTellKind.REQUEST)


class BakongChecker:
    """Asks over HTTPS with the token of the installation; it answers for every lack.

    A status of 403 means that the service answers only from Cambodia: it is left alone for an
    hour. At most 5 calls a second leave the process.
    """

    def __init__(
        self,
        token: str,
        *,
        url: str = LIVE,
        limits: CallLimits = LIMITS,
        pace: Pace | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._pace = pace or Pace(CALLS_A_SECOND)
        self._client = HttpClient(
            url,
            breaker=breaker or Breaker("bakong"),
            headers={"Authorization": f"Bearer {token}"},
            limits=limits,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client!r})"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def can_be_asked(self) -> bool:
        """Always: there is a token."""
        return True

    def by_own_code(self, md5: str, money: Money) -> BankReply:
        """Ask for the payment of a dynamic KHQR of ours, by the MD5 of its exact text."""
        if not _MD5.fullmatch(md5):
            return _REQUEST
        found = self._ask("check_transaction_by_md5", json.dumps({"md5": md5}), decode)
        return _agreeing(found, money)

    def by_short_hash(self, value: str, money: Money) -> BankReply:
        """Ask for a transfer by the 8 letters of its hash that a receipt prints, and its amount."""
        short = value.lower()
        if not _SHORT.fullmatch(short):
            return _REQUEST
        fields = f'"hash": "{short}", "amount": {money.text}, "currency": "{money.currency.code}"'
        found = self._ask("check_transaction_by_short_hash", f"{{{fields}}}", decode)
        return _agreeing(found, money, hash_start=short)

    def by_hash(self, value: str, money: Money | None = None) -> BankReply:
        """Ask for a transfer by its whole hash."""
        whole = value.lower()
        if not _HASH.fullmatch(whole):
            return _REQUEST
        found = self._ask("check_transaction_by_hash", json.dumps({"hash": whole}), decode)
        return _agreeing(found, money, hash_start=whole)

    def by_external_ref(self, value: str) -> BankReply:
        """Ask nobody: what this question takes is not documented."""
        del value
        return CannotTell(kind=CannotTellKind.NOT_ASKED)

    def account_exists(self, account_id: str) -> bool | CannotTell:
        """Answer whether a Bakong id (``name@bank``) exists."""
        body = json.dumps({"accountId": account_id})
        return self._ask("check_bakong_account", body, decode_account)

    def ping(self) -> CannotTell | None:
        """Ask for a code that nobody has; return what is wrong, or None when the bank answers."""
        reply = self._ask("check_transaction_by_md5", json.dumps({"md5": NOBODYS_CODE}), decode)
        return reply if isinstance(reply, CannotTell) else None

    def _ask(
        self, question: str, body: str, decoded: Callable[[HttpAnswer], ReplyT]
    ) -> ReplyT | CannotTell:
        left_alone = self._client.breaker.held_seconds
        if left_alone:
            return CannotTell(kind=CannotTellKind.COUNTRY, retry_after=left_alone)
        if not self._pace.take():
            return CannotTell(kind=CannotTellKind.THROTTLED, retry_after=1)
        try:
            answer = self._client.post(f"/v1/{question}", body)
        except CircuitOpen as error:
            return CannotTell(kind=CannotTellKind.OUTAGE, retry_after=error.retry_after)
        except (Unreachable, AnswerTooLarge):
            return CannotTell(kind=CannotTellKind.OUTAGE)
        lack = lack_of(answer)
        if lack is not None and lack.kind is CannotTellKind.COUNTRY:
            self._client.breaker.hold(COUNTRY_SECONDS)
        return decoded(answer)


def _agreeing(reply: BankReply, money: Money | None, *, hash_start: str = "") -> BankReply:
    """Return what was found only when it is what was asked for."""
    if not isinstance(reply, Found):
        return reply
    if money in {None, reply.amount} and reply.hash.startswith(hash_start):
        return reply
    return CannotTell(kind=CannotTellKind.DISAGREES, status=reply.status)

"""Mail through a server: SMTP with encryption, a login, and an end to every wait."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import attrs

from kasa.adapters.mail.writing import MAIL, Letter, MailAddress, letter_to, sent_as
from kasa.application.ports.messenger import (
    ChannelUnavailable,
    LoginRefused,
    NotEncrypted,
    Rejected,
    Sent,
    Unknown,
)
from kasa.domain.channels.message import ChannelCapabilities, ChannelKind, Message, Recipient

TIMEOUT_SECONDS = 10.0
SUBMISSION_PORT = 587
SMTPS_PORT = 465
GO_AHEAD = 354
PERMANENT = 500
RETRY_SECONDS = 30
"""After a lack that passes; greylisting lets a mail through after some minutes."""
MENDING_SECONDS = 300
"""After a lack that the operator has to mend."""

_DOTS = re.compile(rb"(?m)^\.")
_MAIL = ChannelKind.MAIL.value


class Encryption(Enum):
    """How a connection is encrypted: from its first byte, before anything is said, or never."""

    WHOLE = auto()
    STARTTLS = auto()
    NONE = auto()


@attrs.frozen(kw_only=True)
class MailServer:
    """Where mail is handed over, and who asks for it."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str = attrs.field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """Read ``smtp://user:password@host:587`` or ``smtps://``.

        ``smtp`` asks for STARTTLS, except of this very machine.
        """
        found = urlsplit(url)
        host, whole = found.hostname or "", found.scheme == "smtps"
        near = Encryption.NONE if _is_loopback(host) else Encryption.STARTTLS
        return cls(
            host=host,
            port=found.port or (SMTPS_PORT if whole else SUBMISSION_PORT),
            encryption=Encryption.WHOLE if whole else near,
            user=None if found.username is None else unquote(found.username),
            password=unquote(found.password or ""),
        )


class SmtpMessenger:
    """Hands each mail to one server over a connection of its own.

    ``trusted`` are the certificates that the server is judged by, those of the system unless given.
    """

    def __init__(
        self,
        server: MailServer,
        sender: str,
        *,
        trusted: ssl.SSLContext | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._server = server
        self._sender = MailAddress.sender(sender)
        self._trusted = trusted or ssl.create_default_context()
        self._timeout_seconds = timeout_seconds

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._server!r})"

    def capabilities(self, channel: ChannelKind) -> ChannelCapabilities | None:
        """Return what mail can do, and None for every other channel."""
        return MAIL if channel is ChannelKind.MAIL else None

    def send(self, recipient: Recipient, message: Message, key: str) -> Sent:
        """Hand a mail over."""
        self._only_mail(recipient.channel)
        letter = letter_to(recipient, message, key, self._sender)
        data = letter.written()
        with self._session() as smtp:
            _envelope(smtp, letter, len(data))
            _hand_over(smtp, data)
        return sent_as(key, self._sender.host)

    def edit(self, recipient: Recipient, sent: Sent, message: Message) -> None:
        """Refuse: a mail that was sent stays as it is."""
        del sent, message
        self._only_mail(recipient.channel)
        raise Rejected(channel=_MAIL)

    def ping(self, channel: ChannelKind) -> None:
        """Connect, encrypt, sign in and leave; raise what stands in the way."""
        self._only_mail(channel)
        with self._session() as smtp:
            _expect(smtp.noop()[0])

    def _only_mail(self, channel: ChannelKind) -> None:
        if channel is not ChannelKind.MAIL:
            raise ChannelUnavailable(channel=channel.value)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """Yield a connection that is ready to take a mail."""
        with _lacks_named():
            smtp = self._connected()
        try:
            with _lacks_named():
                self._encrypt(smtp)
                self._sign_in(smtp)
                yield smtp
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        server, timeout, own = self._server, self._timeout_seconds, self._sender.host
        if server.encryption is Encryption.WHOLE:
            return smtplib.SMTP_SSL(
                server.host, server.port, own, timeout=timeout, context=self._trusted
            )
        return smtplib.SMTP(server.host, server.port, own, timeout=timeout)

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._server.encryption is Encryption.STARTTLS:
            if not smtp.has_extn("starttls"):
                raise NotEncrypted(channel=_MAIL, retry_after=MENDING_SECONDS)
            _expect(smtp.starttls(context=self._trusted)[0])
            smtp.ehlo()

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if self._server.user is None:
            return
        try:
            smtp.login(self._server.user, self._server.password)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPResponseException as error:
            if error.smtp_code < PERMANENT:
                raise
            raise LoginRefused(channel=_MAIL, retry_after=MENDING_SECONDS) from None
        except (smtplib.SMTPException, UnicodeError):
            raise LoginRefused(channel=_MAIL, retry_after=MENDING_SECONDS) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _lacks_named() -> Iterator[None]:
    """Name what a server refuses or fails to do; its own words may repeat an address."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise NotEncrypted(channel=_MAIL, retry_after=MENDING_SECONDS) from error
    except smtplib.SMTPResponseException as error:
        _expect(error.smtp_code)
        raise ChannelUnavailable(channel=_MAIL, retry_after=RETRY_SECONDS) from None
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelUnavailable(channel=_MAIL, retry_after=RETRY_SECONDS) from error


def _expect(code: int, *wanted: int) -> None:
    """Return when a reply is of the wanted kind; else name the lack: 4xx passes, 5xx stays."""
    if code in wanted or (not wanted and code // 100 == 2):
        return
    if code >= PERMANENT:
        raise Rejected(channel=_MAIL, status=code)
    raise ChannelUnavailable(channel=_MAIL, retry_after=RETRY_SECONDS, status=code)


def _envelope(smtp: smtplib.SMTP, letter: Letter, size: int) -> None:
    """Tell who sends to whom, and refuse an address that the server cannot take."""
    options = [f"SIZE={size}"] if smtp.has_extn("size") else []
    if not (letter.to.is_plain and letter.sender.is_plain):
        if not smtp.has_extn("smtputf8"):
            raise Rejected(channel=_MAIL)
        options += ["BODY=8BITMIME", "SMTPUTF8"]
    _expect(smtp.mail(letter.sender.text, options)[0])
    _expect(smtp.rcpt(letter.to.text)[0])


def _hand_over(smtp: smtplib.SMTP, data: bytes) -> None:
    """Send the mail; when the server is lost before it answers, nobody knows."""
    _expect(smtp.docmd("DATA")[0], GO_AHEAD)
    smtp.send(_DOTS.sub(b"..", data) + b".\r\n")
    try:
        code = smtp.getreply()[0]
    except (smtplib.SMTPException, OSError) as error:
        raise Unknown(channel=_MAIL, retry_after=RETRY_SECONDS) from error
    _expect(code)

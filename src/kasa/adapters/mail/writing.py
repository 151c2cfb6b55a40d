"""What a mail looks like on the wire: built by the standard library, never by joining text."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from hashlib import sha256

import attrs

from kasa.application.ports.messenger import Rejected, Sent
from kasa.domain.channels.message import (
    Attachment,
    ChannelCapabilities,
    ChannelKind,
    Message,
    Recipient,
)

ADDRESS_MAX = 254
LOCAL_MAX = 64
ID_LETTERS = 32
LINE_MAX = 900
"""A line of mail holds at most 998 bytes (RFC 5322, section 2.1.1)."""

_LOCAL = re.compile(r"[^\s\x00-\x20\x7f\"(),:;<>@\[\\\]]+(?<!\.)\Z")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>\Z")

MAIL = ChannelCapabilities(can_start_conversation=True, document_out=True)


@attrs.frozen(kw_only=True)
class MailAddress:
    """An address of mail in the form in which it travels: its host in ASCII."""

    local: str = attrs.field(repr=False)
    host: str = attrs.field(repr=False)
    name: str = attrs.field(default="", repr=False)

    @classmethod
    def of(cls, text: str, name: str = "") -> "MailAddress":
        """Read an address, or raise ``Rejected``.

        Quoted names, comments, routes and addresses of machines are not taken: no mailbox of a
        person needs them. The name of a host may be written in any script.
        """
        local, at, host = text.strip().rpartition("@")
        try:
            plain = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            plain = ""
        well = _LOCAL.match(local) and not local.startswith(".") and ".." not in local
        if not (at and well and len(local.encode()) <= LOCAL_MAX and _HOST.match(plain)):
            raise Rejected(channel=ChannelKind.MAIL.value)
        if len(f"{local}@{plain}".encode()) > ADDRESS_MAX:
            raise Rejected(channel=ChannelKind.MAIL.value)
        return cls(local=local, host=plain, name=name)

    @classmethod
    def sender(cls, text: str) -> "MailAddress":
        """Read an address with or without a name before it, ``Shop <mail@shop.example>``."""
        found = _SENDER.match(text.strip())
        return (
            cls.of(found["address"], " ".join(found["name"].strip(' "').split()))
            if found
            else cls.of(text)
        )

    @property
    def text(self) -> str:
        """How the server is told of it."""
        return f"{self.local}@{self.host}"

    @property
    def is_plain(self) -> bool:
        """Whether every server takes it; others have to say SMTPUTF8."""
        return self.text.isascii()

    @property
    def header(self) -> Address:
        """How a mail names it."""
        return Address(display_name=self.name, username=self.local, domain=self.host)


def message_id(key: str, host: str) -> str:
    """Return the identifier of a message: the same for every repeat under one key."""
    return f"<{sha256(key.encode()).hexdigest()[:ID_LETTERS]}@{host}>"


def sent_as(key: str, host: str) -> Sent:
    """Return what names a message at the channel."""
    return Sent(provider_id=message_id(key, host))


@attrs.frozen(kw_only=True)
class Letter:
    """A mail that is ready but for its date."""

    sender: MailAddress
    to: MailAddress
    message: Message
    key: str

    def written(self, *, readable: bool = False) -> bytes:
        """Return the mail; ``readable`` leaves the letters of its text as they are.

        A mail that travels holds ASCII alone, so that every server takes it, except in the header
        of one whose address is not ASCII.
        """
        plain = self.to.is_plain and self.sender.is_plain
        policy = (SMTP if plain else SMTPUTF8).clone(cte_type="8bit" if readable else "7bit")
        try:
            return self._built(policy, readable=readable).as_bytes(policy=policy)
        except (MessageError, UnicodeError, ValueError) as error:
            raise Rejected(channel=ChannelKind.MAIL.value) from error

    def _built(self, policy: "EmailPolicy[EmailMessage]", *, readable: bool) -> EmailMessage:
        mail = EmailMessage(policy)
        mail["From"] = self.sender.header
        mail["To"] = self.to.header
        mail["Subject"] = self.message.subject
        mail["Date"] = datetime.now(UTC)
        mail["Message-ID"] = message_id(self.key, self.sender.host)
        mail["Auto-Submitted"] = "auto-generated"
        text = self.message.text + "\n"
        mail.set_content(text, cte=_encoding(text, readable=readable))
        mail["Content-Language"] = self.message.language
        _attach(mail, self.message.attachments)
        return mail


def _encoding(text: str, *, readable: bool) -> str:
    """Return how a text travels: as it is where it can, for a link in it must stay whole."""
    if any(len(line.encode()) > LINE_MAX for line in text.split("\n")):
        return "quoted-printable"
    if text.isascii():
        return "7bit"
    return "8bit" if readable else "base64"


def _attach(mail: EmailMessage, files: Iterable[Attachment]) -> None:
    for file in files:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)


def letter_to(recipient: Recipient, message: Message, key: str, sender: MailAddress) -> Letter:
    """Return a mail to somebody, or raise ``Rejected`` for what is no address of mail."""
    if recipient.channel is not ChannelKind.MAIL:
        raise Rejected(channel=recipient.channel.value)
    to = MailAddress.of(recipient.address)
    return Letter(sender=sender, to=to, message=message, key=key)

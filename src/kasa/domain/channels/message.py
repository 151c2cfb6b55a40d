"""A message to one person, and what the channel that carries it can do."""

from enum import StrEnum

import attrs

from kasa.domain.kernel.errors import Invalid
from kasa.domain.kernel.text import cleaned, name, note

SUBJECT_LIMIT = 200
TEXT_LIMIT = 20_000
ATTACHMENT_BYTES_MAX = 10_000_000
ADDRESS_LIMIT = 320


class AttachmentTooLarge(Invalid):
    """What is attached to a message has at most 10 MB; send a link instead."""

    code = "channel.attachment_too_large"


class ChannelKind(StrEnum):
    """The ways in which kasa reaches people."""

    MAIL = "mail"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"


class Pairing(StrEnum):
    """How a person and a channel come to know each other."""

    NONE = "none"
    LINK = "link"
    QR = "qr"
    CODE = "code"


@attrs.frozen(kw_only=True)
class ChannelCapabilities:
    """What a channel can do; use cases ask this value, never the channel's name."""

    can_start_conversation: bool
    document_out: bool
    media_in: bool = False
    edit_message: bool = False
    needs_template: bool = False
    buttons_max: int = 0
    pairing: Pairing = Pairing.NONE


def _line(text: str) -> str:
    """Return text on one line: separators of lines that are no control characters too."""
    return " ".join(text.split())


def _address(text: str) -> str:
    return name(text, limit=ADDRESS_LIMIT)


def _words(text: str) -> str:
    return note(text, limit=TEXT_LIMIT)


def _subject(text: str) -> str:
    return _line(cleaned(text, limit=SUBJECT_LIMIT))


def _file_name(text: str) -> str:
    return _line(name(text))


@attrs.frozen(kw_only=True)
class Recipient:
    """Whom a message is for: an address of a channel, which never shows in a log."""

    channel: ChannelKind
    address: str = attrs.field(repr=False, converter=_address)


@attrs.frozen(kw_only=True)
class Attachment:
    """A file that goes with a message, at most 10 MB; its name is one line."""

    name: str = attrs.field(converter=_file_name)
    media_type: str
    data: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if len(self.data) > ATTACHMENT_BYTES_MAX:
            raise AttachmentTooLarge(limit=ATTACHMENT_BYTES_MAX)


@attrs.frozen(kw_only=True)
class Message:
    """Words for one person; the subject is one line, so that it cannot smuggle in a header.

    Neither shows in a log: a link in the text may be what signs somebody in.
    """

    text: str = attrs.field(repr=False, converter=_words)
    subject: str = attrs.field(default="", repr=False, converter=_subject)
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()

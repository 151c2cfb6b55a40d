"""Mail into a folder, one file each: for trials, and for a machine that nobody else reaches."""

import os
import re
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from kasa.adapters.mail.writing import MAIL, MailAddress, letter_to, sent_as
from kasa.application.ports.messenger import ChannelUnavailable, Rejected, Sent
from kasa.domain.channels.message import ChannelCapabilities, ChannelKind, Message, Recipient

OWNER_ONLY = 0o700
NAME_LETTERS = 120
DIGEST_LETTERS = 16
_OTHER = re.compile(r"[^A-Za-z0-9_.-]")


class FolderMessenger:
    """Writes each mail as an ``.eml`` file that only its owner reads.

    A file is named for the key of its message, so a repeat changes nothing and, as keys begin with
    the identifier of an event, the files stand in the order in which the mails were caused.
    """

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = MailAddress.sender(sender)

    def capabilities(self, channel: ChannelKind) -> ChannelCapabilities | None:
        """Return what mail can do, and None for every other channel."""
        return MAIL if channel is ChannelKind.MAIL else None

    def send(self, recipient: Recipient, message: Message, key: str) -> Sent:
        """Write the mail, unless its file is there."""
        self._only_mail(recipient.channel)
        letter = letter_to(recipient, message, key, self._sender)
        path = self._folder / file_name(key)
        try:
            if not path.exists():
                self._write(path, letter.written(readable=True))
        except OSError as error:
            raise ChannelUnavailable(channel=ChannelKind.MAIL.value) from error
        return sent_as(key, self._sender.host)

    def edit(self, recipient: Recipient, sent: Sent, message: Message) -> None:
        """Refuse: a mail that was sent stays as it is."""
        del sent, message
        self._only_mail(recipient.channel)
        raise Rejected(channel=recipient.channel.value)

    def ping(self, channel: ChannelKind) -> None:
        """Return when a file can be written."""
        self._only_mail(channel)
        try:
            self._make()
            probe, name = mkstemp(dir=self._folder, prefix=".ping-")
            os.close(probe)
            Path(name).unlink()
        except OSError as error:
            raise ChannelUnavailable(channel=channel.value) from error

    def _only_mail(self, channel: ChannelKind) -> None:
        if channel is not ChannelKind.MAIL:
            raise ChannelUnavailable(channel=channel.value)

    def _make(self) -> None:
        self._folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file whole or not at all; ``mkstemp`` makes it 0600."""
        self._make()
        made, name = mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(made, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def file_name(key: str) -> str:
    """Return the file of a key: its letters where they may stand in a name, else its digest."""
    plain = _OTHER.sub("-", key).lstrip(".")[:NAME_LETTERS] or "mail"
    if plain == key:
        return f"{plain}.eml"
    return f"{plain}-{sha256(key.encode()).hexdigest()[:DIGEST_LETTERS]}.eml"

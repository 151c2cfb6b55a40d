"""How people are reached: the one place where the adapter of mail is chosen."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from kasa.adapters.memory.messenger import NoMessenger
from kasa.application.ports.messenger import Messenger
from kasa.domain.channels.message import ChannelKind
from kasa.domain.kernel.errors import KasaError
from kasa.entrypoints.settings import Settings


class MailMissing(KasaError):
    """People elsewhere cannot sign up or set a password again: mail reaches nobody."""

    code = "setup.mail_missing"


def messenger(settings: Settings) -> Messenger:
    """Return what sends mail: through a server, into a folder, or to nobody.

    Raises ``setup.setting_invalid`` when no sender is named.
    """
    where, sender = settings.mail_address, settings.mail_sender
    if where is None:
        return NoMessenger()
    if where.startswith("file:"):
        from kasa.adapters.mail.folder import FolderMessenger

        return FolderMessenger(Path(unquote(urlsplit(where).path)), sender)
    from kasa.adapters.mail.smtp import MailServer, SmtpMessenger

    return SmtpMessenger(MailServer.at(where), sender)


def mail_answers(made: Messenger, settings: Settings) -> str:
    """Ask the channel of mail how it is; raise what is wrong, or say where mail goes."""
    where = settings.mail_address
    if settings.is_public and settings.mail_url is None:
        raise MailMissing
    if where is None:
        return "none is sent"
    made.ping(ChannelKind.MAIL)
    if where.startswith("file:"):
        return f"goes into {unquote(urlsplit(where).path)}"
    return f"{urlsplit(where).hostname} takes it"

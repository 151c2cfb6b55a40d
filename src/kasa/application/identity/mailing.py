"""Queueing mails to persons: sealed rows, each with the event that sends it."""

import json
from datetime import datetime, timedelta

import attrs

from kasa.application.ports.credentials import SealBroken, SecretBox
from kasa.application.ports.messenger import ChannelUnavailable, Messenger
from kasa.application.ports.work import PlatformWork
from kasa.domain.channels.message import ChannelKind
from kasa.domain.identity.events import MailQueued
from kasa.domain.identity.mail import MAIL_LIFE, Mail, MailContent, MailKind
from kasa.domain.kernel.ids import MailId, UserId

NOBODY = ""


@attrs.frozen(kw_only=True)
class NewMail:
    """A mail that is to be sent; one of kind ``BLANK`` is stored like any other and goes nowhere.

    ``facts`` are the values that its sentences name: token, code, shop, name, device, place, email.
    """

    id: MailId
    kind: MailKind
    address: str = attrs.field(repr=False)
    facts: dict[str, str] = attrs.field(factory=dict, repr=False)
    language: str = "en"
    user: UserId | None = None
    life: timedelta = MAIL_LIFE


def queue_mail(work: PlatformWork, box: SecretBox, new: NewMail, *, at: datetime) -> None:
    """Store a mail whose address and facts only its reaction can read, and record its event."""
    bare = Mail(
        id=new.id,
        user=new.user,
        kind=new.kind,
        language=new.language,
        expires_at=at + new.life,
    )
    content = json.dumps({"address": new.address, "facts": new.facts}).encode()
    work.mails.add(attrs.evolve(bare, sealed=box.seal(content, bare.bound_to)))
    work.events.record(MailQueued(subject=new.id), at=at)


def content_of(mail: Mail, box: SecretBox) -> MailContent:
    """Return what is sealed in a mail, or raise ``identity.seal_broken``."""
    try:
        read = json.loads(box.open(mail.sealed or b"", mail.bound_to))
        return MailContent(address=str(read["address"]), facts=dict(read["facts"]))
    except (ValueError, LookupError, TypeError) as error:
        raise SealBroken from error


def require_mail(messenger: Messenger) -> None:
    """Return where mail can be sent, else raise ``channel.unavailable``: to everybody alike."""
    able = messenger.capabilities(ChannelKind.MAIL)
    if able is None or not able.can_start_conversation:
        raise ChannelUnavailable(channel=ChannelKind.MAIL.value)

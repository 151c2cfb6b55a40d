"""Mails to persons: queued sealed, sent once, and gone when they were accepted or are no use."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from kasa.adapters.memory.bundle import memory_ports
from kasa.adapters.memory.messenger import NoMessenger, RecordingMessenger
from kasa.adapters.memory.outside import StoppedClock
from kasa.application.identity.mail_words import MAILS, STRANGERS_LIMIT
from kasa.application.identity.mailing import NewMail, content_of, queue_mail, require_mail
from kasa.application.kasa import Kasa
from kasa.application.ports.bundle import Ports
from kasa.application.ports.credentials import SealBroken
from kasa.application.ports.messenger import (
    ChannelUnavailable,
    Gone,
    LoginRefused,
    NotEncrypted,
    Rejected,
    Unknown,
)
from kasa.domain.channels.message import ChannelKind
from kasa.domain.identity.access import Actor
from kasa.domain.identity.mail import Mail, MailKind, MailState
from kasa.domain.kernel.errors import KasaError
from kasa.domain.kernel.events import OperatorAlert
from kasa.domain.kernel.ids import PLATFORM, MailId

ADDRESS = "sok.dara@shop.example"
TOKEN = "a_b-C9" * 7
FACTS = {
    "token": TOKEN,
    "code": "12345678",
    "shop": "ហាង កាហ្វេ",
    "name": "till",
    "device": "Firefox, Linux",
    "place": "Phnom Penh",
    "email": "new@shop.example",
    "what": "channel.login_refused",
}


@attrs.define
class Post:
    """A kasa in memory, and what its messenger was given."""

    clock: StoppedClock = attrs.field(factory=StoppedClock)
    messenger: RecordingMessenger = attrs.field(factory=RecordingMessenger)
    ports: Ports = attrs.field(init=False)
    kasa: Kasa = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.ports = attrs.evolve(memory_ports(clock=self.clock), messenger=self.messenger)
        self.kasa = Kasa.over(self.ports)

    def queue(self, kind: MailKind, **changed: Any) -> MailId:
        """Queue a mail and return which."""
        now = self.clock.now()
        new = NewMail(id=MailId(self.ports.ids.new(now)), kind=kind, address=ADDRESS, facts=FACTS)
        with self.ports.unit_of_work.platform() as work:
            queue_mail(work, self.ports.box, attrs.evolve(new, **changed), at=now)
        return new.id

    def mail(self, mail_id: MailId) -> Mail:
        """Return a mail as it is stored."""
        with self.ports.unit_of_work.platform() as work:
            return work.mails.get(mail_id)

    def work_off(self) -> int:
        """Run every job that is due."""
        return self.ports.worker.drain(self.kasa.run)

    def alerts(self) -> list[str]:
        """Return the codes that the operator was alarmed with."""
        with self.ports.unit_of_work.read_only(Actor.system(PLATFORM)) as view:
            found = view.events.trail(kinds=(OperatorAlert.kind,)).items
        return [row.event.code for row in found if isinstance(row.event, OperatorAlert)]


@pytest.fixture
def post() -> Post:
    """Return a fresh one."""
    return Post()


def test_a_mail_is_sealed_until_it_is_sent(post: Post) -> None:
    """Neither address, token nor code lies in the open, and they are gone once it was accepted."""
    mail_id = post.queue(MailKind.MAGIC)
    waiting = post.mail(mail_id)
    assert waiting.sealed is not None
    assert not any(it.encode() in waiting.sealed for it in (ADDRESS, TOKEN, "12345678"))
    assert ADDRESS == content_of(waiting, post.ports.box).address
    post.work_off()
    (sent,) = post.messenger.delivered
    assert ADDRESS == sent.recipient.address
    assert (MailState.SENT, None) == (post.mail(mail_id).state, post.mail(mail_id).sealed)


def test_a_seal_opens_only_its_own_mail(post: Post) -> None:
    """Content put under another mail does not open."""
    first, second = post.mail(post.queue(MailKind.RESET)), post.mail(post.queue(MailKind.RESET))
    with pytest.raises(SealBroken):
        content_of(attrs.evolve(second, sealed=first.sealed), post.ports.box)


def test_a_blank_mail_goes_nowhere(post: Post) -> None:
    """A mail for an unknown address is stored and ends as any other, and nothing is sent."""
    mail_id = post.queue(MailKind.BLANK)
    assert 1 == post.work_off()
    assert [] == post.messenger.delivered
    assert (MailState.SENT, None) == (post.mail(mail_id).state, post.mail(mail_id).sealed)


@pytest.mark.parametrize("lack", [ChannelUnavailable(), Unknown(), Unknown(retry_after=60)])
def test_a_mail_outlives_an_outage_once(post: Post, lack: KasaError) -> None:
    """What could not be sent stays sealed, is sent when the channel is back, under one key."""
    post.messenger.fails = [lack]
    mail_id = post.queue(MailKind.SIGN_UP)
    post.work_off()
    assert post.mail(mail_id).sealed is not None
    post.clock.pass_time(timedelta(minutes=10))
    post.work_off()
    assert 1 == len(post.messenger.delivered)
    assert post.messenger.delivered[0].key.endswith(":identity.send_mail")
    post.clock.pass_time(timedelta(hours=1))
    post.work_off()
    assert 1 == len(post.messenger.delivered)


@pytest.mark.parametrize("lack", [Rejected(), Gone()])
def test_what_is_refused_for_good_ends(post: Post, lack: KasaError) -> None:
    """A refused mail ends without its content, and is not tried again."""
    post.messenger.fails = [lack]
    mail_id = post.queue(MailKind.SIGN_UP)
    post.work_off()
    post.clock.pass_time(timedelta(hours=2))
    post.work_off()
    assert [] == post.messenger.delivered
    assert (MailState.FAILED, None) == (post.mail(mail_id).state, post.mail(mail_id).sealed)


def test_a_mail_that_is_no_use_any_more_is_not_sent(post: Post) -> None:
    """A link that would be dead when it arrives is not sent after an outage."""
    post.messenger.fails = [ChannelUnavailable()]
    mail_id = post.queue(MailKind.MAGIC, life=timedelta(minutes=10))
    post.work_off()
    post.clock.pass_time(timedelta(minutes=10))
    post.work_off()
    assert [] == post.messenger.delivered
    assert (MailState.FAILED, None) == (post.mail(mail_id).state, post.mail(mail_id).sealed)


@pytest.mark.parametrize("lack", [LoginRefused, NotEncrypted])
def test_a_refused_login_alarms_the_operator(post: Post, lack: type[KasaError]) -> None:
    """What only the operator can mend is told once for each mail, however often it is tried."""
    post.messenger.fails = [lack(), lack()]
    post.queue(MailKind.RESET)
    for _ in range(3):
        post.work_off()
        post.clock.pass_time(timedelta(minutes=10))
    assert [lack.code] == post.alerts()
    assert 1 == len(post.messenger.delivered)


@pytest.mark.parametrize("kind", sorted(set(MailKind) - {MailKind.BLANK}))
@pytest.mark.parametrize("language", ["en", "km"])
def test_every_mail_has_words(post: Post, kind: MailKind, language: str) -> None:
    """Each kind is said whole: no placeholder is left, a link leads to this kasa."""
    post.queue(kind, language=language)
    post.work_off()
    (sent,) = post.messenger.delivered
    assert "" != sent.message.subject
    assert "{" not in sent.message.subject + sent.message.text
    assert post.ports.public_url in sent.message.text
    page = MAILS[kind].page
    assert (f"{post.ports.public_url}{page}?token={TOKEN}" in sent.message.text) == bool(page)
    assert language == sent.message.language


def test_what_is_not_known_is_left_out(post: Post) -> None:
    """A sentence without its values is not said, and no empty place is shown."""
    post.queue(MailKind.NEW_DEVICE, facts={"device": "Firefox"})
    post.work_off()
    (sent,) = post.messenger.delivered
    assert "Browser: Firefox" in sent.message.text
    assert "Place" not in sent.message.text


def test_a_strangers_name_carries_no_link(post: Post) -> None:
    """A shop's name that reads like an advertisement is cut, and nothing in it can be clicked."""
    name = "Win at https://evil.example/x, www.evil.example me@evil.example " + "x" * 200
    post.queue(MailKind.INVITATION, facts={"shop": name, "token": TOKEN})
    post.work_off()
    (sent,) = post.messenger.delivered
    said = sent.message.subject + sent.message.text.replace(post.ports.public_url, "")
    assert not any(it in said for it in ("evil.", "https://", "me@"))
    assert len(sent.message.subject) <= STRANGERS_LIMIT + 20


def test_without_a_channel_everybody_is_told_so() -> None:
    """Where no mail is configured it is unavailable, and where it is, it is not."""
    require_mail(RecordingMessenger())
    for messenger in (NoMessenger(), RecordingMessenger(ChannelKind.TELEGRAM)):
        with pytest.raises(ChannelUnavailable):
            require_mail(messenger)

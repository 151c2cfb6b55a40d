"""Which way mail goes, and what the doctor is told of it."""

from pathlib import Path

import attrs
import pytest

from kasa.adapters.memory.messenger import NoMessenger
from kasa.domain.channels.message import ChannelKind
from kasa.entrypoints.bootstrap_mail import MailMissing, mail_answers, messenger
from kasa.entrypoints.setting_forms import Bind
from kasa.entrypoints.settings import Settings


def test_the_settings_choose_the_way(tmp_path: Path) -> None:
    """A folder for trials, a server where one is named, nobody where there is neither."""
    trial = Settings(home=tmp_path)
    assert f"goes into {tmp_path}/mail" == mail_answers(messenger(trial), trial)
    named = attrs.evolve(trial, mail_url="smtps://me%40shop.example:secret@mail.example")
    assert "mail.example" in repr(messenger(named))
    assert "secret" not in repr(messenger(named))
    nobody = attrs.evolve(trial, bind=Bind("0.0.0.0", 8000))
    assert isinstance(messenger(nobody), NoMessenger)
    assert None is messenger(nobody).capabilities(ChannelKind.MAIL)


@pytest.mark.parametrize(
    "away",
    [Settings(bind=Bind("0.0.0.0", 8000)), Settings(public_url="https://till.example")],
)
def test_a_public_address_wants_mail(away: Settings) -> None:
    """Where people elsewhere come, the doctor fails without a server of mail."""
    with pytest.raises(MailMissing):
        mail_answers(messenger(away), away)

"""Mail into a folder: who may read it, its order, and a disk that does not take it."""

import stat
from pathlib import Path

import pytest

from kasa.adapters.mail.folder import FolderMessenger, file_name
from kasa.application.ports.messenger import ChannelUnavailable, Rejected
from kasa.domain.channels.message import ChannelKind, Message, Recipient

pytestmark = pytest.mark.integration

DARA = Recipient(channel=ChannelKind.MAIL, address="dara@shop.example")
KEY = "019aa000-0000-7000-8000-000000000001:identity.send_mail"
LINK = "http://127.0.0.1:8000/sign-up?token=" + "a_b-C9=" * 12


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    """Mails hold links that sign somebody in: files are 0600 in a folder of 0700."""
    folder = tmp_path / "mail"
    FolderMessenger(folder, "kasa@localhost").send(DARA, Message(text="x"), KEY)
    (file,) = folder.iterdir()
    assert (0o700, 0o600) == tuple(stat.S_IMODE(it.stat().st_mode) for it in (folder, file))
    assert ".eml" == file.suffix


@pytest.mark.parametrize("words", ["Open this link:", "សូមបើកតំណនេះ៖"])
def test_a_link_can_be_read_off_the_file(tmp_path: Path, words: str) -> None:
    """A link stands whole on its line, so that a script or a person finds it."""
    text = f"{words}\n\n{LINK}\n"
    FolderMessenger(tmp_path, "kasa@localhost").send(DARA, Message(subject=words, text=text), KEY)
    (file,) = tmp_path.iterdir()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert {words, LINK} <= set(lines)


def test_names_stand_in_the_order_of_events() -> None:
    """Keys begin with the identifier of an event, which rises; other letters never reach a name."""
    later = KEY.replace("000001", "000002")
    assert file_name(KEY) < file_name(later)
    strange = [file_name(it) for it in ("../../etc/x", "a/b", "a-b", "", ".", "k" * 300, "ក", "ខ")]
    assert len(set(strange)) == len(strange)
    assert all(Path(it).name == it and not it.startswith(".") for it in strange)


def test_a_disk_that_takes_nothing_is_unavailable(tmp_path: Path) -> None:
    """What cannot be written is tried again later, and leaves nothing half written."""
    blocked = tmp_path / "mail"
    blocked.write_text("a file stands where the folder should be")
    made = FolderMessenger(blocked, "kasa@localhost")
    with pytest.raises(ChannelUnavailable):
        made.send(DARA, Message(text="x"), KEY)
    with pytest.raises(ChannelUnavailable):
        made.ping(ChannelKind.MAIL)
    assert [blocked] == list(tmp_path.iterdir())


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    """The folder refuses what a server would, so that a trial shows it."""
    nobody = Recipient(channel=ChannelKind.MAIL, address="nobody")
    with pytest.raises(Rejected):
        FolderMessenger(tmp_path, "kasa@localhost").send(nobody, Message(text="x"), KEY)
    assert [] == list(tmp_path.iterdir())

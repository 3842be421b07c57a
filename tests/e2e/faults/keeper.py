"""What the keepers of the Dovecot do to a user's folders, past IMAP."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imapclient import imap_utf7

from triage.demo.dovecot import SEARCHED, Dovecot


def maildir(server: Dovecot, user: str, folder: str = "INBOX") -> Path:
    """Where Dovecot keeps a folder."""
    home = server.folder / "home" / user / "Maildir"
    return home if folder == "INBOX" else home / f".{imap_utf7.encode(folder).decode('ascii').replace('/', '.')}"


def set_uidvalidity(server: Dovecot, user: str, folder: str, uidvalidity: int) -> None:
    """Give a folder another UIDVALIDITY; the UIDs stay."""
    command = ["doveadm", "-c", str(server.folder / "dovecot.conf"), "mailbox", "update", "-u", user]
    command += ["--uid-validity", str(uidvalidity), folder]
    subprocess.run(command, env={"PATH": SEARCHED}, check=True, capture_output=True)


def forget_uids(server: Dovecot, user: str, folder: str = "INBOX") -> None:
    """Lose the list of UIDs: Dovecot gives new ones, and another UIDVALIDITY."""
    for file in maildir(server, user, folder).glob("dovecot*"):
        file.unlink()


def lay(server: Dovecot, user: str, head: bytes, size: int) -> None:
    """Lay a mail that begins with `head` and has `size` octets into the INBOX, without ever holding it."""
    file = maildir(server, user) / "tmp" / f"1.M{size}P1.desk,S={size},W={size}:2,"
    block = (b"QUFB" * 19 + b"\r\n") * 13_000
    with file.open("wb") as opened:
        opened.write(head)
        left = size - len(head)
        while left:
            left -= opened.write(block[: min(left, len(block))])
    kept = maildir(server, user).stat()
    os.chown(file, kept.st_uid, kept.st_gid)
    file.rename(maildir(server, user) / "cur" / file.name)


@contextmanager
def mode(folder: Path, bits: int) -> Iterator[None]:
    """A folder and those in it with these rights for a while."""
    before = {path: path.stat().st_mode for path in (folder, *filter(Path.is_dir, folder.iterdir()))}
    try:
        for path in reversed(before):
            path.chmod(bits)
        yield
    finally:
        for path, was in before.items():
            path.chmod(was)

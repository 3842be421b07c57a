"""A private Dovecot 2.3 on loopback, without system configuration, privileged ports or chroot.

It runs as the calling user; as root it drops to nobody, because Dovecot refuses mail users with uid 0.
"""

import grp
import os
import pwd
import shutil
import signal
import smtplib
import ssl
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Self

from triage.demo.loopback import await_greeting, free_ports, make_certificate
from triage.errors import MailboxError

TEMPLATE = Path(__file__).with_name("dovecot.conf")
SEARCHED = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin"
SUPPORTED = "2.3."  # 2.4 reads another form of configuration
SHORT_FOLDER = "/tmp"  # noqa: S108 - paths of unix sockets are limited to 108 octets; the folder itself is private


def program() -> str | None:
    """Path of an installed Dovecot 2.3 with openssl and setpriv beside it, or None."""
    dovecot = shutil.which("dovecot", path=SEARCHED)
    if not dovecot or not shutil.which("openssl") or not shutil.which("setpriv"):
        return None
    answer = subprocess.run([dovecot, "--version"], capture_output=True, text=True, check=False)
    return dovecot if answer.stdout.startswith(SUPPORTED) else None


class Dovecot:
    """A running Dovecot with TLS (`imaps_port`), plain IMAP (`imap_port`) and LMTP. Use it as a context manager."""

    def __init__(self, users: Mapping[str, str] | None = None, *, more: str = "") -> None:
        self.users = dict(users or {"mottak": "hemmelig"})
        self._more = more  # configuration; $folder in it is ours
        self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None
        root = os.geteuid() == 0
        self._user = "nobody" if root else pwd.getpwuid(os.getuid()).pw_name
        self._group = "nogroup" if root else grp.getgrgid(os.getgid()).gr_name
        self.folder = Path(tempfile.mkdtemp(prefix="desk", dir=SHORT_FOLDER))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def certificate(self) -> Path:
        """The certificate authority that a client must trust."""
        return self.folder / "cert.pem"

    def ssl_context(self) -> ssl.SSLContext:
        """A client's TLS context that trusts this server."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def start(self, seconds: float = 10) -> Self:
        """Start it and wait for its greeting. MailboxError, with its log, when it does not come."""
        try:
            if program() is None:
                raise MailboxError("no Dovecot 2.3 is installed: install dovecot-imapd and dovecot-lmtpd")
            self._configure()
            self._launch(seconds)
        except BaseException:
            self.stop()
            raise
        return self

    def restart(self, *, kill: bool = False, seconds: float = 10) -> None:
        """End it, by SIGKILL when asked, and start it anew with the same mail and ports. MailboxError as `start`."""
        if kill and self._process and self._alive():
            os.killpg(self._process.pid, signal.SIGKILL)
        self._end()
        self._launch(seconds)

    def _launch(self, seconds: float) -> None:
        dovecot = program() or "dovecot"
        with (self.folder / "stderr").open("wb") as errors:
            self._process = subprocess.Popen(
                [*self._privileges(), dovecot, "-F", "-c", str(self.folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                env={"PATH": SEARCHED},
            )
        if not await_greeting(self.imap_port, b"* OK", alive=self._alive, seconds=seconds):
            raise MailboxError(f"Dovecot did not start:\n{self.log()}")

    def fill(self, messages: Iterable[tuple[bytes, datetime]], user: str = "mottak") -> int:
        """Lay messages (octets, INTERNALDATE) into the INBOX, UIDs in that order. Returns how many.

        They are served unchanged, except for what IMAP cannot carry: a NUL becomes 0x80, a line's bare LF becomes CRLF.
        """
        maildir = self.folder / "home" / user / "Maildir"
        for name in ("tmp", "new", "cur"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        before = count = sum(1 for _ in (maildir / "cur").iterdir()) + sum(1 for _ in (maildir / "new").iterdir())
        for octets, internaldate in messages:
            file = maildir / "cur" / f"{count:08d}.M{count}P{os.getpid()}.desk,S={len(octets)}:2,"
            file.write_bytes(octets)
            os.utime(file, (internaldate.timestamp(), internaldate.timestamp()))
            count += 1
        self._hand_over(self.folder / "home")
        return count - before

    def deliver(self, octets: bytes, sender: str = "supplier@firma.example", user: str = "mottak") -> None:
        """Deliver one message by LMTP, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as server:
            server.sendmail(sender, [f"{user}@mottak.example"], octets)

    def log(self) -> str:
        """What Dovecot wrote so far."""
        files = (self.folder / "stderr", self.folder / "dovecot.log")
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def stop(self) -> None:
        """Stop it and remove its folder; harmless when it is stopped."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        if self._process is None:
            return
        if self._alive():
            self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _configure(self) -> None:
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir()
        make_certificate(self.folder)
        # the colons make the same line serve as an entry of userdb
        lines = (f"{user}:{{PLAIN}}{password}:::::\n" for user, password in self.users.items())
        (self.folder / "passwd").write_text("".join(lines))
        text = Template(TEMPLATE.read_text() + self._more).substitute(
            folder=self.folder,
            user=self._user,
            group=self._group,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
            lmtp_port=self.lmtp_port,
        )
        (self.folder / "dovecot.conf").write_text(text)
        self._hand_over(self.folder)

    def _privileges(self) -> list[str]:
        with_parent = ["setpriv", "--pdeathsig=TERM"]
        if os.geteuid() != 0:
            return with_parent
        return [*with_parent, f"--reuid={self._user}", f"--regid={self._group}", "--clear-groups"]

    def _hand_over(self, folder: Path) -> None:
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, self._user, self._group)

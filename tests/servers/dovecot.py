"""Dovecot for tests: the one the demo runs, under the reason why it cannot run here."""

from triage.demo.dovecot import Dovecot, program

__all__ = ["Dovecot", "absent"]


def absent() -> str:
    """Why no Dovecot can be started here, or an empty string."""
    return "" if program() else "Dovecot 2.3 (dovecot-imapd, dovecot-lmtpd) with openssl and setpriv is not installed"

"""Files of mail: .eml, mbox, Maildir, and folders of them, read as a stream."""

from triage.adapters.files.gathering import Limits
from triage.adapters.files.walk import read, total_octets

__all__ = ["Limits", "read", "total_octets"]

"""Pictures to text by tesseract, when it is installed."""

import os
import shutil
import subprocess
from functools import cache

from models.mail import DocumentText
from triage.adapters.documents.limits import OCR_SECONDS

LANGUAGES = ("nor", "eng", "swe", "dan", "deu", "chi_sim")
MIN_PICTURE = 6_000
MAX_PICTURE = 15_000_000


def read_picture(octets: bytes) -> DocumentText:
    """What stands in a picture. Small ones are logos and are left alone."""
    if len(octets) < MIN_PICTURE:
        return DocumentText(unread="a picture too small to hold a document")
    if len(octets) > MAX_PICTURE:
        return DocumentText(unread="a picture too large to be read")
    if not installed():
        return DocumentText(unread="a picture, and no character recognition is installed")
    text = recognised(octets)
    return DocumentText(text=text, unread="" if text.strip() else "a picture in which no text could be recognised")


@cache
def installed() -> str:
    """The languages to recognise, joined as tesseract wants them; empty when it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10, check=False, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "+".join(one for one in LANGUAGES if one in listed.stdout.split())


def recognised(picture: bytes) -> str:
    """The text in a picture; empty when tesseract fails or takes too long."""
    try:
        done = subprocess.run(
            ["tesseract", "stdin", "stdout", "-l", installed()],
            input=picture,
            capture_output=True,
            timeout=OCR_SECONDS,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""

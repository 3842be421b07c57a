"""The installed Chromium that browser tests drive."""

import shutil


def program() -> str | None:
    """Path of an installed Chromium or Chrome, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

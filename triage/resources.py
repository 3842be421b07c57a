"""Where data/ and reply_templates/ are: an operator's own, the checkout's, or the installed ones."""

import os
from importlib.resources import files
from pathlib import Path

from triage.errors import KnowledgeError

OVERRIDE = "TRIAGE_RESOURCES"


def root() -> Path:
    """Folder that holds data/ and reply_templates/."""
    override = os.environ.get(OVERRIDE)
    if override:
        return _checked(
            Path(override), f"set {OVERRIDE} to a folder that holds data/ and reply_templates/, or unset it"
        )
    package = Path(str(files("triage")))
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "data").is_dir():
        return checkout
    return _checked(package / "_resources", "install the program again: its data is missing")


def _checked(folder: Path, remedy: str) -> Path:
    if (folder / "data").is_dir() and (folder / "reply_templates").is_dir():
        return folder
    raise KnowledgeError(str(folder), "data/, reply_templates/", remedy)

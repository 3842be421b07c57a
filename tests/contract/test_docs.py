"""The documents say what there is: every setting, every verb, every file they point to."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from triage.settings import Settings

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


@pytest.fixture(scope="module")
def readme(checkout: Path) -> str:
    return (checkout / "README.md").read_text(encoding="utf-8")


def verbs() -> Iterator[tuple[str, Any]]:
    from triage.cli import app

    yield from vars(typer.main.get_command(app))["commands"].items()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(readme: str, name: str) -> None:
    [row] = [line for line in readme.splitlines() if line.startswith(f"| `TRIAGE_{name.upper()}` |")]
    default = Settings.model_fields[name].get_default(call_default_factory=True)
    if isinstance(default, str | int | float) and default != "":
        assert f"| `{str(default).lower()}` |" in row.lower()


def test_no_setting_is_documented_that_is_none(readme: str) -> None:
    documented = set(re.findall(r"^\| `TRIAGE_(\w+)` \|", readme, flags=re.MULTILINE))
    assert documented == {name.upper() for name in Settings.model_fields}


def test_every_verb_is_documented(readme: str) -> None:
    documented = set(re.findall(r"^\| `triage ([\w-]+)", readme, flags=re.MULTILINE))
    assert documented == {name for name, _ in verbs()}


def test_every_verb_and_option_says_what_it_does() -> None:
    for name, command in verbs():
        assert command.get_short_help_str(), name
        assert [parameter.name for parameter in command.params if getattr(parameter, "help", "-") is None] == [], name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_points_to_is_there(checkout: Path, document: str) -> None:
    targets = LINK.findall((checkout / document).read_text(encoding="utf-8"))
    assert [target for target in targets if not (checkout / target).exists()] == []


def test_every_verb_of_make_says_what_it_does(checkout: Path) -> None:
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert set(re.findall(r"^(\w+):.*## \w", makefile, flags=re.MULTILINE)) == set(phony.split())

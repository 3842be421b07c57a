"""`triage read` and `triage parse`: mail files to lines of JSON, with no database and no network."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from triage.errors import InputError

MAX_OCTETS = 100_000_000

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help=".eml files, or - for standard input")]
Json = Annotated[bool, typer.Option("--json", help="Lines of JSON (they always are)")]


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("read")(read)
    app.command("parse")(parse)


def read(
    files: Files,
    now: Annotated[str, typer.Option(help="Date whose rules apply (ISO 8601); default: the topmost Received date")] = "",
    language: Annotated[str, typer.Option(help="Language of the sentences for people: en or nb")] = "en",
    json_: Json = True,
) -> int:
    """Read mail files: intent, categories, claims, offer lines, supplier, priority, reply; a line of JSON each."""
    from triage import bootstrap, settings

    reader = bootstrap.reader(settings.load(), language=language)
    moment = _moment(now)
    return _lines(files, lambda file, octets: reader(file, octets, moment))


def parse(files: Files, json_: Json = True) -> int:
    """Decode mail files: header fields, text, new text, attachments, nested mails, defects; a line of JSON each."""
    from triage import bootstrap

    return _lines(files, bootstrap.decoder())


def _lines(files: list[str], line: Callable[[str, bytes], dict[str, Any]]) -> int:
    """Print a line for each file; 1 when one could not be read, else 0."""
    status = 0
    for file, octets in _octets(files):
        found = {"file": file, "error": octets} if isinstance(octets, str) else line(file, octets)
        status = 1 if "error" in found else status
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return status


def _octets(files: list[str]) -> Iterator[tuple[str, bytes | str]]:
    """(name, octets) of each file, or (name, what is wrong and what to do)."""
    for file in files:
        try:
            octets = sys.stdin.buffer.read(MAX_OCTETS + 1) if file == "-" else _file_octets(Path(file))
        except IsADirectoryError:
            yield file, "is a directory; name the .eml files in it"
        except FileNotFoundError:
            yield file, "does not exist; check the path"
        except OSError as fault:
            yield file, f"cannot be read: {fault.strerror or fault}; check the file and its rights"
        else:
            yield file, octets if len(octets) <= MAX_OCTETS else f"is larger than {MAX_OCTETS} octets; no mail server takes that"


def _file_octets(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(MAX_OCTETS + 1)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--now {text}: not a date; write it as 2020-03-20 or 2020-03-20T12:00:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

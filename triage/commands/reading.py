"""`triage read` and `triage parse`: mail files to lines of JSON, with no database and no network."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

from models.case import Triaged
from models.mail import NO_KEY, RawMessage
from triage import bootstrap, settings
from triage.commands import rounds
from triage.commands.shown import print_json
from triage.errors import InputError, ReadingError

MAX_OCTETS = 100_000_000
AHEAD = 16

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help=".eml files, or - for standard input")]
AlwaysJson = Annotated[bool, typer.Option("--json", help="Lines of JSON (they always are)")]
Line = dict[str, Any]
Read = TypeVar("Read")
Submit = Callable[[RawMessage], Future[Read]]
Outcome = Future[Read] | str
"""What is read of a file, to come, or what is wrong with it and what to do."""


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("read")(read)
    app.command("parse")(parse)


def read(
    files: Files,
    now: Annotated[
        str, typer.Option(help="Date whose rules apply (ISO 8601); default: the topmost Received date")
    ] = "",
    language: Annotated[Literal["en", "nb"], typer.Option(help="Language of the sentences for people")] = "en",
    _json: AlwaysJson = True,
) -> int:
    """Read mail files: intent, categories, claims, offer lines, supplier, priority, reply; a line of JSON each."""
    from triage.reading_line import reading_line

    configured = settings.load()
    on = _moment(now)
    subject = bootstrap.reply_subject(configured)
    rounds.ensure_artifact(configured)

    def line(file: str, triaged: Triaged) -> Line:
        return reading_line(file, triaged, reply_subject=subject(triaged), language=language)

    with bootstrap.readers(_few(configured, files), on=on.date() if on else None) as readers:
        return _print_lines(files, readers.submit, line)


def parse(files: Files, _json: AlwaysJson = True) -> int:
    """Decode mail files: header fields, text, new text, attachments, nested mails, defects; a line of JSON each."""
    with bootstrap.decoders(_few(settings.load(), files)) as decoders:
        return _print_lines(files, decoders.submit, lambda file, decoded: {"file": file, **decoded})


def _few(configured: settings.Settings, files: Sequence[str]) -> settings.Settings:
    """No more children than there are files."""
    return configured.model_copy(update={"workers": min(configured.workers, len(files))})


def _print_lines(files: Iterable[str], submit: Submit[Read], to_line: Callable[[str, Read], Line]) -> int:
    """Print a line for each file, in their order; the exit status."""
    status = 0
    for file, outcome in _ahead(_submitted(files, submit)):
        try:
            line = to_line(file, _result(outcome))
        except ReadingError as fault:
            line = {"file": file, "error": str(fault)}
            status = 1
        print_json(line)
    return status


def _submitted(files: Iterable[str], submit: Submit[Read]) -> Iterator[tuple[str, Outcome[Read]]]:
    for file, octets in _octets(files):
        if isinstance(octets, str):
            yield file, octets
        else:
            yield file, submit(RawMessage(key=NO_KEY, octets=octets, internaldate=bootstrap.clock()))


def _ahead(outcomes: Iterator[tuple[str, Outcome[Read]]]) -> Iterator[tuple[str, Outcome[Read]]]:
    """The same in the same order, some begun before they are asked for, so that every child has work."""
    begun: deque[tuple[str, Outcome[Read]]] = deque()
    for outcome in outcomes:
        begun.append(outcome)
        if len(begun) > AHEAD:
            yield begun.popleft()
    yield from begun


def _result(outcome: Outcome[Read]) -> Read:
    if isinstance(outcome, str):
        raise ReadingError(outcome)
    return outcome.result()


def _octets(files: Iterable[str]) -> Iterator[tuple[str, bytes | str]]:
    """(name, octets) of each file, or (name, what is wrong and what to do)."""
    from triage.stages.parse import looks_like_mail

    for file in files:
        try:
            octets = sys.stdin.buffer.read(MAX_OCTETS + 1) if file == "-" else _file_octets(Path(file))
        except IsADirectoryError:
            yield file, "is a directory; name the .eml files in it"
        except FileNotFoundError:
            yield file, "does not exist; check the path"
        except (OSError, ValueError) as fault:
            yield file, f"cannot be read ({fault}); check the file and its rights"
        else:
            yield file, _fault(octets, looks_like_mail(octets)) or octets


def _fault(octets: bytes, plausible: bool) -> str:
    if not octets.strip():
        return "is empty; give a message as a mail server or mail program stores it (.eml)"
    if len(octets) > MAX_OCTETS:
        return f"is larger than {MAX_OCTETS} octets; no mail server takes that"
    return "" if plausible else "is no mail: no header field stands at its top; give a message as .eml (RFC 5322)"


def _file_octets(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(MAX_OCTETS + 1)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--now {text}: not a date; write it as 2020-03-20 or 2020-03-20T12:00:00+01:00") from None

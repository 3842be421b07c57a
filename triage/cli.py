"""The command line. Exit status 0: done; 1: a fault of the world; 2: wrong use. An error is one line on stderr."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer

from triage.commands import demo, importing, learning, operating, reading, running
from triage.errors import InputError, SettingsError, TriageError

WrongUse: type[Exception] = typer.BadParameter.__bases__[0]
"""Typer's error for wrong use, which it does not name in public."""

app = typer.Typer(
    name="triage",
    help="The supplier-mail desk: from a mailbox full of offers to a ranked, explained queue.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verbs in (reading, demo, running, importing, learning, operating):
    verbs.add_to(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    _write_utf8()
    try:
        status = app(args=arguments, prog_name="triage", standalone_mode=False)
    except WrongUse as fault:
        return _fault(f"triage: {_said(fault)} (see triage --help)", 2)
    except (InputError, SettingsError) as fault:
        return _fault(f"triage: {fault}", 2)
    except TriageError as fault:
        return _fault(f"triage: {fault}", 1)
    except (typer.Abort, KeyboardInterrupt):
        return _fault("triage: stopped", 130)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as fault:
        return _fault(f"triage: {fault}; check that place and the rights to it", 1)
    return status if isinstance(status, int) else 0


def _write_utf8() -> None:
    """Write UTF-8 in every locale; a file name that is none stands escaped, as JSON escapes it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _said(fault: BaseException) -> str:
    return " ".join(str(getattr(fault, "format_message", lambda: fault)()).split())


def _fault(line: str, status: int) -> int:
    print(line, file=sys.stderr)
    return status


if __name__ == "__main__":
    main()

"""The command line: exit status 0 on success, 1 on a fault of the world, 2 on wrong use; an error is one line on stderr."""

import sys
from collections.abc import Sequence

import click
import typer

from triage.commands import learning, operating, reading, running
from triage.errors import InputError, SettingsError, TriageError

app = typer.Typer(
    name="triage",
    help="The supplier-mail desk: from a mailbox full of offers to a ranked, explained queue.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verbs in (reading, running, learning, operating):
    verbs.add_to(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    try:
        status = app(args=arguments, prog_name="triage", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        return _fault(help_wanted.format_message(), 2)
    except click.UsageError as fault:
        return _fault(f"triage: {fault.format_message()} (triage --help)", 2)
    except (InputError, SettingsError) as fault:
        return _fault(f"triage: {fault}", 2)
    except TriageError as fault:
        return _fault(f"triage: {fault}", 1)
    except (click.Abort, KeyboardInterrupt):
        return _fault("triage: stopped", 130)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return status if isinstance(status, int) else 0


def _fault(line: str, status: int) -> int:
    print(line, file=sys.stderr)
    return status


if __name__ == "__main__":
    main()

"""What the verbs print: JSON for programs, tables and progress bars for people."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 200

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs")]


def print_json(value: object) -> None:
    """One line of JSON; what is not a number is null, for JSON knows no NaN."""
    line = partial(json.dumps, ensure_ascii=False, default=str)
    try:
        said = line(value, allow_nan=False)
    except ValueError:
        said = line(json.loads(line(value), parse_constant=lambda _: None))
    print(said, flush=True)


def print_line(text: str) -> None:
    """One line for people."""
    print(_printable(text), flush=True)


def print_fault(text: str) -> None:
    """One line on standard error."""
    print(f"triage: {_printable(text)}", file=sys.stderr)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people, on standard output."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error from the first call on: call it with how many are done and how many there are."""
    columns = (
        TextColumn(f"{label:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(file=sys.stderr))
    task = bar.add_task(label, total=None)

    def show(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()


def _plain(cell: object) -> Text:
    """A cell without markup."""
    return Text("" if cell is None else _printable(str(cell)))


def _printable(text: str) -> str:
    """Without control characters: what a mail or a server says must not steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)

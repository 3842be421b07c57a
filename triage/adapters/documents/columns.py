"""Lines of a PDF page with its tables kept: words far apart are cells, and a cell's second line belongs to its cell."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""left, bottom, right, top in points."""

GAP = 1.0
SAME_LINE = 0.5
SAME_COLUMN = 2.0


@dataclass(slots=True)
class _Run:
    """Characters that stand together on a line."""

    left: float
    bottom: float
    height: float
    right: float
    text: str = ""


@dataclass(slots=True)
class _Row:
    bottom: float
    height: float
    lefts: list[float] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    def add(self, run: _Run) -> None:
        self.lefts.append(run.left)
        self.cells.append(run.text.strip())


def lines(text: str, box: Callable[[int], Box]) -> Iterator[str]:
    """The lines of a page, cells parted by tabs. `box` gives where the nth character stands."""
    row: _Row | None = None
    last = 0.0
    for run in _runs(text, box):
        near = SAME_LINE * max(run.height, row.height if row else 0.0)
        if row is not None and run.left > row.lefts[-1] + SAME_COLUMN and abs(run.bottom - row.bottom) < near:
            row.add(run)
        elif (
            row is not None
            and len(row.cells) > 1
            and abs(run.left - row.lefts[-1]) < SAME_COLUMN
            and 0 < last - run.bottom < 2 * run.height
        ):
            row.cells[-1] += f" {run.text.strip()}"
        else:
            if row is not None:
                yield "\t".join(row.cells)
            row = _Row(run.bottom, run.height)
            row.add(run)
        last = run.bottom
    if row is not None:
        yield "\t".join(row.cells)


def _far(run: _Run, placed: Box) -> bool:
    """Whether a character after a blank stands so far off that it begins another cell."""
    return run.text.endswith(" ") and placed[0] - run.right > GAP * max(run.height, placed[3] - placed[1])


def _runs(text: str, box: Callable[[int], Box]) -> Iterable[_Run]:
    run: _Run | None = None
    for number, char in enumerate(text):
        if char in "\r\n":
            if run is not None:
                yield run
            run = None
        elif char.isspace():
            if run is not None:
                run.text += " "
        else:
            placed = box(number)
            if run is not None and _far(run, placed):
                yield run
                run = None
            run = run or _Run(placed[0], placed[1], placed[3] - placed[1], placed[2])
            run.text += char
            run.right, run.height = placed[2], max(run.height, placed[3] - placed[1])
    if run is not None:
        yield run

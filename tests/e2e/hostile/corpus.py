"""Mail made to hurt whoever reads it, by the rows C01 to C07 of the acceptance matrix: made anew at each run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.e2e.hostile import bombs, contents, markup, names, structure

Made = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One message: the row it stands for, what is wrong with it, how its octets are made.

    `long` is true for what only the long form reads: large, or a size more of a kind that the short form has.
    """

    row: str
    name: str
    octets: Made
    long: bool


def corpus() -> Iterator[Hostile]:
    """Every message of the corpus."""
    for row, made in (
        ("C01", structure.nested()),
        ("C02", structure.encoded()),
        ("C03", markup.pages()),
        ("C04", bombs.documents()),
        ("C05", contents.repeated()),
        ("C06", contents.unstorable()),
        ("C07", names.named()),
    ):
        for name, octets in made.items():
            yield Hostile(row=row, name=name.removeprefix("+"), octets=octets, long=name.startswith("+"))


def by_name(name: str) -> Hostile:
    """The message of that name."""
    return next(one for one in corpus() if one.name == name)

"""Run alone: reads mail in every language while it notes each regular expression that our code compiles, and where."""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[3]
PACKAGES = ("models", "classifiers", "triage")
RUN_BY_THEMSELVES = ("triage.demo", "triage.adapters.migrations.", "triage.cli", "triage.__main__")
Compiled = tuple[str, int, str | bytes, int]
MAIL = """\
From: Kari Vik <kari@vikimport.example>
To: mottak@sykehus.example
Subject: FFP2
Date: Mon, 30 Mar 2020 10:00:00 +0200

My name is Kari Vik from Vik Import. Vik Import sells masks. We are a manufacturer; Oslo kommune knows us, and so does
the hospital of Vik. Vik Import AS, 923 609 016.

FFP2, KN95 EN 149, CE 2163: 2 x 40 boxes of 50 pcs, 20 000 pcs, 2.50 EUR/pc, 5-7 days, MOQ 1000 pcs.

Item | Qty | Price per 1000 | Total
FFP2 | 20 000 | 2 500 | 50 000
Total | 20 000 | | 50 000

Best regards
Kari Vik, director
Vik Import AS
Org.nr 923 609 016
Tel +47 22 33 44 55
"""


def main() -> None:
    """A line of JSON for each pattern: file, line, pattern, whether it is of octets, flags."""
    noted = _noting()
    for _ in map(importlib.import_module, _modules()):
        pass
    _read_all()
    for place, line, pattern, flags in sorted(noted, key=repr):
        octets = isinstance(pattern, bytes)
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        sys.stdout.write(json.dumps([place, line, text, octets, flags]) + "\n")


def _noting() -> set[Compiled]:
    noted: set[Compiled] = set()
    compile_ = re._compile  # type: ignore[attr-defined]

    def compiled(pattern: str | bytes | re.Pattern[str], flags: int) -> re.Pattern[str]:
        found: re.Pattern[str] = compile_(pattern, flags)
        place = _caller(sys._getframe(1))
        if place is not None:
            noted.add((*place, found.pattern, found.flags))
        return found

    re._compile = compiled  # type: ignore[attr-defined]
    return noted


def _caller(frame: FrameType | None) -> tuple[str, int] | None:
    """File and line of the caller, where it is ours."""
    while frame is not None and frame.f_code.co_filename == re.__file__:
        frame = frame.f_back
    if frame is None:
        return None
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in PACKAGES:
        return None
    return str(path.relative_to(ROOT)), frame.f_lineno


def _modules() -> Iterator[str]:
    for package in map(importlib.import_module, PACKAGES):
        yield from (
            found.name
            for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
            if not found.name.startswith(RUN_BY_THEMSELVES)
        )


def _read_all() -> None:
    """Whatever is compiled only when it is needed, for each language that has knowledge."""
    from classifiers.identity import find_supplier
    from classifiers.offers import read_offer
    from classifiers.products import find_products
    from triage.bootstrap import knowledge
    from triage.stages.parse import parse
    from triage.stages.passages import passages
    from triage.stages.separate import separate

    nameless = MAIL.replace("Kari Vik <kari@vikimport.example>", "post@vik.example").replace(
        "Vik Import AS", "Vikimport"
    )
    unsigned = nameless.partition("Best regards")[0]
    for text in (MAIL, nameless, unsigned):
        mail = parse(text.encode(), lambda *_: None)  # type: ignore[arg-type, return-value]
        separated = separate(mail, knowledge().separation)
        texts = passages(mail, separated)
        for folder in (ROOT / "data" / "languages").iterdir():
            products = find_products(texts, folder.name, knowledge().products)
            read_offer(texts, folder.name, products, knowledge().offers)
            find_supplier(mail, separated, folder.name, knowledge().identity)


if __name__ == "__main__":
    main()

"""The text of HTML as its layout shows it: quoted blocks, tables and lists."""

import re
from collections.abc import Iterable
from functools import cache

from triage.stages.mime.charset import normalised
from triage.stages.mime.html_flat import Node, flat_text
from triage.stages.mime.limits import MAX_TEXT

OPEN, CLOSE, CELL = "\ue000", "\ue001", "\ue002"
MAX_CELL = 400
MAX_INDENT = 40
OUR_MARKS = re.compile(f"[{OPEN}{CLOSE}{CELL}]")
_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"}
_INDENT = re.compile(r"(?m)^ {41,}")
_BLANK_LINES = re.compile(r"\n{4,}")


def laid_out(tree: Node) -> str:
    """The text of a tree. Quoted blocks get "> ", table cells are parted by tabs."""
    _mark_quotations(tree)
    try:
        _flatten_tables(tree)
        return _rendered(tree)
    except RecursionError:
        return shown(flat_text(tree))


def _mark_quotations(tree: Node) -> None:
    from lxml.etree import Element  # type: ignore[import-untyped]

    for quote in list(tree.iter("blockquote")):
        style = "".join((quote.get("style") or "").lower().split())
        if "border:none" in style and quote.get("type") != "cite":
            continue
        opening, closing = Element("div"), Element("div")
        opening.text, closing.text = OPEN, CLOSE
        opening.tail, quote.text = quote.text, None
        quote.insert(0, opening)
        quote.append(closing)


def _flatten_tables(tree: Node) -> None:
    """Each row of a data table becomes one line; a table that only lays out the page becomes plain blocks."""
    tables = [(table, table.find(".//table") is not None) for table in tree.iter("table")]
    for table, holds_tables in reversed(tables):
        rows = list(table.iter("tr"))
        if not holds_tables and all(_is_cell_text(cell) for row in rows for cell in row):
            for row in rows:
                _flatten_row(row)
        for element in list(table.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption")):
            element.tag = "div"
            element.attrib.clear()


def _is_cell_text(cell: Node) -> bool:
    length = 0
    for piece in cell.itertext():
        length += len(piece)
        if length > MAX_CELL * 2:
            return False
    return cell.find(".//blockquote") is None and len(" ".join("".join(cell.itertext()).split())) <= MAX_CELL


def _flatten_row(row: Node) -> None:
    if len(row) == 1:
        return  # a frame around text, which keeps its lines
    cells = [" ".join("".join(_pieces(cell)).split()) for cell in row if isinstance(cell.tag, str)]
    for cell in list(row):
        row.remove(cell)
    if any(cells):
        row.text = CELL.join(cells)


def _pieces(cell: Node) -> Iterable[str]:
    """The texts of a cell, with a blank where a block or a line ends."""
    for element in cell.iter():
        if isinstance(element.tag, str):
            if element.tag in _BLOCKS:
                yield " "
            yield element.text or ""
        if element is not cell:
            if element.tag in _BLOCKS:
                yield " "
            yield element.tail or ""


@cache
def _config() -> Node:
    from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
    from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]

    return ParserConfig(css=CSS_PROFILES["strict"].copy())


def _rendered(tree: Node) -> str:
    from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]

    return shown(Inscriptis(tree, _config()).get_text())


def shown(text: str) -> str:
    """Text of HTML as it is given on: within the limits, with quote marks for ours."""
    text = _INDENT.sub(" " * MAX_INDENT, normalised(text))
    return _BLANK_LINES.sub("\n\n\n", "\n".join(_quoted_lines(text))).strip("\n")[:MAX_TEXT]


def _quoted_lines(text: str) -> Iterable[str]:
    depth = 0
    for line in text.split("\n"):
        opened, closed = line.count(OPEN), line.count(CLOSE)
        plain = OUR_MARKS.sub(lambda mark: "\t" if mark.group() == CELL else "", line).rstrip(" ")
        depth += opened
        if plain.strip() or not (opened or closed):
            yield ("> " * min(depth, 9) + plain) if depth else plain
        depth = max(0, depth - closed)

"""HTML to the text that a reader sees, and apart from it the text that the HTML hides from him."""

import re
from dataclasses import dataclass
from functools import cache

from models.mail import Defect
from triage.stages.mime.html_flat import Node, shallow, stripped
from triage.stages.mime.html_hidden import cut_hidden
from triage.stages.mime.html_layout import OUR_MARKS, laid_out, shown
from triage.stages.mime.limits import MAX_HTML, MAX_TAGS

_PROLOGUE = re.compile(r"^\s{0,100}<\?xml[^>]{0,500}\?>")
_FAULTS = (RecursionError, ValueError, AssertionError, IndexError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Page:
    """HTML without what it hides. Its layout is made only where it is the text to read: that costs most by far."""

    html: str
    tree: Node | None
    hidden: str
    defects: list[Defect]

    def glance(self) -> str:
        """The words that it shows, without layout."""
        words = "" if self.tree is None else " ".join(self.tree.itertext())
        return words if words.strip() or self.hidden.strip() else stripped(self.html)

    def text(self) -> tuple[str, list[Defect]]:
        """(visible text, defects). Quoted blocks get "> ", table cells are parted by tabs. Never raises."""
        if self.tree is None:
            return shown(stripped(self.html)), []
        try:
            text = laid_out(self.tree)
        except _FAULTS as fault:
            return shown(stripped(self.html)), [_unreadable(type(fault).__name__)]
        if text.strip() or self.hidden.strip() or not stripped(self.html):
            return text, []
        return shown(stripped(self.html)), [_unreadable("no text was found in it")]


def text_of(html: str) -> tuple[str, str, list[Defect]]:
    """(visible text, hidden text, defects)."""
    page = page_of(html)
    text, defects = page.text()
    return text, page.hidden, page.defects + defects


def page_of(html: str) -> Page:
    """What is written in `html`, within the limits. Never raises."""
    defects: list[Defect] = []
    kept = _within_limits(html)
    if len(kept) < len(html):
        defects.append(Defect(code="html-cut", detail=f"HTML of {len(html)} characters cut to {len(kept)}"))
        html = kept
    kept = shallow(html)
    if kept != html:
        defects.append(Defect(code="html-deep", detail="nested too deep; the innermost tags were taken out"))
    try:
        tree = _tree(kept)
        if tree is None:
            return Page("", None, "", defects)
        return Page(html, tree, cut_hidden(tree), defects)
    except _FAULTS as fault:
        return Page(html, None, "", [*defects, _unreadable(type(fault).__name__)])


def _unreadable(detail: str) -> Defect:
    return Defect(code="html-unreadable", detail=detail)


def _within_limits(html: str) -> str:
    html = html[:MAX_HTML]
    if html.count("<") <= MAX_TAGS:
        return html
    rest = html.split("<", MAX_TAGS)[-1]
    return html[: len(html) - len(rest) - 1]


def _tree(html: str) -> Node | None:
    from lxml import etree  # type: ignore[import-untyped]

    html = _PROLOGUE.sub("", OUR_MARKS.sub("", html))
    if not html.strip():
        return None
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


@cache
def _parser() -> Node:
    from lxml.etree import HTMLParser  # type: ignore[import-untyped]

    return HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)

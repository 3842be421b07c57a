"""HTML that is nested too deep for a tree: made shallower before it is parsed, or read without any layout."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, TypeAlias

Node: TypeAlias = Any
"""An lxml element or a thing of inscriptis; neither has types."""

DEEP = 150
DEEPEST = 400
NEAR = 50
BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote",
     "table", "tr", "hr", "address", "header", "footer", "center", "form"}
)  # fmt: skip
_DO_NOT_NEST = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "br", "hr", "img", "input", "meta",
     "link", "area", "base", "col", "wbr", "html", "head", "body"}
)  # fmt: skip
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]{0,20})((?:[\s/][^<>]{0,2000})?)>", re.IGNORECASE)
_TAG = re.compile(r"<(/?[a-z][a-z0-9]{0,20}|[!?/])?[^<>]{0,2000}>", re.IGNORECASE)
_UNSHOWN = re.compile(r"<(?:(script|style|head)\b[^<>]{0,500}>|!--)", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}>", re.IGNORECASE) for name in ("script", "style", "head")} | {
    "": re.compile("-->")
}
_BLANKS = re.compile(r"[ \t\xa0]{2,}")


def shallow(html: str) -> str:
    """HTML without the tags that lie too deep; tables, and tags whose attributes may hide text, stay longest."""
    if html.count("<") <= DEEP:
        return html
    out: list[str] = []
    opened: list[tuple[str, bool]] = []
    end = depth = 0
    for tag in _ELEMENT.finditer(html):
        closing, name, attributes = tag.group(1), tag.group(2).lower(), tag.group(3)
        if name in _DO_NOT_NEST:
            continue
        if not closing:
            kept = depth < (DEEPEST if attributes.strip(" /\n") or name == "table" else DEEP)
            opened.append((name, kept))
            depth += kept
        else:
            kept, left = _closed(opened, name)
            depth -= left
        if not kept:
            out += [html[end : tag.start()], "<br>" if name in BLOCKS else ""]
            end = tag.end()
    return "".join([*out, html[end:]]) if end else html


def _closed(opened: list[tuple[str, bool]], name: str) -> tuple[bool, int]:
    """Take the element out of `opened`: whether its tag was kept, and how many kept ones end with it."""
    for place in range(len(opened) - 1, max(-1, len(opened) - NEAR), -1):
        if opened[place][0] == name:
            kept = opened[place][1]
            left = sum(one for _, one in opened[place:])
            del opened[place:]
            return kept, left
    return True, 0


def flat_text(tree: Node) -> str:
    """The text of a tree in one pass, whatever its depth; a new line where a block begins or ends."""
    return _tidy("".join(_pieces(tree)))


def stripped(html: str) -> str:
    """HTML without its tags, for what no parser takes."""
    return _tidy(unescape(_TAG.sub(_instead, " ".join(_shown(html)))))


def _shown(html: str) -> Iterator[str]:
    """What stands outside scripts, styles, heads and comments; one that does not end hides nothing."""
    begin = end = 0
    endless: set[str] = set()
    while (opening := _UNSHOWN.search(html, end)) is not None:
        name = (opening.group(1) or "").lower()
        closing = None if name in endless else _ENDS[name].search(html, opening.end())
        if closing is None:
            endless.add(name)  # not looked for again: it would be looked for from each of many openings
            end = opening.end()
        else:
            yield html[begin : opening.start()]
            begin = end = closing.end()
    yield html[begin:]


def _pieces(tree: Node) -> Iterator[str]:
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    for event, element in iterwalk(tree, events=("start", "end")):
        block = element.tag in BLOCKS
        if block:
            yield "\n"
        elif element.tag in ("td", "th"):
            yield " "
        if event == "start":
            yield " ".join((element.text or "").split("\n"))
        elif element is not tree:
            yield " ".join((element.tail or "").split("\n"))


def _instead(tag: re.Match[str]) -> str:
    return "\n" if (tag.group(1) or "").lstrip("/").lower() in BLOCKS else " "


def _tidy(text: str) -> str:
    """One blank for many, and no line that holds nothing."""
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)

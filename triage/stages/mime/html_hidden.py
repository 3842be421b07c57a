"""What HTML hides from a reader: found, taken out of the tree, and given apart."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from triage.stages.mime.html_flat import Node
from triage.stages.mime.limits import MAX_TEXT

MAX_DECLARED = 400
MAX_STYLE = 100_000
_UNSHOWN = ("script", "style", "head", "title", "noscript", "template", "object")
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u034f\u180e]")
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|font-size:0(?:\.0{1,9})?(?:px|pt|em|%|;|!|$)"
    r"|opacity:0(?:\.0{1,9})?(?:;|!|$)|max-height:0(?:px|pt)?(?:;|!|$)"
)
_COLOUR = re.compile(r"(?:^|;)color:([^;!]{1,40})")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]{1,60})")
_WHITE = re.compile(r"(?:white|#fff|#ffffff|#fefefe|rgb\(255,255,255\)|rgba\(255,255,255,[\d.]{1,4}\))$")
_RULE = re.compile(r"([^{}]{1,150})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"^[a-z0-9]{0,20}([.#][\w-]{1,100})$", re.IGNORECASE)


def cut_hidden(tree: Node) -> str:
    """Take out of the tree what is not shown; return its text."""
    hiding = _hiding_selectors(tree)
    if hiding or _declares()(tree):
        return _cut_declared(tree, hiding)
    for element in list(tree.iter(*_UNSHOWN)):
        _drop(element)
    return ""


@cache
def _declares() -> Callable[[Node], bool]:
    """Whether an element of a tree has an attribute that may hide it."""
    from lxml.etree import XPath  # type: ignore[import-untyped]

    return XPath("boolean(//*[@style or @hidden or @color])")  # type: ignore[no-any-return]


def _cut_declared(tree: Node, hiding: frozenset[str]) -> str:
    from lxml.etree import iterwalk

    found: list[str] = []
    unshown: list[Node] = []
    painted: set[Node] = set()
    walk = iterwalk(tree, events=("start",), tag="*")
    for _, element in walk:
        if element.getparent() in painted or _is_painted(element):
            painted.add(element)
        if element is tree:
            continue
        if element.tag in _UNSHOWN:
            unshown.append(element)
            walk.skip_subtree()
        elif _is_hidden(element, hiding, on_paint=element in painted):
            text = " ".join("".join(element.itertext()).split())
            if _ZERO_WIDTH.sub("", text).strip():
                found.append(text)
            unshown.append(element)
            walk.skip_subtree()
    for element in unshown:
        _drop(element)
    return "\n".join(dict.fromkeys(found))[:MAX_TEXT]


def _drop(element: Node) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _is_hidden(element: Node, hiding: frozenset[str], *, on_paint: bool) -> bool:
    """Whether an element is not shown; white text is where it lies on no other background."""
    style = "".join((element.get("style") or "")[:MAX_DECLARED].lower().split())
    if "hidden" in element.attrib or (style and _HIDING.search(style)):
        return True
    if hiding:
        names = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
        if names & hiding:
            return True
    colour = _COLOUR.search(style)
    paint = colour.group(1) if colour else (element.get("color") or "").lower() if element.tag == "font" else ""
    return bool(_WHITE.match(paint)) and not on_paint


def _is_painted(element: Node) -> bool:
    """Whether an element has a background other than white."""
    if not element.attrib:
        return False
    style = "".join((element.get("style") or "")[:MAX_DECLARED].lower().split())
    background = _BACKGROUND.search(style)
    paint = background.group(1) if background else (element.get("bgcolor") or "").lower()
    return bool(paint) and not _WHITE.match(paint) and not paint.startswith(("transparent", "none", "inherit"))


def _hiding_selectors(tree: Node) -> frozenset[str]:
    """Classes and ids that a style sheet outside any @-rule hides."""
    sheet = "".join(_style_texts(tree))[:MAX_STYLE]
    found: set[str] = set()
    for selectors, declarations in _RULE.findall(sheet.split("@media")[0]):
        if _HIDING.search("".join(declarations.lower().split())):
            matches = (_SIMPLE.match(selector.strip()) for selector in selectors.split(","))
            found.update(match.group(1) for match in matches if match)
    return frozenset(found)


def _style_texts(tree: Node) -> Iterable[str]:
    return (element.text or "" for element in tree.iter("style"))

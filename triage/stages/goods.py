"""Lines that may be of an offer: goods, and numbers with a unit or a currency."""

import re
from itertools import pairwise

from models.knowledge.separation import SeparationKnowledge
from triage.stages.header_block import MAX_LINE

LEAST_GOODS = 4
MAX_ENDING = 3
LINK = re.compile(r"<[^<>]{0,300}>|https?://\S{0,300}|www\.\S{0,300}|[^\s@]{1,64}@[^\s@]{1,250}")
_TOKENS = re.compile(r"\d[\d.,']{0,15}|[^\W_][\w-]{0,60}|[€$£¥]")


def without_links(line: str) -> str:
    """A line with a blank for each link and address; most have none, which four signs tell sooner than the pattern."""
    links = "@" in line or "<" in line or "http" in line or "www." in line
    return LINK.sub(" ", line) if links else line


def tells_of_goods(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line may be of an offer: a number with a unit, a currency or a product beside it."""
    return any(map(str.isdigit, line)) and (measures(line, knowledge) or names_goods(line, knowledge))


def measures(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line has a number with a unit or a currency beside it."""
    for one, other in pairwise(_tokens(line)):
        if one[0].isdigit() and (other in knowledge.units or other in knowledge.currencies):
            return True
        if one in knowledge.currencies and other[0].isdigit():
            return True
    return False


def names_goods(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a word of a line is a product's name, inflected or at the end of a compound."""
    return any(_is_goods(word, knowledge.goods) for word in _tokens(line) if len(word) >= LEAST_GOODS)


def _tokens(line: str) -> list[str]:
    return _TOKENS.findall(without_links(line[:MAX_LINE]).casefold())


def _is_goods(word: str, goods: frozenset[str]) -> bool:
    inflected = range(max(LEAST_GOODS, len(word) - MAX_ENDING), len(word) + 1)
    return any(word[:size] in goods for size in inflected) or any(
        word[begin:] in goods for begin in range(len(word) - LEAST_GOODS + 1)
    )

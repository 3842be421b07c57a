"""The heads of a table: what each column holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.offer_grammar import grammar
from classifiers.terms import Term
from classifiers.wording import spaced
from models.knowledge.offers import OfferVocabulary

Cell = tuple[int, int]
BARE_NUMBER = re.compile(r"\s{0,20}\d[\d .,\u00a0]{0,20}(?:\s{0,20}|$)$")
NUMERIC = ("quantity", "need", "price", "moq", "box_size", "lead_time")
_COUNTS = frozenset({"quantity", "need", "price", "moq"})

_WIDEST = 160
_ROLES = ("need", "price", "moq", "lead_time", "box_size", "quantity", "product", "unit")


@dataclass(frozen=True, slots=True)
class Column:
    """What the head of a column says of the cells below it."""

    role: str
    unit: str | None
    per: str | None
    currency: str | None
    count: int
    lesser: bool = False


def columns(text: str, row: Sequence[Cell], words: OfferVocabulary) -> tuple[Column, ...] | None:
    """The columns that a row names, or None when it is no header: two roles at least, among them one that counts."""
    if len(row) == 1 or any(BARE_NUMBER.match(text[start:end]) for start, end in row):
        return None
    found = tuple(_column(text[start:end], words) for start, end in row)
    named = {column.role for column in found} - {"", "ignore"}
    plain = not any(sign.isdigit() for start, end in row for sign in text[start:end])
    return found if named & _COUNTS and (len(named) > 1 or plain) else None


def named_column(head: str, words: OfferVocabulary) -> Column | None:
    """What the first cell of a row says of the others, in a table whose columns are products; None: a place."""
    column = _column(head, words)
    return column if column.role in NUMERIC else None


def loose_columns(line: str, words: OfferVocabulary) -> tuple[Column, ...] | None:
    """The columns named by a line whose cells have run together, in order; None unless it names product and number."""
    if len(line) > _WIDEST or any(sign.isdigit() for sign in line):
        return None
    found: list[Column] = []
    for one in grammar(words).heads.all(line):
        head = _column(line[one.start : one.end], words)
        if not (found and found[-1].role == head.role):
            found.append(head)
    roles = [head.role for head in found]
    numeric = [role for role in roles if role in NUMERIC]
    return tuple(found) if "product" in roles and len(numeric) > 1 and set(numeric) & _COUNTS else None


def aligned(text: str, row: Sequence[Cell], heads: Sequence[Column]) -> Sequence[Column]:
    """The heads of the cells of a row that has fewer, where blanks part them: the first, and the last of the others."""
    short = len(heads) - len(row)
    plain = not any(sign in text[row[0][0] : row[-1][1]] for sign in "\t|")
    return (heads[0], *heads[short + 1 :]) if short > 0 and plain else heads


def _column(head: str, words: OfferVocabulary) -> Column:
    known = grammar(words)
    named = {head[one.start : one.end]: one.meaning for one in known.heads.all(head)}
    if re.search(r"\d{3}", head) and not named:
        return Column("", None, None, None, 1)
    longest = max(named, key=len, default="")
    ignored = bool(longest) and named[longest] == "ignore"
    role = "ignore" if ignored else next((one for one in _ROLES if one in named.values()), "")
    unit = known.units.first(known.price.tax.sub("", head))  # "eks. mva" counts nothing
    per, sign = known.periods.first(head), known.currencies.first(head)
    packings = {name for name, meaning in named.items() if meaning == "box_size"}
    if role == "box_size" and "quantity" in named.values() and all(spaced(name) in words.units for name in packings):
        role = "quantity"  # "stock in boxes": the packing is only what is counted
    held = known.pack.held.search(head)
    if held and role in ("", "quantity"):
        role = "box_size"  # "number per carton"
    if not role:
        role = "count" if _is_whole(unit, head) else "quantity" if _is_whole(per, head) else ""
    thousand = known.price.thousand.search(head)
    return Column(
        role=role,
        unit=_packing(held, words) if role == "box_size" else _counted(unit, words),
        per=per.meaning if per else None,
        currency=sign.meaning if sign else None,
        count=1000 if thousand else 1,
        lesser=known.lesser.first(head) is not None,
    )


def _packing(held: re.Match[str] | None, words: OfferVocabulary) -> str | None:
    return grammar(words).units.meaning(held["outer"]) if held and held["outer"] else None


def _counted(unit: Term[str] | None, words: OfferVocabulary) -> str | None:
    return unit.meaning if unit and unit.meaning not in words.kinds.rented else None


def _is_whole(found: Term[str] | None, head: str) -> bool:
    return found is not None and found.end - found.start >= len(head.strip(" .:")) - 1

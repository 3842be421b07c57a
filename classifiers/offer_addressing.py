"""Which of several items a time or a price is said of: by its label ("lot 2", "B)"), or a word that only it bears."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from classifiers.items import Clause
from classifiers.lead_times import Duration
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts
from classifiers.offer_grammar import grammar
from classifiers.prices import Price
from classifiers.wording import folded
from models.knowledge.offers import OfferVocabulary
from models.reading import ProductMention

F = TypeVar("F", Duration, Price)

_WORD = re.compile(r"[^\W_]{1,30}(?:[-./][^\W_]{1,30}){0,3}")
_LABEL = re.compile(r"\s{0,12}(?:[-*•]\s{1,3})?\(?([A-Z]|\d{1,6})(?:[.):]|\s{0,3}[|\t]| {2})")
_LETTER = re.compile(r"(?<![\w.&-])([A-Z])(?=[):.,]|\s{1,2}[\d$€£]|(?:\s{1,2}[^\W\d_]{1,4})?\s{0,2}$)")
_FIRST = 80  # characters of an item's line that name it
_LEAST_WORD, _LEAST_CODE = 4, 3
_ALIKE = 0.6  # share of a word that is its stem
_BEFORE = re.compile(r"\.\s(?=[A-ZÆØÅÄÖÜ])|\n")
_BEHIND = re.compile(r"[,;.\n]")
_MOST_ITEMS = 30
_STATEMENT = 60  # a sentence no longer that names an item and a time says when it comes


@dataclass(frozen=True, slots=True)
class _Item:
    """An item with its label and the words that its line names it by, in small letters."""

    draft: Draft
    label: str | None
    words: frozenset[str]


class Addressing:
    """Hands times and prices of a clause to the items of a passage that it names. `text` is the passage's own."""

    def __init__(self, text: str, words: OfferVocabulary, places: Mapping[str, str]) -> None:
        self._text, self._words, self._places = text, words, places
        self._items: list[_Item] = []

    def hand_out(
        self, clause: Clause, facts: Facts, drafts: Sequence[Draft], mentions: Sequence[ProductMention]
    ) -> Facts:
        """What is left of `facts` when the items that are named took theirs; a clause with amounts is an item's."""
        short = clause.end - clause.start <= _STATEMENT
        delivery = [one for one in facts.times if one.delivery or (one.delivery is None and one.days != 0 and short)]
        if facts.amounts or not (delivery or (facts.prices and not mentions)):
            return facts
        known = [draft for draft in drafts if not draft.bare()]
        if not 1 < len(known) <= _MOST_ITEMS:
            return facts
        items = self._items_of(known)
        times = self._said_of(clause, delivery, items, mentions, [one for one in items if one.draft.time is None])
        for time, named in times:
            for item in named:
                item.draft.take_time(time)
        unpriced = [one for one in items if one.draft.price is None]
        prices = [] if mentions else self._said_of(clause, facts.prices, items, (), unpriced)
        for cost, named in prices:
            for item in named:
                item.draft.price = item.draft.price or cost
        taken = [time for time, _ in times]
        left = [time for time in facts.times if time not in taken]
        return Facts(amounts=facts.amounts, packs=facts.packs, prices=[] if prices else facts.prices, times=left)

    def _said_of(
        self,
        clause: Clause,
        said: Sequence[F],
        items: Sequence[_Item],
        mentions: Sequence[ProductMention],
        waiting: Sequence[_Item],
    ) -> list[tuple[F, list[_Item]]]:
        """Each of `said` that some items, not all, are named beside, with these: all before it, or all behind it.

        "The rest" are those of the `waiting` items that nothing else in the clause names.
        """
        ordered: list[F] = sorted(said, key=lambda one: one.start)
        ends = [clause.start, *(one.end for one in ordered)]
        starts = [*(one.start for one in ordered), clause.end]
        parts = list(zip(ends, starts, strict=True))
        behind = [(end, end + len(_BEHIND.split(self._text[end:start], maxsplit=1)[0])) for end, start in parts[1:]]
        before = [(start - len(_BEFORE.split(self._text[end:start])[-1]), start) for end, start in parts[:-1]]
        for places in (before, behind):
            named = [self._named(place, items, mentions) for place in places]
            others = [item for item in waiting if not any(item in these for these in named)]
            named = [
                these or (others if self._speaks_of_rest(place) else [])
                for place, these in zip(places, named, strict=True)
            ]
            if named and named[0]:
                return [(one, these) for one, these in zip(ordered, named, strict=True) if these]
        return []

    def _speaks_of_rest(self, place: tuple[int, int]) -> bool:
        return grammar(self._words).rest.first(self._text, *place) is not None

    def _named(self, place: tuple[int, int], items: Sequence[_Item], mentions: Sequence[ProductMention]) -> list[_Item]:
        """The items that a part of a clause names: by labels; else by words of their own, or by what they are."""
        part = self._text[slice(*place)]
        labels = set(self._labels(part))
        found = [item for item in items if item.label in labels]
        if not found:
            said = list(self._telling(part))
            own = [item for item in items if any(_alike(word, one) for word in said for one in item.words)]
            kinds = {one.category for one in mentions if place[0] <= one.span.start < place[1]}
            kinds -= {item.draft.category for item in own}
            found = [item for item in items if item in own or item.draft.category in kinds]
        return found if len(found) < len(items) else []

    def _labels(self, part: str) -> Iterator[str]:
        for found in grammar(self._words).labels.finditer(part):
            yield from re.findall(r"[A-Z](?![^\W_])|\d{1,6}", found["labels"])
        yield from (found[1] for found in _LETTER.finditer(part))
        yield from (found for found in re.findall(r"(?<![\w.,])\d{3,6}(?![\w.,]\d)", part))

    def _items_of(self, known: Sequence[Draft]) -> list[_Item]:
        """The items in question, kept while they stay the same; their words are those that not all of them bear."""
        if [id(item.draft) for item in self._items] != [id(draft) for draft in known]:
            items = [self._item(draft) for draft in known]
            self._items = [replace(item, words=_only_of(item, items)) for item in items]
        return self._items

    def _item(self, draft: Draft) -> _Item:
        start, end = draft.line
        line = self._text[start:end]
        label = _LABEL.match(line) or grammar(self._words).labels.match(line)
        words = frozenset(self._telling(line[:_FIRST]))
        return _Item(draft, label[label.lastindex or 0] if label else None, words)

    def _telling(self, text: str) -> Iterator[str]:
        """The words of a text that may name goods: codes, and words that the vocabulary has no other use for."""
        for found in _WORD.finditer(text):
            word = folded(found.group())
            if word.isalpha():
                telling = len(word) >= _LEAST_WORD and word not in _used(self._words) and word not in self._places
            else:  # a code; "25g" is a measure
                telling = len(word) >= _LEAST_CODE and word[0].isalpha() and any(sign.isdigit() for sign in word)
            if telling:
                yield word


def _only_of(item: _Item, items: Sequence[_Item]) -> frozenset[str]:
    """The words of an item that not all bear."""
    return frozenset(
        word for word in item.words if not all(any(_alike(word, own) for own in one.words) for one in items)
    )


def _alike(one: str, other: str) -> bool:
    """Whether two words are forms of one, or the first is the last part of the second: "brillene", "vernebriller"."""
    if one == other:
        return True
    return one.isalpha() and other.isalpha() and one[: max(_LEAST_WORD, round(_ALIKE * len(one)))] in other


@lru_cache(maxsize=32)
def _used(words: OfferVocabulary) -> frozenset[str]:
    """The words that a vocabulary knows as something else than goods."""
    cues, times = words.cues, words.times
    listed = [
        *(words.units, words.currencies, words.multipliers, words.number_words, words.periods, times.units),
        *(times.immediate, times.soon, words.measures, words.parting, times.delivery, times.other, times.within),
        *(times.elsewhere, times.toward, times.months, times.days, times.weeks, cues.quantity, cues.price, cues.stock),
        *(cues.not_price, cues.not_quantity, cues.moq, cues.total, cues.home_stock, words.headers),
    ]
    return frozenset(part for words_of in listed for word in words_of for part in word.casefold().split())

"""Times of delivery: durations, "at once", and dates or weeks that stay words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil

from classifiers.wording import alternatives, compiled, folded
from models.knowledge.offers import OfferVocabulary

_TO = r"\s{0,2}(?:-|–|—|/|[^\W\d_]{1,3})\s{0,2}"
_BACK, _AHEAD = 70, 45
_BEHIND = 15  # a cue behind the time counts as if it stood so much farther away
_WEEK = 7
_CALENDAR = {"hour": 1 / 24, "day": 1, "working_day": 7 / 5, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time at [start, end). `days` is its upper bound in calendar days, None for a date or week.

    `delivery` says that it tells when goods come; a duration of anything else (payment, validity) has False.
    """

    days: int | None
    delivery: bool
    start: int
    end: int
    immediate: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TimeGrammar:
    """Patterns compiled from a vocabulary."""

    duration: re.Pattern[str]
    immediate: re.Pattern[str]
    weekday: re.Pattern[str]
    cue: re.Pattern[str]
    date: re.Pattern[str]


@lru_cache(maxsize=32)
def grammar(vocabulary: OfferVocabulary) -> TimeGrammar:
    """The patterns of `vocabulary`, built once."""
    times = vocabulary.times
    number = rf"(?:\d{{1,3}}(?:[.,]\d)?|{alternatives(vocabulary.number_words)})"
    week, month = alternatives(times.weeks), alternatives(times.months)
    return TimeGrammar(
        duration=re.compile(
            rf"(?<![\w.,])(?P<low>{number})(?:{_TO}(?P<high>{number}))?[\s-]{{0,3}}(?P<word>{alternatives(times.units)})",
            re.IGNORECASE,
        ),
        immediate=compiled(times.immediate),
        weekday=compiled(times.weekdays),
        cue=compiled((*times.delivery, *times.other)),
        date=re.compile(
            rf"(?P<word>{week}\.?\s{{0,2}}\d{{1,2}}(?!\d)(?:\s?[-–/]\s?\d{{1,2}})?"
            rf"|\d{{1,2}}\.?\s{{0,2}}{month}|{month}\s{{1,2}}\d{{1,2}}(?!\d))",
            re.IGNORECASE,
        ),
    )


def durations(text: str, start: int, end: int, words: OfferVocabulary) -> Iterator[Duration]:
    """The durations and the dates of a clause."""
    patterns = grammar(words)
    spans = [(found, _days(found, words)) for found in patterns.duration.finditer(text, start, end)]
    for found, days in [*spans, *((found, None) for found in patterns.date.finditer(text, start, end))]:
        at, stop = found.span()
        yield Duration(days, _is_delivery(text, (start, at, stop, end), words), at, stop)


def at_once(text: str, start: int, end: int, words: OfferVocabulary) -> Duration | None:
    """A phrase of the clause that says that goods come at once or within two days, the soonest sure one."""
    found = list(grammar(words).immediate.finditer(text, start, end))
    if not found:
        return None
    first = found[0]
    days = words.times.immediate[folded(first["word"])]
    cued = days == 0 or grammar(words).cue.search(text, start, end) is not None
    last = max((words.times.immediate[folded(one["word"])] for one in found), default=days)
    return Duration(days=last, delivery=cued, start=first.start(), end=first.end(), immediate=True) if cued else None


def on_weekday(text: str, start: int, end: int, words: OfferVocabulary, sent: date) -> Duration | None:
    """The weekday on which a clause says that goods come, in days after the mail was `sent`."""
    patterns = grammar(words)
    for found in patterns.weekday.finditer(text, start, end):
        if _is_delivery(text, (start, *found.span(), end), words):
            ahead = (words.times.weekdays[folded(found["word"])] - sent.weekday()) % _WEEK or _WEEK
            return Duration(days=ahead, delivery=True, start=found.start(), end=found.end(), immediate=True)
    return None


def _days(found: re.Match[str], words: OfferVocabulary) -> int:
    high = found["high"] or found["low"]
    unit = words.times.units[folded(found["word"])]
    return max(1, ceil(_count(high, words) * _CALENDAR[unit] - 1e-9))


def _count(written: str, words: OfferVocabulary) -> float:
    if written[0].isdigit():
        return float(written.replace(",", "."))
    return words.number_words[folded(written)]


def _is_delivery(text: str, place: tuple[int, int, int, int], words: OfferVocabulary) -> bool:
    """The nearest cue decides; one before the time weighs more than one behind it.

    `place`: where the clause starts, the time starts, the time ends, the clause ends.
    """
    start, at, stop, end = place
    cues, other = grammar(words).cue, words.times.other
    near = [
        (at - cue.end(), folded(cue["word"]) not in other) for cue in cues.finditer(text, max(start, at - _BACK), at)
    ]
    near += [
        (cue.start() - stop + _BEHIND, folded(cue["word"]) not in other)
        for cue in cues.finditer(text, stop, min(end, stop + _AHEAD))
    ]
    return min(near)[1] if near else False

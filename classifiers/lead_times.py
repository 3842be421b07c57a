"""Times of delivery: durations, "at once", and dates or weeks that stay words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil

from classifiers.offer_grammar import grammar
from models.knowledge.offers import OfferVocabulary

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


def durations(text: str, start: int, end: int, words: OfferVocabulary) -> Iterator[Duration]:
    """The durations and the dates of a clause."""
    patterns = grammar(words)
    spans = [(found, _days(found, words)) for found in patterns.duration.finditer(text, start, end)]
    for found, days in [*spans, *((found, None) for found in patterns.date.finditer(text, start, end))]:
        at, stop = found.span()
        yield Duration(days, _is_delivery(text, (start, at, stop, end), words), at, stop)


def at_once(text: str, start: int, end: int, words: OfferVocabulary) -> Duration | None:
    """A phrase of the clause that says that goods come at once or within two days, the soonest sure one."""
    found = list(grammar(words).immediate.all(text, start, end))
    if not found:
        return None
    cued = found[0].meaning == 0 or grammar(words).timing.first(text, start, end) is not None
    last = max(one.meaning for one in found)
    return Duration(days=last, delivery=cued, start=found[0].start, end=found[0].end, immediate=True) if cued else None


def on_weekday(text: str, start: int, end: int, words: OfferVocabulary, sent: date) -> Duration | None:
    """The weekday on which a clause says that goods come, in days after the mail was `sent`."""
    for day in grammar(words).weekdays.all(text, start, end):
        if _is_delivery(text, (start, day.start, day.end, end), words):
            ahead = (day.meaning - sent.weekday()) % _WEEK or _WEEK
            return Duration(days=ahead, delivery=True, start=day.start, end=day.end, immediate=True)
    return None


def _days(found: re.Match[str], words: OfferVocabulary) -> int:
    high = found["high"] or found["low"]
    unit = grammar(words).durations.meaning(found["word"])
    return max(1, ceil(_count(high, words) * _CALENDAR[unit] - 1e-9))


def _count(written: str, words: OfferVocabulary) -> float:
    if written[0].isdigit():
        return float(written.replace(",", "."))
    return grammar(words).numerals.meaning(written)


def _is_delivery(text: str, place: tuple[int, int, int, int], words: OfferVocabulary) -> bool:
    """The nearest cue decides; one before the time weighs more than one behind it.

    `place`: where the clause starts, the time starts, the time ends, the clause ends.
    """
    start, at, stop, end = place
    cues = grammar(words).timing
    near = [(at - cue.end, cue.meaning) for cue in cues.all(text, max(start, at - _BACK), at)]
    near += [(cue.start - stop + _BEHIND, cue.meaning) for cue in cues.all(text, stop, min(end, stop + _AHEAD))]
    return min(near)[1] if near else False

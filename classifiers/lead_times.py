"""Times of delivery: durations, "at once", and dates or weeks that stay words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from classifiers.offer_grammar import grammar
from classifiers.terms import Term
from models.knowledge.offers import OfferVocabulary

_BACK, _AHEAD = 70, 45
_TOWARD = 5  # a place that the goods go to, right behind the time, counts as a cue so far away
_PARTS = ",;:(–\n"
_SUBJECT = 30  # characters in which the subject of a sentence begins
_BEFORE_MONTH = 24
_BEHIND = 15  # a cue behind the time counts as if it stood so much farther away
_RIGHT_BEFORE = 4  # characters between "within" and the number
_TELLING = 4  # "within" tells of delivery by itself, "in" does not
_CALENDAR = {"hour": 1 / 24, "day": 1, "working_day": 7 / 5, "week": 7, "fortnight": 14, "month": 30}
Place = tuple[int, int, int, int]  # where the clause starts, the time starts, the time ends, the clause ends


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time at [start, end). `days` is its upper bound in calendar days, None for a date or week.

    `delivery` says that it tells when goods come, `likely` that only a word like "within" says so; a duration of
    anything else (payment, validity) has False, one that nothing explains None.
    """

    days: int | None
    delivery: bool | None
    start: int
    end: int
    immediate: bool = False
    likely: bool = False


def durations(text: str, start: int, end: int, words: OfferVocabulary) -> Iterator[Duration]:
    """The durations and the dates of a clause."""
    known = grammar(words)
    for found in known.duration.finditer(text, start, end):
        at, stop = found.start(), found.start() + len(found.group().rstrip("."))
        place = (start, at, stop, end)
        if not _is_rhythm(text, place, words):
            delivery = _is_delivery(text, place, words)
            likely = delivery is None and _follows_within(text, start, at, words, least=_TELLING)
            yield Duration(_days(found, words), True if likely else delivery, at, stop, likely=likely)
    for found in sorted(known.date.finditer(text, start, end), key=lambda one: one["day"] is not None):
        begin = _begin(found, text, start, words)
        if begin is None:
            continue
        delivery = _is_delivery(text, (start, begin, found.end(), end), words)
        if not found["day"] or (delivery and not _of_papers(text, start, end, words)):
            yield Duration(None, delivery, begin, found.end())


def _begin(found: re.Match[str], text: str, start: int, words: OfferVocabulary) -> int | None:
    """Where a date begins: a month alone is one only behind a word like "in"."""
    if not found["month"]:
        return found.start()
    low = max(start, found.start() - _BEFORE_MONTH)
    during = grammar(words).during.search(text[low : found.start()])
    return low + during.start() if during else None


def at_once(text: str, start: int, end: int, words: OfferVocabulary) -> Duration | None:
    """A phrase of the clause that says that goods come at once or within two days, the later of several."""
    said: list[tuple[Term[int], bool | None]] = [(one, True) for one in grammar(words).immediate.all(text, start, end)]
    for one in grammar(words).soon.all(text, start, end):
        delivery = _is_delivery(text, (start, one.start, one.end, end), words)
        if delivery is not False:
            said.append((one, delivery))
    if not said:
        return None
    last, delivery = max(said, key=lambda one: (one[1] is True, one[0].meaning))
    return Duration(last.meaning, delivery=delivery, start=last.start, end=last.end, immediate=True)


def _of_papers(text: str, start: int, end: int, words: OfferVocabulary) -> bool:
    """Whether a clause speaks of anything else that comes: the name of a day is a word of all work."""
    return any(not cue.meaning for cue in grammar(words).timing.all(text, start, end))


def _days(found: re.Match[str], words: OfferVocabulary) -> int:
    high = found["high"] or found["low"]
    unit = grammar(words).durations.meaning(found["word"])
    return ceil(_count(high, words) * _CALENDAR[unit] - 1e-9)


def _count(written: str, words: OfferVocabulary) -> float:
    if written[0].isdigit():
        return float(written.replace(",", "."))
    return grammar(words).numerals.meaning(written)


def _is_rhythm(text: str, place: Place, words: OfferVocabulary) -> bool:
    """Whether "a week" tells how often: nothing right before it says "within"."""
    start, at, stop, end = place
    period = grammar(words).periods.at(text, at, end)
    return period is not None and period.end == stop and not _follows_within(text, start, at, words)


def _follows_within(text: str, start: int, at: int, words: OfferVocabulary, least: int = 1) -> bool:
    """Whether a word like "within", of `least` letters, stands right before `at`."""
    found = grammar(words).within.all(text, max(start, at - _BACK), at)
    return any(at - one.end <= _RIGHT_BEFORE and one.end - one.start >= least for one in found)


def _is_delivery(text: str, place: Place, words: OfferVocabulary) -> bool | None:
    """The nearest cue decides, one before the time before one behind it.

    Nothing said of papers tells delivery, nor what is over or comes again and again.
    """
    start, at, stop, end = place
    known, cues = grammar(words), grammar(words).timing
    over = known.past.next(text, stop, end) or known.periods.next(text, stop, end)
    if over or _is_elsewhere(text, start, at, words):
        return False
    near = [(at - cue.end, cue.meaning) for cue in cues.all(text, max(start, at - _BACK), at)]
    near += [(cue.start - stop + _BEHIND, cue.meaning) for cue in cues.all(text, stop, min(end, stop + _AHEAD))]
    if grammar(words).toward.match(text, stop, end):
        near.append((_TOWARD, True))
    return min(near)[1] if near else None


def _is_elsewhere(text: str, start: int, at: int, words: OfferVocabulary) -> bool:
    """Whether the part of a sentence that leads to `at` begins with what is no goods: "The test report is ready in"."""
    begin = max((text.rfind(mark, start, at) + 1 for mark in _PARTS), default=start)
    begin = max(start, begin)
    subject = grammar(words).elsewhere.first(text, begin, min(at, begin + _SUBJECT))
    return subject is not None and at - subject.end <= _BACK

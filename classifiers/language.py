"""The language a text is written in: by its script, by py3langid, near ones told apart by their function words."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from heapq import nlargest
from typing import TYPE_CHECKING

from models.knowledge.language import LanguageKnowledge

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MAX_CHARACTERS = 20_000
LONG_WORD = 4
TEXT_TO_SUBJECT = 3
LEAST = 1e-6
LARGEST_LEAD = -math.log(LEAST)
"""What the identifier gives one language and not another: who leads by more, it need not be asked about."""
_NOT_WORDS = re.compile(r"https?://\S{1,500}|www\.\S{1,500}|\S{1,64}@\S{1,250}|\b\S{0,40}\d\S{0,40}")
_WORD = re.compile(r"[^\W\d_]+")
_NOT_LATIN = re.compile(r"[^\x00-\u024f]")


def detect(text: str, fallback: str, knowledge: LanguageKnowledge, *, subject: str = "") -> str:
    """ISO 639-1 code of the language of `text`; of `subject` with it when the text is short; else `fallback`."""
    words = _words_of(text)
    if sum(map(len, words)) < knowledge.short_letters:
        words = TEXT_TO_SUBJECT * words + _words_of(subject)
    letters = sum(map(len, words))
    by_script = _by_script(words, letters, knowledge)
    if by_script is not None:
        return by_script
    if letters >= knowledge.min_letters:
        return _by_words(words, knowledge)
    return fallback


def _words_of(text: str) -> list[str]:
    return _WORD.findall(_NOT_WORDS.sub(" ", text[:MAX_CHARACTERS]))


def _by_script(words: Iterable[str], letters: int, knowledge: LanguageKnowledge) -> str | None:
    points = list(map(ord, _NOT_LATIN.findall(" ".join(words))))
    for script in knowledge.scripts if points else ():
        found = sum(1 for point in points if any(low <= point <= high for low, high in script.ranges))
        if found and found >= knowledge.script_share * letters:
            return script.language
    return None


def _by_words(words: list[str], knowledge: LanguageKnowledge) -> str:
    identifier = _identifier(tuple(sorted(knowledge.codes)))  # before it is needed: later a child opens no files
    scores = {**dict.fromkeys(knowledge.codes.values(), 0.0), **knowledge.priors}
    for word, times in Counter(map(str.casefold, words)).items():
        weights = knowledge.words.get(word) or _by_ending(word, knowledge)
        for code, weight in weights.items():
            scores[code] += knowledge.cue_weight * weight * times / len(words)
    first, second = nlargest(2, scores.values())
    for code, probability in identifier.rank(" ".join(words)) if first - second <= LARGEST_LEAD else ():
        scores[knowledge.codes[code]] += math.log(max(probability, LEAST))
    return max(scores, key=scores.__getitem__)


def _by_ending(word: str, knowledge: LanguageKnowledge) -> Mapping[str, float]:
    if len(word) < LONG_WORD:
        return {}
    endings = knowledge.endings
    return endings.get(word[-4:]) or endings.get(word[-3:]) or endings.get(word[-2:], {})


@cache
def _identifier(codes: tuple[str, ...]) -> "LanguageIdentifier":
    """The identifier restricted to `codes`; loading it takes seconds."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(codes))
    return identifier

"""The one form under which phrases know a word: without the endings of its language, or the head of a compound."""

from collections.abc import Iterable, Sequence

from classifiers.phrasebook import UNKNOWN
from models.knowledge.products import Inflection

_HEAD = 4  # letters before a compound's head


class Norms:
    """Maps a word to the norm by which a phrase knows it, else to UNKNOWN. Learn all phrases before asking."""

    def __init__(self, inflections: Sequence[Inflection], language: str) -> None:
        self._inflections = {one.language: one for one in inflections}
        own = [self._inflections[language]] if language in self._inflections else []
        self._order = [*own, *(one for one in inflections if one.language != language)]
        self._norms: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    def learn(self, word: str, languages: Iterable[str], *, head: bool) -> str:
        """The norm of a phrase's word, from now on that of every word inflected like it."""
        tongue = next((self._inflections[one] for one in languages if one in self._inflections), None)
        stem = _cut(word, tongue) if tongue else word
        norm = self._norms.get(word) or self._norms.get(stem) or stem
        self._norms[word] = self._norms[stem] = norm
        if head:
            self._heads[stem] = norm
        return norm

    def __call__(self, word: str) -> str:
        """The norm of a text's word."""
        norm = self._seen.get(word)
        if norm is None:
            norm = self._norm(word)
            if len(self._seen) < 1 << 17:
                self._seen[word] = norm
        return norm

    def _norm(self, word: str) -> str:
        if word in self._norms:
            return self._norms[word]
        cuts = [_cut(word, one) for one in self._order]
        known = next((self._norms[cut] for cut in cuts if cut in self._norms), None)
        return known or next((head for cut in cuts if (head := self._head(cut))), UNKNOWN)

    def _head(self, stem: str) -> str | None:
        """The longest head that `stem` ends in."""
        starts = range(_HEAD if len(stem) > 2 * _HEAD else 2, len(stem) - 2)
        return next((self._heads[stem[start:]] for start in starts if stem[start:] in self._heads), None)


def _cut(word: str, inflection: Inflection) -> str:
    """`word` without the longest of its language's endings that leaves enough of it."""
    room = len(word) - inflection.shortest
    return next((word[: -len(end)] for end in inflection.endings if len(end) <= room and word.endswith(end)), word)

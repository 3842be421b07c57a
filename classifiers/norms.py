"""The one form under which phrases know a word: without the endings of its language, or the head of a compound."""

from collections.abc import Iterable, Sequence

from classifiers.phrasebook import UNKNOWN
from models.knowledge.products import Inflection

_LONGEST = 80  # letters of a word that can be one
_HEAD = 4  # letters before a compound's head


class Stems:
    """What words of phrases have in common: those that share a stem in any language share a norm.

    All are to be learnt before any `Norms` asks.
    """

    def __init__(self, inflections: Sequence[Inflection]) -> None:
        self.inflections = {one.language: one for one in inflections}
        self._parent: dict[str, str] = {}
        self._heads: set[str] = set()

    def learn(self, word: str, languages: Iterable[str], *, head: bool) -> None:
        """Know a phrase's word, and with it every word inflected like it in any of its languages."""
        stems = [_cut(word, self.inflections[one]) for one in languages if one in self.inflections] or [word]
        for stem in stems:
            one, other = sorted((self._root(word), self._root(stem)))
            self._parent[other] = one
        if head:
            self._heads.add(stems[0])

    def of(self, word: str, order: Sequence[Inflection]) -> str:
        """The norm of a word, its endings cut in the order of languages given; UNKNOWN when no phrase holds it."""
        if len(word) > _LONGEST:
            return UNKNOWN
        if word in self._parent:
            return self._root(word)
        cuts = [_cut(word, one) for one in order]
        known = next((cut for cut in cuts if cut in self._parent), None)
        head = known or next((head for cut in cuts if (head := self._head(cut))), None)
        return self._root(head) if head else UNKNOWN

    def _root(self, word: str) -> str:
        parent = self._parent.setdefault(word, word)
        while parent != self._parent[parent]:
            parent = self._parent[parent]
        return parent

    def _head(self, stem: str) -> str | None:
        """The longest head that `stem` ends in."""
        starts = range(_HEAD if len(stem) > 2 * _HEAD else 2, len(stem) - 2)
        return next((stem[start:] for start in starts if stem[start:] in self._heads), None)


class Norms:
    """The norms of words in mail of one language, whose endings are cut first."""

    def __init__(self, stems: Stems, language: str) -> None:
        self._stems = stems
        self._order = sorted(stems.inflections.values(), key=lambda one: one.language != language)
        self._seen: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """The norm of a word."""
        norm = self._seen.get(word)
        if norm is None:
            norm = self._stems.of(word, self._order)
            if len(self._seen) < 1 << 17:
                self._seen[word] = norm
        return norm


def _cut(word: str, inflection: Inflection) -> str:
    """`word` without the longest of its language's endings that leaves enough of it."""
    room = len(word) - inflection.shortest
    return next((word[: -len(end)] for end in inflection.endings if len(end) <= room and word.endswith(end)), word)

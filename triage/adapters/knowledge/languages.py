"""Words of several languages read as one vocabulary: a mail's own language first, then those that lend it words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

F = TypeVar("F")
M = TypeVar("M", bound=str)
V = TypeVar("V")


class Languages(Generic[F]):
    """The files of a language and its lenders; no lender gives a word that is `barred`."""

    def __init__(self, files: Sequence[F], barred: frozenset[str]) -> None:
        self._files, self.barred = files, barred

    def words(self, listed: Callable[[F], Iterable[str]]) -> tuple[str, ...]:
        """The words that each file lists, in order."""
        return tuple(dict.fromkeys(word for file in self._files for word in self._lent(file, listed(file))))

    def mapping(self, table: Callable[[F], Mapping[str, V]], *, folded: bool = True) -> dict[str, V]:
        """Value by word; where languages differ, the first is right."""
        found: dict[str, V] = {}
        for file in self._files:
            for word, value in table(file).items():
                if file is self._files[0] or word.casefold() not in self.barred:
                    found.setdefault(word.casefold() if folded else word, value)
        return found

    def meanings(self, table: Callable[[F], Mapping[M, Sequence[str]]]) -> dict[str, str]:
        """Meaning by word, of tables that list the words of each meaning."""
        return self.mapping(lambda file: {word: meaning for meaning, words in table(file).items() for word in words})

    def _lent(self, file: F, words: Iterable[str]) -> Iterable[str]:
        own = file is self._files[0]
        return (word.casefold() for word in words if own or word.casefold() not in self.barred)

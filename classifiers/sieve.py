"""Many patterns looked for in one pass over a text, by RE2: which of them may match at all."""

import re
from collections.abc import Sequence

from classifiers.factors import factor

_MEMORY = 16 * 2**20  # octets that the automaton of a sieve may take; RE2 starts it anew when they are full


class Sieve:
    """Patterns of which most match in few texts. Their number costs next to nothing: a text is read once for all.

    Of each pattern only the most telling factor is looked for. All of them would be more exact, but the automaton has
    a state for every set of factors that was met so far, and then meets new ones in every text.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        import re2

        options = re2.Options()
        options.max_mem, options.never_capture, options.log_errors = _MEMORY, True, False
        self.patterns = tuple(patterns)
        self._set = re2.Set.SearchSet(options)
        for pattern in self.patterns:
            self._set.Add(factor(pattern).text)
        self._set.Compile()

    def may_match(self, text: str) -> list[int]:
        """The places in `patterns`, in order, of those that may match somewhere in `text`; no other one does."""
        return sorted(self._set.Match(text.encode("utf-8", "replace")) or ())

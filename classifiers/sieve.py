"""Many patterns looked for in one pass over a text, by RE2: which of them may match at all."""

import re
from collections.abc import Sequence

from classifiers.relaxed import ANY, relaxed

_MEMORY = 32 * 2**20  # octets that the automaton of one sieve may take; RE2 starts it anew when they are full


class Sieve:
    """Patterns of which most match in few texts. Their number costs next to nothing: a text is read once for all."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        import re2

        options = re2.Options()
        options.max_mem, options.never_capture, options.log_errors = _MEMORY, True, False
        self.patterns = tuple(patterns)
        self._set = re2.Set.SearchSet(options)
        for pattern in self.patterns:
            self._set.Add(_wide(pattern))
        self._set.Compile()

    def may_match(self, text: str) -> list[int]:
        """The places in `patterns`, in order, of those that may match somewhere in `text`; no other one does."""
        return sorted(self._set.Match(text.encode("utf-8", "replace")) or ())


def _wide(pattern: re.Pattern[str]) -> str:
    try:
        return relaxed(pattern)
    except NotImplementedError:
        return f"{ANY}*"

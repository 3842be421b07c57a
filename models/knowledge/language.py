"""What data/ says for telling languages apart."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Letters that by themselves tell the language, as ranges of code points."""

    language: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageKnowledge:
    """Languages that are told apart, and words that tell near ones apart.

    `codes` maps the identifier's own code to ISO 639-1. `words` and `endings` map a function word, or the last letters
    of a word, to what it is worth for each language that has it; a text that held nothing else would gain `cue_weight`.
    `priors` are added to the logarithm of a language's probability. `scripts` are tried in order; one counts from
    `script_share` of the letters on. A text of less than `short_letters` is judged together with the subject,
    and both of less than `min_letters` not at all.
    """

    codes: Mapping[str, str]
    words: Mapping[str, Mapping[str, float]]
    endings: Mapping[str, Mapping[str, float]]
    priors: Mapping[str, float]
    cue_weight: float
    scripts: tuple[Script, ...]
    script_share: float
    short_letters: int
    min_letters: int
    examples: tuple[tuple[str, str], ...]

    @property
    def commonest(self) -> str:
        """The language to take where there is too little text to tell."""
        return max(self.priors, key=lambda code: self.priors[code])

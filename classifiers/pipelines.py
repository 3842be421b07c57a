"""Blank spaCy pipelines: words by the tokenizer of a language, without any trained model."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

ANY_LANGUAGE = "xx"
HYPHEN = r"(?<=[^\W\d_])[-/](?=\w)"
TOKENIZERS = frozenset({"nb", "nn", "sv", "da", "en", "de", "fr", "nl", "pl", "es", "it"})


@cache
def pipeline(language: str) -> "Language":
    """The blank pipeline of `language` (ISO 639-1), which parts words at hyphens too; languages without a tokenizer of
    their own share one."""
    import spacy
    from spacy.util import compile_infix_regex

    nlp = spacy.blank(language if language in TOKENIZERS else ANY_LANGUAGE)
    infixes = [*(nlp.Defaults.infixes or ()), HYPHEN]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer  # type: ignore[attr-defined]
    return nlp


@cache
def abbreviations(language: str) -> frozenset[str]:
    """Words that the tokenizer of `language` knows to be written with a full stop, without it, in small letters."""
    rules: dict[str, object] = pipeline(language).tokenizer.rules  # type: ignore[attr-defined]
    return frozenset(word[:-1].casefold() for word in rules if word.endswith(".") and len(word) > 2)

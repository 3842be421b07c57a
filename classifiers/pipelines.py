"""Blank spaCy pipelines: words by the tokenizer of a language, without any trained model."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from spacy.language import Language

ANY_LANGUAGE = "xx"


class Tokenizer(Protocol):
    """What is used of spaCy's tokenizer, which has no types of its own."""

    rules: Mapping[str, object] | None
    infix_finditer: Callable[[str], Any]


HYPHEN = r"(?<=[^\W\d_])[-/](?=\w)"
TOKENIZERS = frozenset({"nb", "nn", "sv", "da", "en", "de"})


@cache
def pipeline(language: str) -> "Language":
    """The blank pipeline of `language` (ISO 639-1), which parts words at hyphens too; many languages share one."""
    import spacy
    from spacy.util import compile_infix_regex

    nlp = spacy.blank(language if language in TOKENIZERS else ANY_LANGUAGE)
    infixes = [*(nlp.Defaults.infixes or ()), HYPHEN]
    cast("Tokenizer", nlp.tokenizer).infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


@cache
def abbreviations(language: str) -> frozenset[str]:
    """Words that the tokenizer of `language` knows to be written with a full stop, without it, in small letters."""
    rules = cast("Tokenizer", pipeline(language).tokenizer).rules or {}
    return frozenset(word[:-1].casefold() for word in rules if word.endswith(".") and word[1:-1])

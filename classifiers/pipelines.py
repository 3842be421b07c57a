"""Blank spaCy pipelines: words by the tokenizer of a language, without any trained model."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

ANY_LANGUAGE = "xx"
TOKENIZERS = frozenset({"nb", "nn", "sv", "da", "en", "de", "fr", "nl", "pl", "es", "it"})


@cache
def pipeline(language: str) -> "Language":
    """The blank pipeline of `language` (ISO 639-1); languages without a tokenizer of their own share one."""
    import spacy

    return spacy.blank(language if language in TOKENIZERS else ANY_LANGUAGE)

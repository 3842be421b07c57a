"""Names: which words of a signature are a person, which a company."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from classifiers.wording import alternatives, folded
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge

_FOREIGN = re.compile(r"[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af]{1,40}")
_BRACKETED = re.compile(r"\([^)]{0,60}\)|\"|“|”|'(?=\s|$)")
_SURNAME_FIRST = re.compile(r"^([^\W\d][^\s,]{1,30}), ([^\W\d][^\s,]{1,30})$")
_WORD = re.compile(r"[^\s,]{1,40}")
_FEWEST, _MOST, _LONGEST = 2, 5, 50  # words and letters of a person's name
_TELLING = 3  # a shorter word of a greeting may be part of a name
_PARTICLES = 5  # a lower-case word inside a name is no longer than this (van, von, binti, de)
_JOINERS = r"(?:&|\+|[^\W\d_A-ZÆØÅÄÖÜ]{1,3})"
_CAPITAL = r"[^\W_a-zæøåäöüéèßçşğıñłóśźż][\w&.'’/-]{0,30}"


@dataclass(frozen=True, slots=True)
class Name:
    """A name at [start, end) of the text it was found in; `country` comes from a company's legal form, or is empty."""

    text: str
    start: int
    end: int
    country: str = ""


def person(raw: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> str | None:
    """`raw` as a person's name without titles, or None when it is none: two to five words with capitals, no digits."""
    text = _BRACKETED.sub(" ", _FOREIGN.sub(" ", raw)).strip(" .,:;!-–—*")
    text = _SURNAME_FIRST.sub(r"\2 \1", text)
    tokens = _WORD.findall(text)
    while tokens and (short := _title_length(tokens, words)):
        del tokens[:short]
    if not _FEWEST <= len(tokens) <= _MOST or len(" ".join(tokens)) > _LONGEST:
        return None
    if any(sign.isdigit() or sign in "@/&|:" for token in tokens for sign in token):
        return None
    capitals = [token for token in tokens if token[0].isupper()]
    if len(capitals) < _FEWEST or not tokens[0][0].isupper() or not tokens[-1][0].isupper():
        return None
    if any(not token[0].isupper() and len(token) > _PARTICLES for token in tokens):
        return None
    lowered = {folded(token).strip(".") for token in tokens}
    carries_a_form = any(True for _ in companies(" ".join(tokens), knowledge))
    if carries_a_form or lowered & (_titles(words) | _greeting_words(words)):
        return None
    return " ".join(tokens)


def companies(text: str, knowledge: IdentityKnowledge) -> Iterator[Name]:
    """Names that carry a legal form, in order."""
    countries = _form_countries(knowledge)
    for pattern in _company_patterns(knowledge):
        for found in pattern.finditer(text):
            name = found.group()
            start = found.start()
            yield Name(name.strip(" ,"), start, found.end(), countries.get(_form_key(found["form"]), ""))


def is_own(text: str, knowledge: IdentityKnowledge) -> bool:
    """Whether a name or domain is the buyer's."""
    return any(name in text.casefold() for name in knowledge.own)


def squeezed(text: str) -> str:
    """Letters and digits only, Nordic ones as domains spell them: how a name looks in a domain."""
    table = {
        "æ": "ae",
        "ø": "o",
        "å": "a",
        "ä": "a",
        "ö": "o",
        "ü": "u",
        "é": "e",
        "ß": "ss",
        "ş": "s",
        "ç": "c",
        "ğ": "g",
    }
    return "".join(table.get(sign, sign) for sign in text.casefold() if sign.isalnum())


def like_domain(name: str, label: str) -> int:
    """How many letters a name and a domain's label share from the start on; 0 under five (or the whole short label)."""
    best = 0
    label = squeezed(label)
    for spelled in (
        squeezed(name),
        squeezed(name.replace("ø", "oe").replace("å", "aa").replace("ü", "ue").replace("ö", "oe")),
    ):
        shared = 0
        for one, other in zip(spelled, label, strict=False):
            if one != other:
                break
            shared += 1
        best = max(best, shared)
    return best if best >= min(5, max(3, len(label))) else 0


def _title_length(tokens: list[str], words: ContactVocabulary) -> int:
    """How many words a title takes that a name opens with."""
    known = _titles(words)
    return next((n for n in (2, 1) if folded(" ".join(tokens[:n])).strip(".") in known and tokens[n:]), 0)


@lru_cache(maxsize=32)
def _titles(words: ContactVocabulary) -> frozenset[str]:
    return frozenset(title.strip(".") for title in words.titles)


@lru_cache(maxsize=32)
def _greeting_words(words: ContactVocabulary) -> frozenset[str]:
    return frozenset(word for phrase in words.greetings for word in phrase.split() if len(word) >= _TELLING)


@lru_cache(maxsize=8)
def _company_patterns(knowledge: IdentityKnowledge) -> tuple[re.Pattern[str], ...]:
    after = _any(one.form for one in knowledge.forms if not one.before)
    before = _any(one.form for one in knowledge.forms if one.before)
    words = rf"{_CAPITAL}(?:[ \u00a0](?:{_JOINERS}[ \u00a0]){{0,2}}{_CAPITAL}){{0,6}}"
    return (
        re.compile(rf"(?<![\w&]){words}(?:,)?[ \u00a0](?P<form>{after})(?![\w])"),
        re.compile(rf"(?<![\w&])(?P<form>{before})[ \u00a0]{words}"),
    )


def _any(forms: Iterable[str]) -> str:
    return (
        "|".join(re.escape(form).replace(r"\ ", "[ \u00a0]") for form in sorted(forms, key=len, reverse=True)) or "(?!)"
    )


@lru_cache(maxsize=8)
def _form_countries(knowledge: IdentityKnowledge) -> dict[str, str]:
    return {_form_key(one.form): one.country for one in knowledge.forms}


def _form_key(form: str) -> str:
    return form.replace("\u00a0", " ")


@lru_cache(maxsize=32)
def title_pattern(words: ContactVocabulary) -> re.Pattern[str]:
    """Words that make a line of a signature something other than a name: titles, labels, greetings."""
    cues = (*words.titles, *words.phone, *words.mobile, *words.email, *words.closings, *words.greetings)
    return re.compile(alternatives(cues), re.IGNORECASE)

"""Names of companies: by their legal form, as domains spell them, words with capitals that may be one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from classifiers.wording import folded
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge

CAPITAL = r"[A-ZÆØÅÄÖÜÉĀĒĪŠŽČĆŁŚŻÇĞİŞÑÓÁ][\w&'’-]{1,30}"
CAPITALS = re.compile(rf"(?<![\w.@/]){CAPITAL}(?:[ \u00a0](?:(?:&|\+|[a-zåøö]{{1,3}})[ \u00a0])?{CAPITAL}){{0,4}}")
"""Words with capitals that follow each other."""
_JOINERS = r"(?:&|\+|[^\W\d_A-ZÆØÅÄÖÜ]{1,3})"
_PART = r"(?:[^\W\d_a-zæøåäöüéèßçşğıñłóśźż]|\d{1,3}(?=[A-Za-z]))[\w&.'’/-]{0,30}"
_NO_STOP = r"(?<!\w{4}\.)(?<![A-Z]{2}\w\.)"  # a longer word with a full stop ends a sentence
_BRACKETED = r"\([^\W\d_][\w .-]{1,24}\)"
_LEAST_SHARED, _LEAST_LABEL = 5, 3
_PLAIN = str.maketrans({"æ": "ae", "ø": "o", "ı": "i", "ł": "l", "đ": "d"})
_IN_TWO_LETTERS = str.maketrans({"ø": "oe", "å": "aa", "ü": "ue", "ö": "oe", "ä": "ae"})
_WORD = re.compile(r"\S{1,40}")
_MARKS = '.,;:|()"“”«»'
_FEW = 20  # words that are sooner sought one by one, and may have no borders
_REACH = 250  # characters around a form within which its name stands
_HAN = r"[\u4e00-\u9fff（）()]{2,24}?"


@dataclass(frozen=True, slots=True)
class Name:
    """A name at [start, end) of the text it was found in (start == end: it stands elsewhere).

    `form` is the legal form that a company's carries and `country` that form's; both may be empty.
    """

    text: str
    start: int
    end: int
    country: str = ""
    form: str = ""


def companies(text: str, knowledge: IdentityKnowledge) -> Iterator[Name]:
    """Names that carry a legal form, in order."""
    countries = _form_countries(knowledge)
    for pattern, words in _company_patterns(knowledge):
        for low, high in _around(text, words):
            for found in pattern.finditer(text, low, high):
                form = _form_key(found["form"])
                name = found.group().strip(" ,")
                yield Name(name, found.start(), found.start() + len(name), countries.get(form.casefold(), ""), form)


def _around(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Stretches around the words of legal forms, in which alone a name with one is sought; none overlap."""
    if len(words) < _FEW:
        if any(word in text for word in words):
            yield 0, len(text)
        return
    end = 0
    for word in _WORD.finditer(text):
        if word.group().strip(_MARKS) in words:
            low, end = max(end, word.start() - _REACH), word.end() + _REACH
            yield low, end


def without_form(name: Name) -> str:
    """`name` without its legal form."""
    return name.text.replace("\u00a0", " ").replace(name.form, "").strip(" ,.") if name.form else name.text


def trimmed(name: Name, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Name:
    """`name` without the words in front that belong to the sentence: prepositions, and what the domain leaves out.

    A place in front stays: companies are named by their towns.
    """
    parts = name.text.split(" ")
    first = 0
    while first < len(parts) - 2 and folded(parts[first]).strip(":") in words.lead_ins:
        first += 1
    by_domain = (at for at in range(first, len(parts) - 1) if like_domain(" ".join(parts[at:]), label))
    begins = next(by_domain, first)
    while begins > first and parts[begins - 1].casefold() in knowledge.places:
        begins -= 1
    text = " ".join(parts[begins:])
    runs_on = max(
        (text.rfind(lead) + len(lead) for lead in words.lead_ins if lead in text and _is_han(lead)), default=0
    )
    text = text[runs_on:] if runs_on < len(text) - len(name.form) else text
    return replace(name, text=text, start=name.end - len(text))


def _is_han(text: str) -> bool:
    return "\u4e00" <= text[0] <= "\u9fff"


def is_own(text: str, knowledge: IdentityKnowledge) -> bool:
    """Whether a name or domain is the buyer's."""
    return any(name in text.casefold() for name in knowledge.own)


@lru_cache(maxsize=2048)
def squeezed(text: str) -> str:
    """Letters and digits only, without marks: how a name looks in a domain."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(sign for sign in plain if sign.isalnum())


def like_domain(name: str, label: str) -> int:
    """How many letters a name and a domain's label share from the start on; 0 under five (or the whole short label)."""
    label = squeezed(label)
    if not name or not label or squeezed(name[0])[:1] != label[0]:
        return 0
    best = 0
    for spelled in {squeezed(name), squeezed(name.casefold().translate(_IN_TWO_LETTERS))}:
        differ = (at for at, (one, other) in enumerate(zip(spelled, label, strict=False)) if one != other)
        best = max(best, next(differ, min(len(spelled), len(label))))
    return best if best >= min(_LEAST_SHARED, max(_LEAST_LABEL, len(label))) else 0


@lru_cache(maxsize=8)
def _company_patterns(
    knowledge: IdentityKnowledge,
) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    """Patterns of names with a form, and the words of these forms."""
    forms: dict[str, list[str]] = {"after": [], "before": [], "joined": []}
    for one in knowledge.forms:
        forms[one.position].append(one.form)
    named = rf"{_PART}(?:{_NO_STOP}[ \u00a0](?:{_JOINERS}[ \u00a0]){{0,2}}(?:{_PART}|{_BRACKETED})){{0,6}}"
    after = re.compile(rf"(?<![\w&]){named}(?:,)?[ \u00a0](?P<form>{_any(forms['after'])})(?![\w])")
    before = re.compile(rf"(?<![\w&])(?P<form>{_any(forms['before'])})[ \u00a0][«\"“]?{named}")
    joined = re.compile(rf"{_HAN}(?P<form>{_any(forms['joined'])})")
    return (after, _words(forms["after"])), (before, _words(forms["before"])), (joined, _words(forms["joined"]))


def _words(forms: Iterable[str]) -> frozenset[str]:
    """The last word of each form."""
    last = (spelling.split(" ")[-1].strip(_MARKS) for form in forms for spelling in (form, form.upper()))
    return frozenset(last)


def _any(forms: Iterable[str]) -> str:
    """Any of `forms`, as they are written and in capitals; never matches for none."""
    spelled = {spelling for form in forms for spelling in (form, form.upper())}
    ordered = sorted(spelled, key=lambda form: (-len(form), form))
    return "|".join(re.escape(form).replace(r"\ ", "[ \u00a0]") for form in ordered) or "(?!)"


@lru_cache(maxsize=8)
def _form_countries(knowledge: IdentityKnowledge) -> dict[str, str]:
    return {one.form.casefold(): one.country for one in knowledge.forms}


def _form_key(form: str) -> str:
    return form.replace("\u00a0", " ")

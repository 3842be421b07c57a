"""Names of persons, and which words are neither a person's nor a company's name."""

import re
from collections.abc import Sequence
from functools import lru_cache

from classifiers.company_names import companies
from classifiers.wording import LETTER, alternatives, folded
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge

_FOREIGN = re.compile(r"[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af]{1,40}")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,8}(?![\u4e00-\u9fff])")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_BRACKETED = re.compile(r"\([^)]{0,60}\)|\"|“|”|'(?=\s|$)")
_SURNAME_FIRST = re.compile(r"^([^\W\d][^\s,]{1,30}), ([^\W\d][^\s,]{1,30})$")
_ABBREVIATED = re.compile(r"(?<=\w\.)(?=[^\W\d_a-z]\w)")
_WORD = re.compile(r"[^\s,]{1,40}")
_FEWEST, _MOST, _LONGEST = 2, 5, 50  # words and letters of a person's name
_POST_NOMINAL = re.compile(r"(?:[A-Z]\.?[a-z]{0,2}\.?){2,6}")
_DIALLED = 7  # digits that a telephone number has at least
_CODE = re.compile(r"[A-Z0-9/-]{0,12}\d[A-Z0-9/-]{0,12}|[A-Z]{2,4}")


def person(raw: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> str | None:
    """`raw` as a person's name without titles, or None when it is none: two to five words with capitals, no digits.

    A single name counts behind a title ("Mr. Gao"), which is then kept; Chinese names have two to four signs.
    """
    tokens, title = _untitled(raw, words)
    if title and len(tokens) == 1 and tokens[0].isalpha() and tokens[0][0].isupper() and title in words.honorifics:
        return f"{raw.strip()[: len(title)]} {tokens[0]}" if not _common({tokens[0]}, words) else None
    if not _FEWEST <= len(tokens) <= _MOST or len(" ".join(tokens)) > _LONGEST:
        return None
    if any(sign.isdigit() or sign in "@/&|:" for token in tokens for sign in token):
        return None
    if not tokens[0][0].isupper() or not tokens[-1][0].isupper():
        return None
    if any(not token[0].isupper() and token not in knowledge.particles for token in tokens):
        return None
    carries_a_form = any(True for _ in companies(raw, knowledge))
    lowered = [folded(token).strip(".") for token in tokens]
    if (
        carries_a_form
        or tells_of_trade(lowered, knowledge)
        or set(lowered) & _titles(words)
        or _greets(lowered, words)
        or _common(set(tokens), words)
    ):
        return None
    return " ".join(tokens)


def tells_of_trade(lowered: Sequence[str], knowledge: IdentityKnowledge) -> bool:
    """Whether the words of a name, in small letters, are those of a company: "nordbø systove"."""
    behind = lowered[1:]
    return any(word in knowledge.trades for word in behind) or (
        bool(behind) and behind[-1].endswith(knowledge.trade_endings)
    )


def chinese_person(raw: str, words: ContactVocabulary) -> str | None:
    """The Chinese name that `raw` begins with; a title stays only where it stands behind a surname alone."""
    found = _HAN_RUN.match(raw.strip())
    if found is None:
        return None
    text = found.group()
    for title in sorted(words.titles, key=len, reverse=True):
        bare = text.removeprefix(title).removesuffix(title)
        text = bare if len(bare) > 1 or text == title else text
    return text if _HAN_NAME.fullmatch(text) and not _common({text}, words) else None


def chinese_signature(raw: str, words: ContactVocabulary, *, signed: bool) -> str | None:
    """The Chinese name that begins a line of a signature: with a title or a number behind it, or under a greeting."""
    named = chinese_person(raw, words)
    rest = raw.strip().removeprefix(named).strip() if named else ""
    titled = named and any(named.endswith(title) or rest.startswith(title) for title in words.titles)
    return named if signed or titled or sum(sign.isdigit() for sign in rest) >= _DIALLED else None


def _untitled(raw: str, words: ContactVocabulary) -> tuple[list[str], str]:
    """The words of `raw` without brackets, other scripts, titles in front and letters behind (MSc); the last title."""
    text = _ABBREVIATED.sub(" ", _BRACKETED.sub(" ", _FOREIGN.sub(" ", raw))).strip(" .,:;!-–—*")
    tokens = _WORD.findall(_SURNAME_FIRST.sub(r"\2 \1", text))
    title = ""
    while tokens and (short := _title_length(tokens, words)):
        title = folded(" ".join(tokens[:short]))
        del tokens[:short]
    ends = tuple(words.title_endings)
    last = next(
        (
            at
            for at in (1, 0)
            if len(tokens) > at + _FEWEST and tokens[at].islower() and ends and tokens[at].endswith(ends)
        ),
        -1,
    )
    del tokens[: last + 1]
    while len(tokens) > _FEWEST and _POST_NOMINAL.fullmatch(tokens[-1]) and not all(map(str.isupper, tokens)):
        del tokens[-1]
    return tokens, title


def common(text: str, words: ContactVocabulary) -> bool:
    """Whether the words of `text` name nobody: nationalities, days, codes of standards, prepositions alone."""
    return all(_common({part}, words) or _CODE.fullmatch(part) for part in text.split())


def _common(tokens: set[str], words: ContactVocabulary) -> bool:
    return any(folded(token).strip(".,:") in words.not_names for token in tokens)


def _title_length(tokens: list[str], words: ContactVocabulary) -> int:
    """How many words a title takes that a name opens with."""
    known = _titles(words)
    return next((n for n in (2, 1) if folded(" ".join(tokens[:n])).strip(".") in known and tokens[n:]), 0)


@lru_cache(maxsize=32)
def _titles(words: ContactVocabulary) -> frozenset[str]:
    return frozenset(title.strip(".") for title in words.titles)


def _greets(lowered: list[str], words: ContactVocabulary) -> bool:
    """Whether a name opens with a greeting."""
    phrases = _greetings(words).get(lowered[0], ())
    return any(lowered[: len(phrase)] == phrase for phrase in phrases)


@lru_cache(maxsize=32)
def _greetings(words: ContactVocabulary) -> dict[str, list[list[str]]]:
    """Greetings and closings as lists of words, by the first."""
    found: dict[str, list[list[str]]] = {}
    for phrase in (*words.greetings, *words.closings):
        found.setdefault(phrase.split()[0], []).append(phrase.split())
    return found


@lru_cache(maxsize=32)
def title_pattern(words: ContactVocabulary) -> re.Pattern[str]:
    """Words that make a line of a signature something other than a name: titles, labels, greetings."""
    cues = (*words.titles, *words.phone, *words.mobile, *words.email, *words.closings, *words.greetings)
    endings = "|".join(map(re.escape, words.title_endings)) or "(?!)"
    return re.compile(rf"{alternatives(cues)}|(?:{endings})(?!{LETTER})", re.IGNORECASE)

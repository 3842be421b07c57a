"""Telephone and register numbers in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge, RegisterNumber

_BEFORE = 36  # characters before a number in which its cue may stand
_DIGITS = re.compile(r"(?<![\w.+])(?:\+|\(\+?)?\d(?:[ \u00a0()./–-]{0,3}\d){5,31}(?!\d)")
_APART = re.compile(r"(?:\+|\(\+?)?\d(?:[ \u00a0().–-]{0,2}\d|/\d){6,15}(?=\s{0,3}/\s|\D{0,2}$|[^\d/]|$)")
_RUN = re.compile(r"\d[\d .\u00a0-]{3,40}")
_FEWEST_DIGITS = 4  # of a run in a register number
_AROUND = 12  # letters and signs around a run of digits that a register number may have
_EXTENSION = re.compile(r"^00")
_THOUSAND = 3  # digits of a group of thousands
_GROUPS = 3  # groups of a telephone number that no amount is written in


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as E.164 at [start, end), dialled in `region`. The lower its `rank`, the likelier it reaches
    the sender: his mobile, his direct line, a number that is called one, any other.
    """

    number: str
    region: str
    rank: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Registration:
    """A register number, letters and digits only, at [start, end). `valid` is None when its register has no check."""

    number: str
    country: str
    valid: bool | None
    start: int
    end: int


def phones(
    text: str, regions: Sequence[str], words: ContactVocabulary, taken: list[tuple[int, int]], *, loose: bool
) -> Iterator[Phone]:
    """The telephone numbers of `text`, in order. A national number is dialled in the first of `regions` (ISO 3166)
    where it can be; `taken` are stretches that are something else. `loose`: a number counts without a cue beside it.
    """
    for found in (part for run in _DIGITS.finditer(text) for part in _parts(run, text)):
        before = max(0, found.start() - _BEFORE)
        if any(found.start() < stop and start < found.end() for start, stop in taken):
            continue
        if _other_number(words).search(text, before, found.start()):
            continue
        cue = _cue(words).search(text, before, found.start())
        one = _parsed(found.group(), regions, sure=bool(cue), loose=loose)
        if one:
            number, where, mobile = one
            after = _mobile_after(words).match(text, found.end())
            rank = _rank(cue, found.group(), mobile=mobile or bool(after))
            yield Phone(number, where, rank, found.start(), found.end())


def _rank(cue: re.Match[str] | None, written: str, *, mobile: bool) -> int:
    if cue and cue["private"]:
        return 4
    if mobile or (cue and cue["mobile"]):
        return 0
    if cue and cue["direct"]:
        return 1
    return 2 if cue or written.startswith(("+", "(+", "00")) else 3


def registrations(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[Registration]:
    """The register numbers of `text`: behind a word for a register or a legal form, or right by check."""
    runs = [run.span() for run in _RUN.finditer(text) if sum(map(str.isdigit, run.group())) >= _FEWEST_DIGITS]
    stretches = [(max(0, start - _AROUND), end + _AROUND) for start, end in runs]
    told = [(low, high) for low, high in stretches if _tells(text, max(0, low - _BEFORE), high, words, knowledge)]
    for kind in knowledge.registers:
        for found in _within(_pattern(kind.pattern), text, told if kind.without_cue == "never" else stretches):
            before = max(0, found.start() - _BEFORE)
            cued = _register_cue(words).search(text, before, found.start()) is not None
            number = re.sub(r"[\W_]", "", found.group())
            valid = _valid(kind, number)
            alone = kind.without_cue == "always" or (kind.without_cue == "if_valid" and valid)
            if cued or alone or (kind.behind_company and _behind_form(knowledge).search(text, before, found.start())):
                yield Registration(number, kind.country, valid, found.start(), found.end())


def _tells(text: str, low: int, high: int, words: ContactVocabulary, knowledge: IdentityKnowledge) -> bool:
    """Whether a word for a register or a legal form stands in a stretch."""
    cued = _register_word(words).search(text, low, high) is not None
    return cued or _form_word(knowledge).search(text, low, high) is not None


def _within(pattern: re.Pattern[str], text: str, stretches: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Matches that lie in one of `stretches`, which are in order; none twice."""
    end = 0
    for low, high in stretches:
        for found in pattern.finditer(text, max(low, end), high):
            end = found.end()
            yield found


def best_registration(found: list[Registration]) -> Registration | None:
    """The first valid one; else the first that a check exists for; else the first."""
    return min(found, key=lambda one: ({True: 0, False: 1, None: 2}[one.valid], one.start), default=None)


def _parts(run: re.Match[str], text: str) -> list[re.Match[str]]:
    """A run of digits as one number, or as the numbers that a stroke between blanks parts."""
    parts = list(_APART.finditer(text, run.start(), run.end()))
    return parts if len(parts) > 1 else [run]


def _parsed(written: str, regions: Sequence[str], *, sure: bool, loose: bool) -> tuple[str, str, bool] | None:
    """(E.164, region, whether a mobile's), or None when it is no number that can be dialled."""
    international = _EXTENSION.sub("+", written.strip("( "))
    if international.startswith("+"):
        return _international(international)
    library = _phonenumbers()
    for region in regions:
        try:
            number = library.parse(international, region)
        except library.NumberParseException:
            continue
        telling = sure or loose
        dials = library.is_possible_number(number) if telling else _grouped(written) and library.is_valid_number(number)
        if dials and _national(number, written, region, regions):
            return _told(number)
    return None


@lru_cache(maxsize=64)
def _international(written: str) -> tuple[str, str, bool] | None:
    """As `_parsed`; kept for a moment, as the same number tells the country, and then is the telephone."""
    library = _phonenumbers()
    try:
        number = library.parse(written, None)
    except library.NumberParseException:
        return None
    return _told(number) if library.is_possible_number(number) else None


def _told(number: Any) -> tuple[str, str, bool]:  # noqa: ANN401  the library's
    library = _phonenumbers()
    mobile = library.number_type(number) == library.PhoneNumberType.MOBILE
    where = library.region_code_for_number(number) or library.region_code_for_country_code(number.country_code)
    return library.format_number(number, library.PhoneNumberFormat.E164), where, mobile


def _national(number: Any, written: str, region: str, regions: Sequence[str]) -> bool:  # noqa: ANN401  the library's
    """Whether a number is one of `region`: with its prefix 0 where that has one, and valid where others come first."""
    library = _phonenumbers()
    prefixed = library.ndd_prefix_for_region(region, True) == "0"
    if written.lstrip("(").startswith("0"):
        return prefixed or bool(library.is_valid_number(number))
    return (region == regions[0] and not prefixed) or bool(library.is_valid_number_for_region(number, region))


def _grouped(written: str) -> bool:
    """Whether digits stand in groups as those of telephone numbers do, not as thousands."""
    groups = re.findall(r"\d+", written)
    return len(groups) >= _GROUPS and any(len(group) != _THOUSAND for group in groups[1:])


@cache
def _phonenumbers() -> Any:  # noqa: ANN401  the library types its functions loosely
    """Imported late: 0.2 s that only a mail with a number pays."""
    return import_module("phonenumbers")


def _valid(kind: RegisterNumber, number: str) -> bool | None:
    if not kind.check:
        return None
    return bool(import_module(f"stdnum.{kind.check}").is_valid(number))


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=32)
def _cue(words: ContactVocabulary) -> re.Pattern[str]:
    kinds = (("private", words.private), ("mobile", words.mobile), ("direct", words.direct), ("phone", words.phone))
    any_ = "|".join(rf"(?P<{kind}>{alternatives(cues)})" for kind, cues in kinds)
    between = r"[\s.·…_:：)/+-]{0,26}(?:(?:\w{1,12}[\s.:]{1,3}){0,2})[(+]{0,2}$"
    return re.compile(rf"(?:{any_}){between}", re.IGNORECASE)


@lru_cache(maxsize=32)
def _other_number(words: ContactVocabulary) -> re.Pattern[str]:
    """Words right before a number that is no telephone number."""
    cues = alternatives((*words.other_numbers, *words.register_number))
    return re.compile(rf"{cues}[\s.:：#-]{{0,5}}(?:[A-Z]{{2}}[\s-]{{0,2}})?$", re.IGNORECASE)


@lru_cache(maxsize=32)
def _mobile_after(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(rf"\s{{1,2}}\(?{alternatives(words.mobile)}(?![\s.:：)]{{0,4}}[+\d(])", re.IGNORECASE)


@lru_cache(maxsize=32)
def _register_word(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(alternatives(words.register_number), re.IGNORECASE)


@lru_cache(maxsize=8)
def _form_word(knowledge: IdentityKnowledge) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_forms(knowledge)}(?!\w)")


@lru_cache(maxsize=32)
def _register_cue(words: ContactVocabulary) -> re.Pattern[str]:
    between = r"[\s.:：#,-]{0,5}(?:[A-Z]{2}[\s-]{0,2})?$"
    return re.compile(rf"{alternatives(words.register_number)}{between}", re.IGNORECASE)


@lru_cache(maxsize=8)
def _behind_form(knowledge: IdentityKnowledge) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_forms(knowledge)}[\s,(|–-]{{1,4}}(?:[A-Z]{{2}}[\s-]{{0,2}})?$")


def _forms(knowledge: IdentityKnowledge) -> str:
    forms = sorted((re.escape(one.form) for one in knowledge.forms if one.position == "after"), key=len, reverse=True)
    return f"(?:{'|'.join(forms)})"

"""Telephone and register numbers in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge, RegisterNumber

_BEFORE = 26  # characters before a number in which its cue may stand
_DIGITS = re.compile(r"(?<![\w.+])(?:\+|\(\+?)?\d(?:[ \u00a0()./–-]{0,3}\d){5,15}(?!\d)")
_APART = re.compile(r"(?:\+|\(\+?)?\d(?:[ \u00a0().–-]{0,2}\d|/\d){6,15}(?=\s{0,3}/\s|\D{0,2}$|[^\d/]|$)")
_EXTENSION = re.compile(r"^00")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as E.164 at [start, end); `mobile` when it is said or known to be one."""

    number: str
    region: str
    mobile: bool
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
    text: str, region: str, words: ContactVocabulary, taken: list[tuple[int, int]], *, loose: bool
) -> Iterator[Phone]:
    """The telephone numbers of `text`, in order. `region` (ISO 3166) is where a national number is dialled; `taken` are
    stretches that are something else. `loose`: a number that dials in `region` counts without a cue beside it.
    """
    for found in (part for run in _DIGITS.finditer(text) for part in _parts(run, text)):
        if any(found.start() < stop and start < found.end() for start, stop in taken):
            continue
        cue = _cue(words).search(text, max(0, found.start() - _BEFORE), found.start())
        one = _parsed(found.group(), region, sure=bool(cue), loose=loose)
        if one:
            number, where, mobile = one
            after = _mobile_after(words).match(text, found.end())
            yield Phone(number, where, mobile or bool(cue and cue["mobile"]) or bool(after), found.start(), found.end())


def registrations(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[Registration]:
    """The register numbers of `text`: beside a word for a register, or right by their check sum and form alone."""
    for kind in knowledge.registers:
        for found in _pattern(kind.pattern).finditer(text):
            cued = _register_cue(words).search(text, max(0, found.start() - _BEFORE), found.start()) is not None
            number = re.sub(r"[\W_]", "", found.group())
            valid = _valid(kind, number)
            if cued or kind.without_cue == "always" or (kind.without_cue == "if_valid" and valid):
                yield Registration(number, kind.country, valid, found.start(), found.end())


def best_registration(found: list[Registration]) -> Registration | None:
    """The first valid one; else the first that a check exists for; else the first."""
    return min(found, key=lambda one: ({True: 0, False: 1, None: 2}[one.valid], one.start), default=None)


def _parts(run: re.Match[str], text: str) -> list[re.Match[str]]:
    """A run of digits as one number, or as the numbers that a stroke between blanks parts."""
    parts = list(_APART.finditer(text, run.start(), run.end()))
    return parts if len(parts) > 1 else [run]


def _parsed(written: str, region: str, *, sure: bool, loose: bool) -> tuple[str, str, bool] | None:
    library = _phonenumbers()
    international = _EXTENSION.sub("+", written.strip("( "))
    plus = international.startswith("+")
    if not (plus or sure or loose):
        return None
    try:
        number = library.parse(international, None if plus else region or None)
    except library.NumberParseException:
        return None
    if not library.is_possible_number(number):
        return None
    kind = library.number_type(number)
    mobile = kind == library.PhoneNumberType.MOBILE
    where = library.region_code_for_number(number) or library.region_code_for_country_code(number.country_code)
    return library.format_number(number, library.PhoneNumberFormat.E164), where, mobile


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
    both = rf"(?P<mobile>{alternatives(words.mobile)})|{alternatives(words.phone)}"
    return re.compile(rf"(?:{both})[\s.:)/+-]{{0,6}}(?:(?:\w{{1,12}}[\s.:]{{1,3}}){{0,2}})[(+]{{0,2}}$", re.IGNORECASE)


@lru_cache(maxsize=32)
def _mobile_after(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(rf"\s{{1,2}}\(?{alternatives(words.mobile)}(?![\s.:)]{{0,4}}[+\d(])", re.IGNORECASE)


@lru_cache(maxsize=32)
def _register_cue(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(rf"{alternatives(words.register)}[\s.:#-]{{0,5}}(?:[A-Z]{{2}}[\s-]{{0,2}})?$", re.IGNORECASE)

"""Loads what data/ says for offers: units.toml and lead_times.toml of each language, masks, countries, cities."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator

from models.knowledge.offers import OfferCues, OfferKnowledge, OfferVocabulary, PackWords, TimeWords
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.errors import KnowledgeError

FALLBACK = "en"
F = TypeVar("F")
M = TypeVar("M", bound=str)
Role = Literal["product", "quantity", "price", "box_size", "unit", "moq", "lead_time", "ignore"]
Period = Literal["day", "week", "month"]
Duration = Literal["hour", "day", "working_day", "week", "month"]


class CurrencyTable(Row):
    default: str | None = None
    words: dict[str, str]


class WordList(Row):
    words: list[str]


class PackTable(Row):
    of: list[str]
    within: list[str]
    each: list[str]
    holding: list[str]


class CueTable(Row):
    quantity: list[str]
    not_quantity: list[str]
    moq: list[str]
    price: list[str]
    not_price: list[str]
    stock: list[str]
    home_stock: list[str]
    total: list[str]


class UnitExample(Row):
    text: str
    product: str
    quantity: float | None = None
    per: str | None = None
    price: float | None = None
    currency: str | None = None
    flag: str | None = None


class UnitsFile(Row):
    source: str
    also: list[str]
    currency: CurrencyTable
    multipliers: dict[str, float]
    number_words: dict[str, float]
    units: dict[str, list[str]]
    measures: WordList
    periods: dict[Period, list[str]]
    pack: PackTable
    cues: CueTable
    headers: dict[Role, list[str]]
    examples: list[UnitExample]


class TimeCueTable(Row):
    delivery: list[str]
    other: list[str]


class ImmediateTable(Row):
    now: list[str]
    day_1: list[str]
    day_2: list[str]


def _whole_week(days: list[str]) -> list[str]:
    if len(days) not in (0, 7):
        raise ValueError("name the seven days from Monday on, or none")
    return days


class DateTable(Row):
    week: list[str]
    months: list[str]
    weekdays: Annotated[list[str], AfterValidator(_whole_week)]


class TimeExample(Row):
    text: str
    days: int | None = None
    date: str | None = None


class LeadTimesFile(Row):
    source: str
    also: list[str]
    durations: dict[Duration, list[str]]
    cues: TimeCueTable
    immediate: ImmediateTable
    dates: DateTable
    examples: list[TimeExample]


class Mask(Row):
    id: str
    pattern: str
    source: str
    example: str
    counter_example: str


class MasksFile(Row):
    mask: list[Mask]


class CountryRow(Row):
    code: str
    names: str
    source: str


class CityRow(Row):
    city: str
    country: str
    source: str


def load(root: Path) -> OfferKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    data = root / "data"
    folders = {path.parent.name: path.parent for path in sorted(data.glob("languages/*/units.toml"))}
    units = {language: read_toml(folder / "units.toml", UnitsFile) for language, folder in folders.items()}
    times = {language: read_toml(folder / "lead_times.toml", LeadTimesFile) for language, folder in folders.items()}
    if FALLBACK not in units:
        raise KnowledgeError(
            str(data / "languages" / FALLBACK), "units.toml", "is missing; every other language leans on it"
        )
    return OfferKnowledge(
        vocabularies={language: _vocabulary(language, units, times) for language in units},
        fallback=FALLBACK,
        masks=_masks(data / "amount_masks.toml"),
        places=places(data),
    )


def places(data: Path) -> dict[str, str]:
    """Country by the case-folded name of a city or country."""
    found = {
        name.strip().casefold(): row.code
        for row in read_csv(data / "countries.csv", CountryRow)
        for name in row.names.split(";")
    }
    return found | {row.city.casefold(): row.country for row in read_csv(data / "cities.csv", CityRow)}


def _masks(path: Path) -> tuple[str, ...]:
    masks = read_toml(path, MasksFile).mask
    for mask in masks:
        try:
            re.compile(mask.pattern)
        except re.error as fault:
            raise KnowledgeError(str(path), f"mask.{mask.id}.pattern", f"is no regular expression: {fault}") from None
    return tuple(mask.pattern for mask in masks)


def _vocabulary(language: str, units: Mapping[str, UnitsFile], times: Mapping[str, LeadTimesFile]) -> OfferVocabulary:
    own = units[language]
    read = [own, *(units[other] for other in own.also)]
    currency_words = {word.casefold(): code for file in reversed(read) for word, code in file.currency.words.items()}
    meanings = {
        word: frozenset(file.currency.words[word] for file in units.values() if word in file.currency.words)
        for word in currency_words
    }
    return OfferVocabulary(
        language=language,
        currency=own.currency.default,
        currencies=currency_words,
        shared_currencies={word: codes for word, codes in meanings.items() if len(codes) > 1},
        multipliers={
            word if len(word) == 1 else word.casefold(): n
            for file in reversed(read)
            for word, n in file.multipliers.items()
        },
        number_words={word.casefold(): n for file in reversed(read) for word, n in file.number_words.items()},
        units=_by_word([file.units for file in read]),
        measures=_merged(read, lambda file: file.measures.words),
        periods=_by_word(file.periods for file in read),
        pack=PackWords(
            of=_merged(read, lambda file: file.pack.of),
            within=_merged(read, lambda file: file.pack.within),
            each=_merged(read, lambda file: file.pack.each),
            holding=_merged(read, lambda file: file.pack.holding),
        ),
        cues=_cues(read),
        headers=_by_word(file.headers for file in read),
        times=_times([times[language], *(times[other] for other in times[language].also)]),
    )


def _cues(read: list[UnitsFile]) -> OfferCues:
    return OfferCues(
        quantity=_merged(read, lambda file: file.cues.quantity),
        not_quantity=_merged(read, lambda file: file.cues.not_quantity),
        moq=_merged(read, lambda file: file.cues.moq),
        price=_merged(read, lambda file: file.cues.price),
        not_price=_merged(read, lambda file: file.cues.not_price),
        stock=_merged(read, lambda file: file.cues.stock),
        home_stock=_merged(read, lambda file: file.cues.home_stock),
        total=_merged(read, lambda file: file.cues.total),
    )


def _times(read: list[LeadTimesFile]) -> TimeWords:
    immediate = {
        phrase.casefold(): days
        for file in reversed(read)
        for days, phrases in enumerate((file.immediate.now, file.immediate.day_1, file.immediate.day_2))
        for phrase in phrases
    }
    return TimeWords(
        units=_by_word(file.durations for file in read),
        delivery=_merged(read, lambda file: file.cues.delivery),
        other=_merged(read, lambda file: file.cues.other),
        immediate=immediate,
        weeks=_merged(read, lambda file: file.dates.week),
        months=_merged(read, lambda file: file.dates.months),
        weekdays={day.casefold(): number for file in reversed(read) for number, day in enumerate(file.dates.weekdays)},
    )


def _by_word(tables: Iterable[Mapping[M, list[str]]]) -> dict[str, str]:
    """Meaning by word; where languages differ, the first of them is right."""
    found: dict[str, str] = {}
    for table in tables:
        for meaning, words in table.items():
            for word in words:
                found.setdefault(word.casefold(), meaning)
    return found


def _merged(read: Iterable[F], words: Callable[[F], list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.casefold() for file in read for word in words(file)))

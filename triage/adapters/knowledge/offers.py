"""Loads what data/ says for offers: units.toml and lead_times.toml of each language, masks, countries, cities."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from pydantic import ConfigDict

from models.knowledge.offers import (
    OfferCues,
    OfferKnowledge,
    OfferVocabulary,
    PackWords,
    PriceWords,
    ReferenceWords,
    TimeWords,
    UnitKinds,
)
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.adapters.knowledge.languages import Languages
from triage.adapters.knowledge.offer_files import LeadTimesFile, UnitsFile
from triage.adapters.knowledge.patterns import compiled
from triage.adapters.knowledge.rule_tables import load_bands, load_rates
from triage.errors import KnowledgeError

FALLBACK = "en"
SIGN = 2
_PACK = [one.name for one in fields(PackWords)]
_PRICE = [one.name for one in fields(PriceWords)]
_REFERENCE = [one.name for one in fields(ReferenceWords)]
_CUES = [one.name for one in fields(OfferCues)]


class MaskRow(Row):
    id: str
    pattern: str
    source: str
    example: str
    counter_example: str


class MasksFile(Row):
    mask: list[MaskRow]


class _Kinds(Row):
    model_config = ConfigDict(extra="ignore", frozen=True)  # the rest of judging.toml is for other readers
    no_goods: frozenset[str]
    pair_is_one: frozenset[str]


class _UnitsOfOffers(Row):
    source: str
    counted: frozenset[str]
    whole: frozenset[str]
    measured: frozenset[str]
    rented: frozenset[str]
    preferred: tuple[str, ...]


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
    goods = read_toml(data / "judging.toml", _Kinds)
    rates = load_rates(data / "exchange_rates.csv")
    of_units = read_toml(data / "offer_units.toml", _UnitsOfOffers)
    kinds = UnitKinds(**{one.name: getattr(of_units, one.name) for one in fields(UnitKinds)})
    return OfferKnowledge(
        vocabularies={language: _vocabulary(language, units, times, kinds) for language in units},
        fallback=FALLBACK,
        masks=_masks(data / "amount_masks.toml"),
        places=places(data),
        no_goods=goods.no_goods,
        pair_is_one=goods.pair_is_one,
        least=_bounds(data, rates, "low", min),
        most=_bounds(data, rates, "high", max),
        of_no_piece=_bounds(data, rates, "other_product", max),
        rates=rates,
    )


def _bounds(
    data: Path, rates: Mapping[str, float], bound: str, widest: Callable[[float, float], float]
) -> dict[str, float]:
    """The widest `bound` of the bands of prices, by category."""
    found: dict[str, float] = {}
    for band in load_bands(data / "price_bands.csv"):
        value = getattr(band, bound)
        if value is not None:
            cost = value * rates.get(band.currency, 1)
            found[band.category] = widest(cost, found.get(band.category, cost))
    return found


def places(data: Path) -> dict[str, str]:
    """Country by the case-folded name of a city or country."""
    found = {
        name.strip().casefold(): row.code
        for row in read_csv(data / "countries.csv", CountryRow)
        for name in row.names.split(";")
    }
    return found | {row.city.casefold(): row.country for row in read_csv(data / "cities.csv", CityRow)}


def _masks(path: Path) -> tuple[re.Pattern[str], ...]:
    masks = read_toml(path, MasksFile).mask
    return tuple(compiled(path, f"mask.{mask.id}.pattern", mask.pattern) for mask in masks)


def _vocabulary(
    language: str, units: Mapping[str, UnitsFile], times: Mapping[str, LeadTimesFile], kinds: UnitKinds
) -> OfferVocabulary:
    own = units[language]
    read = Languages([own, *(units[other] for other in own.also)], _meant_otherwise(own))
    known_times = Languages([times[language], *(times[other] for other in times[language].also)], read.barred)
    return OfferVocabulary(
        language=language,
        currency=own.currency.default,
        currencies=read.mapping(lambda file: file.currency.words | file.currency.hundredths),
        hundredths=read.mapping(lambda file: file.currency.hundredths),
        shared_currencies=_shared(units.values()),
        multipliers={
            sign if _is_sign(sign) else sign.casefold(): times
            for sign, times in read.mapping(lambda file: file.multipliers, folded=False).items()
        },
        loose_multipliers=own.loose_multipliers,
        number_words=read.mapping(lambda file: file.number_words),
        units=read.meanings(lambda file: file.units),
        measures=read.words(lambda file: file.measures.words),
        parting=read.words(lambda file: file.parting.words),
        periods=read.meanings(lambda file: file.periods),
        pack=PackWords(**_lists(read, "pack", _PACK)),
        price=PriceWords(**_lists(read, "price", _PRICE)),
        reference=ReferenceWords(**_lists(read, "reference", _REFERENCE)),
        cues=OfferCues(**_lists(read, "cues", _CUES)),
        headers=read.meanings(lambda file: file.headers),
        times=_times(known_times),
        kinds=kinds,
    )


def _lists(read: Languages[UnitsFile], table: str, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    def listed(name: str) -> tuple[str, ...]:
        return read.words(lambda file: getattr(getattr(file, table), name))

    return {name: listed(name) for name in names}


def _times(read: Languages[LeadTimesFile]) -> TimeWords:
    return TimeWords(
        units=read.meanings(lambda file: file.durations),
        delivery=read.words(lambda file: file.cues.delivery),
        other=read.words(lambda file: file.cues.other),
        within=read.words(lambda file: file.cues.within),
        elsewhere=read.words(lambda file: file.cues.elsewhere),
        toward=read.words(lambda file: file.cues.toward),
        past=read.words(lambda file: file.cues.past),
        immediate=read.mapping(lambda file: dict.fromkeys(file.immediate.now, 0)),
        soon=read.mapping(lambda file: file.immediate.soon()),
        weeks=read.words(lambda file: file.dates.week),
        months=read.words(lambda file: file.dates.months),
        days=read.words(lambda file: (*file.dates.weekdays, *file.dates.named)),
        during=read.words(lambda file: file.dates.during),
    )


def _meant_otherwise(own: UnitsFile) -> frozenset[str]:
    """Words that the other languages lend in vain: here they count or measure something else, or are common words."""
    counted = [own.multipliers, own.number_words, own.measures.words, *own.units.values()]
    meant = {word.casefold() for words in counted for word in words if len(word) > SIGN}
    return frozenset(meant.union(word.casefold() for word in own.strangers))


def _shared(files: Iterable[UnitsFile]) -> dict[str, frozenset[str]]:
    meanings: dict[str, set[str]] = {}
    for file in files:
        for word, code in (file.currency.words | file.currency.hundredths).items():
            meanings.setdefault(word.casefold(), set()).add(code)
    return {word: frozenset(codes) for word, codes in meanings.items() if len(codes) > 1}


def _is_sign(word: str) -> bool:
    """A letter, or letters of one case, that touch a number: 50k, 5M, 10MM."""
    return len(word) == 1 or (word.isascii() and word.isupper() and len(word) <= SIGN)

"""The files that say how offers are written in a language: units.toml and lead_times.toml."""

from typing import Literal

from pydantic import Field

from triage.adapters.knowledge.files import Row

Role = Literal["product", "quantity", "need", "price", "box_size", "unit", "moq", "lead_time", "ignore"]
Period = Literal["day", "week", "month"]
Duration = Literal["hour", "day", "working_day", "week", "fortnight", "month"]


class CurrencyTable(Row):
    default: str | None = None
    words: dict[str, str]
    hundredths: dict[str, str] = Field(default_factory=dict)


class WordList(Row):
    words: list[str]


class PackTable(Row):
    of: list[str]
    within: list[str]
    each: list[str]
    holding: list[str]
    every: tuple[str, ...] = ()
    sizing: tuple[str, ...] = ()


class PriceTable(Row):
    per: list[str]
    net: list[str]
    gross: list[str]
    including: list[str]
    elsewhere: list[str]
    former: list[str]


class ReferenceTable(Row):
    item: list[str]
    rest: list[str]
    same_price: list[str]
    same_time: list[str]


class CueTable(Row):
    quantity: list[str]
    not_quantity: list[str]
    not_quantity_behind: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    beginning: tuple[str, ...] = ()
    sold_out: tuple[str, ...] = ()
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
    strangers: tuple[str, ...] = ()
    currency: CurrencyTable
    multipliers: dict[str, float]
    loose_multipliers: dict[str, float] = Field(default_factory=dict)
    number_words: dict[str, float]
    units: dict[str, list[str]]
    measures: WordList
    parting: WordList = WordList(words=[])
    periods: dict[Period, list[str]]
    pack: PackTable
    price: PriceTable
    reference: ReferenceTable
    cues: CueTable
    headers: dict[Role, list[str]]
    examples: list[UnitExample]


class TimeCueTable(Row):
    delivery: list[str]
    other: list[str]
    within: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    toward: tuple[str, ...] = ()
    past: tuple[str, ...] = ()


class ImmediateTable(Row):
    now: list[str]
    same_day: tuple[str, ...] = ()
    day_1: list[str]
    day_2: list[str]

    def soon(self) -> dict[str, int]:
        """Days by phrase."""
        said = enumerate((self.same_day, self.day_1, self.day_2))
        return {phrase: days for days, phrases in said for phrase in phrases}


class DateTable(Row):
    week: list[str]
    months: list[str]
    weekdays: list[str]
    named: tuple[str, ...] = ()
    during: tuple[str, ...] = ()


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

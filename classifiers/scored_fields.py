"""When a value that was read counts as the one that was labelled: amounts, prices, days, names, numbers."""

import math
import re
from collections.abc import Callable, Mapping, Sequence

Row = Mapping[str, object]
Value = tuple[object, float | None, object]

LINE_FIELDS = ("quantity", "price", "lead_time_days")
SUPPLIER_FIELDS = ("company", "org_number", "email", "phone", "country", "contact")
_BESIDE = {"quantity": "per", "price": "currency"}
_TOLERANCE = 0.01
_NATIONAL_DIGITS = 8
_SHORT_NAME, _SHORT_CONTACT = 5, 3

_FORMS = re.compile(
    r"\b(as|asa|ab|a/s|aps|ltd|limited|co|inc|llc|gmbh|bv|b\.v|sp|z|o\.o|corp|company|group)\b\.?", re.IGNORECASE
)
_PIECES = re.compile(r"(\d{1,12}) ?(?:pieces|pcs|stk)")


def line_rows(lines: Sequence[Row], name: str) -> list[Value]:
    """(category, value, per or currency) of each line that has the field."""
    beside = _BESIDE.get(name)
    return [
        (line.get("category"), _line_value(line, name), line.get(beside) if beside else None)
        for line in lines
        if line.get(name) is not None
    ]


def _line_value(line: Row, name: str) -> float:
    """The field as a number; a price per thousand, pair or box of known size becomes one per piece."""
    value = _number(line.get(name))
    if name != "price":
        return value
    unit = str(line.get("price_unit") or "")
    counted = _PIECES.match(unit)
    if counted:
        return value / int(counted[1])
    if unit == "pair":
        return value / 2
    return value / _number(line["box_size"]) if unit == "box" and line.get("box_size") else value


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        return math.nan


def same_value(name: str, one: float | None, other: float | None) -> bool:
    """Within 1 %; a lead time in working days also equals the calendar days that it takes."""
    if one is None or other is None:
        return False
    if name == "lead_time_days":
        return one == other or _calendar(one) == other or _calendar(other) == one
    return abs(one - other) <= _TOLERANCE * max(abs(one), 1e-9)


def _calendar(days: float) -> float:
    return math.ceil(days * 7 / 5) if math.isfinite(days) else days


def alike(name: str, wanted: object, guess: object) -> bool:
    """Whether a field of the supplier that was read is the one that was labelled."""
    return _ALIKE.get(name, _same_text)(wanted, guess)


def _plain(value: object) -> str:
    return re.sub(r"[\W_]", "", str(value or "").casefold())


def _digits(value: object) -> str:
    return re.sub(r"\D", "", str(value or ""))


def _same_text(wanted: object, guess: object) -> bool:
    return _plain(wanted) == _plain(guess)


def _same_company(wanted: object, guess: object) -> bool:
    one, other = (_plain(_FORMS.sub(" ", str(value or ""))) for value in (wanted, guess))
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _SHORT_NAME and len(long) <= 2 * len(short) and short in long)


def _same_phone(wanted: object, guess: object) -> bool:
    return bool(_digits(guess)) and _digits(wanted)[-_NATIONAL_DIGITS:] == _digits(guess)[-_NATIONAL_DIGITS:]


def _same_digits(wanted: object, guess: object) -> bool:
    return _digits(wanted) == _digits(guess)


def _same_person(wanted: object, guess: object) -> bool:
    one, other = _plain(wanted), _plain(guess)
    return len(other) >= _SHORT_CONTACT and (one.endswith(other) or other.endswith(one))


_ALIKE: Mapping[str, Callable[[object, object], bool]] = {
    "company": _same_company,
    "phone": _same_phone,
    "org_number": _same_digits,
    "contact": _same_person,
}

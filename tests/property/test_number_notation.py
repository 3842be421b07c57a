"""Every number comes back from each of the ways in which it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.numbers import decimal, find_numbers, number

NOTHING = re.compile(r"(?!)")
MULTIPLIERS = {"k": 1000.0, "M": 1_000_000.0, "mill": 1_000_000.0, "tusen": 1000.0}


def grouped(value: int, mark: str) -> str:
    return f"{value:,}".replace(",", mark)


@given(st.integers(0, 10**12 - 1), st.sampled_from([" ", ".", ",", "'", "\u00a0", "\u202f"]))
def test_thousands_may_be_grouped_by_any_mark(value: int, mark: str) -> None:
    assert number(grouped(value, mark)) == value


@given(st.integers(1000, 10**9), st.integers(0, 99), st.sampled_from([(".", ","), (",", "."), (" ", ","), ("'", ".")]))
def test_the_last_other_mark_is_decimal(value: int, cents: int, marks: tuple[str, str]) -> None:
    written = f"{grouped(value, marks[0])}{marks[1]}{cents:02}"
    assert number(written) == pytest.approx(value + cents / 100)


@given(st.integers(0, 999), st.integers(0, 99), st.sampled_from([".", ","]))
def test_one_or_two_digits_behind_a_mark_are_decimals(value: int, cents: int, mark: str) -> None:
    assert number(f"{value}{mark}{cents:02}") == pytest.approx(value + cents / 100)
    assert decimal(f"{value}{mark}{cents:02}") == pytest.approx(value + cents / 100)


@given(st.integers(1, 10**9), st.sampled_from(["", ".", ",", " "]), st.text(alphabet="abcæø -–/\n", max_size=5))
def test_a_number_is_found_whole_among_words(value: int, mark: str, around: str) -> None:
    written = grouped(value, mark) if mark else str(value)
    text = f"{around} {written} {around}"
    found = list(find_numbers(text, 0, len(text), MULTIPLIERS, NOTHING))
    assert [one.value for one in found] == [value]
    assert text[found[0].start : found[0].end] == written


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("50k", 50_000),
        ("1,2 mill", 1_200_000),
        ("5M", 5_000_000),
        ("12,00,000", 1_200_000),
        ("200 tusen", 200_000),
        ("0.125", 0.125),
        ("1.234,50", 1234.5),
    ],
)
def test_signs_and_words_multiply(written: str, value: float) -> None:
    (found,) = find_numbers(written, 0, len(written), MULTIPLIERS, NOTHING)
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize("written", ["FFP2", "LV-1", "007"])
def test_digits_in_a_name_are_no_number(written: str) -> None:
    assert list(find_numbers(written, 0, len(written), MULTIPLIERS, NOTHING)) == []

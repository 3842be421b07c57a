"""The figures by which readings are judged."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from classifiers.calibration import expected_calibration_error
from classifiers.scoring import Counts, finite, score, scored

SAMPLE = json.loads((Path(__file__).parent / "scored_sample.json").read_text(encoding="utf-8"))


def flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from flat(inner, f"{path}/{name}")
    else:
        yield path, value


def test_figures_are_those_of_the_scoring_tool() -> None:
    found = dict(flat(finite(score(SAMPLE["gold"], SAMPLE["readings"]))))
    expected = dict(flat(SAMPLE["figures"]))
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == (value if value is None else pytest.approx(value, abs=1e-12)), name


def test_a_perfect_reading_scores_one_everywhere() -> None:
    gold = SAMPLE["gold"]
    figures = score(gold, {name: {**row, "priority": 1} for name, row in gold.items()})
    for name in ("language_accuracy", "intent_accuracy", "category_micro_f1", "claim_f1", "missing_f1"):
        assert figures[name] == 1.0, name
    assert figures["false_assert_rate"] == 0.0


def test_a_mail_with_no_reading_counts_as_read_empty() -> None:
    figures = score(SAMPLE["gold"], {})
    assert figures["read"] == 0
    assert figures["category_micro_f1"] == 0.0


def test_misses_name_the_mail_what_was_wanted_and_what_was_read() -> None:
    _, misses = scored(SAMPLE["gold"], SAMPLE["readings"])
    assert misses["language"] == ["mail/3.eml: want 'sv', read 'da'", "mail/4.eml: want 'de', read None"]


def test_counts_with_nothing_to_stand_on_are_no_number() -> None:
    assert math.isnan(Counts().f1)
    assert finite({"a": math.nan, "b": {"c": 1.0}}) == {"a": None, "b": {"c": 1.0}}


def test_calibration_is_perfect_when_confidence_is_the_share_that_is_right() -> None:
    assert expected_calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0.0)
    assert expected_calibration_error([1.0, 1.0], [False, False]) == pytest.approx(1.0)
    assert math.isnan(expected_calibration_error([], []))

"""A phrase of polarity.toml stands for all its forms."""

import pytest

from triage.adapters.knowledge.polarity import forms


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("not sold", ("not sold",)),
        ("claim|s|ed", ("claim", "claims", "claimed")),
        ("(a/the) lab", ("a lab", "the lab")),
        (
            "asked (a/the/) lab (for/about)",
            (
                "asked a lab for",
                "asked a lab about",
                "asked the lab for",
                "asked the lab about",
                "asked lab for",
                "asked lab about",
            ),
        ),
        ("n/a", ("n/a",)),
    ],
)
def test_endings_and_choices_are_spelt_out(phrase: str, wanted: tuple[str, ...]) -> None:
    assert forms(phrase) == wanted

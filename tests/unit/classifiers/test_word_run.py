"""Words are found with the marks between them, in time that grows with the text, also where it has no blanks."""

import time

import pytest

from classifiers.word_run import WordRun


@pytest.mark.parametrize(
    "run", ["?", "(", ")", "…", "'s", ".-", "a.", "°c", "_", "a", "1kg", "//", "\u202e", "，", "口罩", ", a", "\n \n"]
)
def test_a_text_without_blanks_takes_no_longer_than_its_length(run: str) -> None:
    text = WordRun(run * (60_000 // len(run)))
    began = time.process_time()
    assert text.parted(0, len(text.words)) in (True, False)
    assert time.process_time() - began < 1


def test_a_comma_between_figures_parts_nothing() -> None:
    assert WordRun("kr 12,50 og CE, EN 149").commas == [5]


def test_a_bracket_in_a_word_is_none() -> None:
    text = WordRun("510(k) is pending (EN 149)")
    assert (text.openings, text.closings) == ([4], [6])


def test_words_are_found_by_their_letters() -> None:
    text = WordRun("CE, EN 149")
    assert text.words[0].form == "ce"
    assert text.letters(1, 3) == (4, 10)
    assert text.between(4, 10) == (1, 3)
    assert text.gap(1, 1) == ", "

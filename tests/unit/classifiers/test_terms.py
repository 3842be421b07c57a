"""Words with meanings, found in a text."""

import re

from classifiers.terms import Terms, flagged

UNITS = Terms({"stk": "piece", "lead time": "time", "Ä": "sign"})
LINK = re.compile(r"^[\s:]{0,3}(?:[^\W\d]\w{0,9}\s){0,2}$")


def test_blanks_hyphens_and_case_in_a_phrase_are_alike() -> None:
    assert [one.meaning for one in UNITS.all("LEAD-TIME, lead  time, Lead\ntime")] == ["time"] * 3


def test_a_word_within_a_word_is_none() -> None:
    assert UNITS.first("stkr astk") is None


def test_a_letter_beyond_ascii_is_found_in_either_case() -> None:
    assert [one.start for one in UNITS.all("ä Ä äb")] == [0, 2]


def test_the_last_cue_before_a_number_leads_it_across_few_words_only() -> None:
    cues = flagged(["pris"], ["frakt"])
    assert cues.leading("frakt, pris er ", LINK) is True
    assert cues.leading("pris, frakt ", LINK) is False
    assert cues.leading("pris for alt dette og mer ", LINK) is None


def test_a_cue_of_a_letter_or_two_stands_right_beside_its_number() -> None:
    cues = flagged(["à", "at"], [])
    assert cues.leading("12 esker à ", LINK) is True
    assert cues.leading("husk at vi har ", LINK) is None

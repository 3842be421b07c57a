"""Where sentences begin and end in the text of mails."""

import itertools

from classifiers.sentences import sentences


def cut(text: str, *abbreviations: str) -> list[str]:
    return [text[s.start : s.end].strip() for s in sentences(text, frozenset(abbreviations))]


def test_a_wrapped_line_goes_on_in_the_next() -> None:
    text = "Visiret er ikke prøvd etter EN 166 ennå, men det er bestilt og laboratoriet\nhar lovet oss plass i køen.\n"
    assert len(cut(text)) == 1


def test_list_items_and_table_rows_stand_alone() -> None:
    assert cut("- EN 149\n- CE\nHansker\tEN 455\nBriller\tEN 166\n") == [
        "- EN 149",
        "- CE",
        "Hansker\tEN 455",
        "Briller\tEN 166",
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert cut("Merket iht. EN 149. Klar.", "iht") == ["Merket iht. EN 149.", "Klar."]


def test_a_full_stop_before_a_number_ends_no_sentence() -> None:
    assert cut("kontrollorgan nr. 0158") == ["kontrollorgan nr. 0158"]


def test_a_question_is_known_by_its_mark() -> None:
    assert [sentence.asks for sentence in sentences("Må vi ha CE? Vi har CE.")] == [True, False]


def test_a_list_is_led_by_the_line_that_ends_in_a_colon() -> None:
    text = "Dere krever:\n\n- EN 149\n- CE\n\nVi har dem.\n"
    assert [sentence.lead for sentence in sentences(text)] == [None, 0, 0, None]


def test_lines_without_bullets_are_led_up_to_the_next_blank_line() -> None:
    assert [sentence.lead for sentence in sentences("Krav:\nEN 149\nCE\n\nTilbud\n")] == [None, 0, 0, None]


def test_the_sentences_lie_in_order_within_the_text() -> None:
    text = "A. B! C?\n\n- d\n  e\n" * 20
    found = sentences(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    assert all(0 <= sentence.start < sentence.end <= len(text) for sentence in found)

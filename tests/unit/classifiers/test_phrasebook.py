"""Phrases found in the words of a text."""

from random import Random

from classifiers.phrasebook import Hit, Phrasebook

ROWS = [[["a"]], [["a", "b"], ["c"]], [["b", "a", "b"]], [["d", "x", "d"]], [["a", "b"]]]
SEED = 7


def _one_by_one(words: list[str]) -> list[Hit]:
    found = {
        Hit(number, at, at + len(phrase))
        for number, phrases in enumerate(ROWS)
        for phrase in phrases
        for at in range(len(words))
        if words[at : at + len(phrase)] == phrase
    }
    return sorted(found, key=lambda hit: (hit.start, hit.end, hit.row))


def test_a_book_finds_what_a_search_for_each_phrase_at_each_word_finds() -> None:
    book, random = Phrasebook(ROWS), Random(SEED)
    for _ in range(300):
        words = random.choices("abcdxyz", k=random.randrange(20))
        assert book.find(words) == _one_by_one(words)


def test_words_that_are_left_out_part_a_phrase() -> None:
    assert Phrasebook([[["a", "b"]], [["a"]], [["b", "c"]]]).find(["a", "y", "y", "b", "c"]) == [
        Hit(1, 0, 1),
        Hit(2, 3, 5),
    ]

"""Every row of data/products and every cue proves itself."""

from collections import Counter
from pathlib import Path

import pytest

from classifiers.lexicon import compiled
from classifiers.products import find_products
from classifiers.words import forms
from models.mail import Segment, SegmentKind
from models.reading import Passage, Stance, Where
from triage.adapters.knowledge import judging, products
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.errors import KnowledgeError
from triage.resources import root

KNOWLEDGE = products.load(root())
LANGUAGES = sorted({language for phrase in KNOWLEDGE.phrases for language in phrase.languages})


def categories_in(text: str, language: str) -> set[str]:
    return set(stances_in(text, language))


def stances_in(text: str, language: str) -> dict[str, Stance]:
    passage = Passage(where=Where.BODY, text=text, segments=(Segment(kind=SegmentKind.NEW, start=0, end=len(text)),))
    return {one.category: one.stance for one in find_products((passage,), language, KNOWLEDGE)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_is_found_where_it_stands_alone(language: str) -> None:
    missed = [
        f"{phrase.id}: {text}"
        for phrase in KNOWLEDGE.phrases
        if language in phrase.languages and phrase.categories
        for text in phrase.variants
        if phrase.categories[0] not in categories_in(text, language)
    ]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_that_is_no_product_is_none(language: str) -> None:
    found = {
        f"{phrase.id}: {text}": categories_in(text, language)
        for phrase in KNOWLEDGE.phrases
        if language in phrase.languages and not phrase.categories
        for text in phrase.variants
        if categories_in(text, language)
    }
    assert found == {}


def test_examples_are_found_and_counter_examples_are_not() -> None:
    wrong = []
    for phrase in KNOWLEDGE.phrases:
        language = phrase.languages[0]
        if phrase.example and not set(phrase.categories) & categories_in(phrase.example, language):
            wrong.append(phrase.example)
        if phrase.counter_example and set(phrase.categories) & categories_in(phrase.counter_example, language):
            wrong.append(phrase.counter_example)
    assert wrong == []


def test_each_row_has_a_source() -> None:
    assert [phrase.id for phrase in KNOWLEDGE.phrases if not phrase.source] == []


def test_no_phrase_stands_for_two_categories_in_one_language() -> None:
    seen: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    doubled = []
    for phrase in KNOWLEDGE.phrases:
        for language in phrase.languages:
            for text in phrase.variants:
                known = seen.setdefault((language, forms(text)), phrase.categories)
                if known != phrase.categories:
                    doubled.append((language, text, known, phrase.categories))
    assert doubled == []


def test_each_cue_and_sign_has_words() -> None:
    knowledge = judging.load(root())
    assert [cue.text for cue in KNOWLEDGE.cues if not forms(cue.text)] == []
    assert [sign.text for sign in knowledge.signs if not forms(sign.text)] == []


def test_no_phrase_is_twice_a_sign_of_one_kind_in_one_language() -> None:
    signs = Counter((sign.language, sign.kind, forms(sign.text)) for sign in judging.load(root()).signs)
    assert [one for one, count in signs.items() if count > 1] == []


def test_every_intent_and_category_is_taught_and_no_text_twice() -> None:
    knowledge = judging.load(root())
    assert {one.intent for one in knowledge.taught} == {one.id for one in knowledge.intents}
    assert {label for one in knowledge.taught for label in one.categories} == {one.id for one in knowledge.categories}
    texts = Counter(one.text or one.subject for one in knowledge.taught)
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("path", products.stance_files(root()), ids=lambda path: path.parent.name)
def test_each_language_speaks_of_products_as_its_examples_say(path: Path) -> None:
    examples = read_toml(path, products.StanceFile).examples
    assert examples
    for example in examples:
        assert stances_in(example.text, path.parent.name) == example.products, example.text


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "en", "de"])
def test_each_language_has_cues_of_every_stance(language: str) -> None:
    assert {cue.stance.value for cue in KNOWLEDGE.cues if cue.language == language} == {
        "offered",
        "needed",
        "mentioned",
        "denied",
    }


def test_every_language_compiles() -> None:
    for language in (*LANGUAGES, "xx", ""):
        assert compiled(KNOWLEDGE, language).phrases


def test_categories_and_intents_have_names_in_both_languages() -> None:
    knowledge = judging.load(root())
    for one in (*knowledge.categories, *knowledge.intents):
        assert {language for language, _ in one.names} == {"nb", "en"}, one.id


class _Any(Row):
    name: str


def test_a_faulty_file_names_file_key_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('name = 3\nunknown = "x"\n', encoding="utf-8")
    (tmp_path / "bad.csv").write_text("name,other\na,b\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"bad\.toml"):
        read_toml(tmp_path / "bad.toml", _Any)
    with pytest.raises(KnowledgeError, match=r"bad\.csv.*line 2"):
        read_csv(tmp_path / "bad.csv", _Any)

"""Whatever looks for words takes the time of its text: phrase books, and the readers that build on them (C05)."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import pytest

from classifiers.claims import find_claims
from classifiers.identity import find_supplier
from classifiers.language import detect
from classifiers.offers import read_offer
from classifiers.phrasebook import Phrasebook
from classifiers.products import find_products
from models.mail import Address, ParsedMail
from models.reading import Passage, Where
from tests.e2e.hostile.compiling import ROOT
from tests.e2e.hostile.growth import FULL, SHORT, outgrows
from triage.bootstrap import knowledge
from triage.stages.hearing import hear
from triage.stages.passages import passages
from triage.stages.separate import separate

LANGUAGES = sorted(path.name for path in (ROOT / "data" / "languages").iterdir())
HOME = "classifiers/phrasebook.py"
ATOMS = [
    *(
        "CE ",
        "ikke CE ",
        "CE ikke ",
        "EN 149, ",
        "FFP2/",
        "CE og ",
        "CE?\n",
        "CE:\n",
        "\n- CE ",
        "(CE ",
        "CE) ",
        "CE\t",
    ),
    *(
        "CE. ",
        "CE men ikke på ",
        "ikke CE ennå ",
        "dere krever:\n",
        "under arbeid ",
        "a:\n",
        "> CE\n",
        "ja ",
        ". ",
        "\n",
    ),
    *("1 ", "12 stk ", "kr 2,50 ", "hansker ", "vi har ikke hansker ", "hilsen\n", "A ", "口罩", " | ", "a@b.no "),
    *("vi er Aa ", "Aa kommune, ", "Co., ", "有限公司", "Org.nr "),
]
Rows = list[list[tuple[str, ...]]]


def mail(text: str) -> ParsedMail:
    sender = Address(name="Kari Vik", address="kari@vikimport.example")
    return ParsedMail(
        subject="", from_=(sender,), to=(), cc=(), reply_to=(), date=None, received=None, message_id="", in_reply_to=(),
        references=(), return_path=None, content_type="", headers=(), text=text, hidden_text="", attachments=(),
        nested=(), defects=(),
    )  # fmt: skip


def body(text: str) -> tuple[Passage, ...]:
    given = mail(text)
    found = passages(given, separate(given, knowledge().separation))
    return tuple(one for one in found if one.where is Where.BODY)


def claims(text: str) -> object:
    texts = body(text)
    return find_claims(texts, "nb", find_products(texts, "nb", knowledge().products), knowledge().claims)


def offer_lines(text: str) -> object:
    texts = body(text)
    return read_offer(texts, "nb", find_products(texts, "nb", knowledge().products), knowledge().offers).lines


def supplier(text: str) -> object:
    given = mail(text)
    return find_supplier(given, separate(given, knowledge().separation), "nb", knowledge().identity)


READERS: dict[str, Callable[[str], object]] = {
    "claims": claims,
    "offer lines": offer_lines,
    "supplier": supplier,
    "language": lambda text: detect(text, "nb", knowledge().language),
    "rules": lambda text: list(hear(text, 0, len(text), knowledge().rules)),
}


def letters(read: Callable[[str], object], atom: str, count: int) -> None:
    read((atom * count)[:count])


@pytest.mark.parametrize("name", READERS)
def test_doubling_a_text_at_most_triples_its_reading(name: str) -> None:
    work = {atom: partial(letters, READERS[name], atom) for atom in ATOMS}
    READERS[name]("CE")
    assert [atom for atom, reading in work.items() if outgrows(reading, SHORT) and outgrows(reading, FULL)] == []


def books(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Phrasebook, Rows]]:
    """Every phrase book that reading in all languages makes, with its phrases."""
    made: list[tuple[Phrasebook, Rows]] = []
    begin = Phrasebook.__init__

    def noting(book: Phrasebook, rows: Iterable[Iterable[Sequence[str]]]) -> None:
        kept = [[tuple(phrase) for phrase in variants] for variants in rows]
        begin(book, kept)
        made.append((book, kept))

    monkeypatch.setattr(Phrasebook, "__init__", noting)
    knowledge.cache_clear()
    for language in LANGUAGES:
        texts = (Passage(where=Where.BODY, text="FFP2, EN 149", segments=()),)
        products = find_products(texts, language, knowledge().products)
        find_claims(texts, language, products, knowledge().claims)
    monkeypatch.undo()
    return made


def phrases_to_repeat(rows: Rows) -> Iterator[list[str]]:
    """The longest phrase, all of it but its end, all words one after the other, and the commonest first word."""
    phrases = [phrase for variants in rows for phrase in variants if phrase]
    longest = max(phrases, key=len)
    yield list(longest)
    yield list(longest[:-1]) or list(longest)
    yield [word for phrase in phrases for word in phrase]
    firsts = [phrase[0] for phrase in phrases]
    yield [max(set(firsts), key=firsts.count)]


def test_doubling_what_a_phrase_book_reads_at_most_triples_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    made = books(monkeypatch)
    assert len(made) >= len(LANGUAGES) + len({"products", "stances", "cues"})  # those are shared
    for book, rows in made:
        for atom in phrases_to_repeat(rows):
            finding = partial(_find, book, atom)
            assert not (outgrows(finding, SHORT) and outgrows(finding, FULL)), atom[:10]


def _find(book: Phrasebook, atom: list[str], words: int) -> None:
    book.find((atom * (words // len(atom) + 1))[:words])


def test_words_are_looked_for_by_phrase_books_alone() -> None:
    """A matcher of spaCy's anywhere else would not be tried above."""
    elsewhere = [
        str(path.relative_to(ROOT))
        for package in ("models", "classifiers", "triage")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("spacy.matcher")
    ]
    assert set(elsewhere) == {HOME}

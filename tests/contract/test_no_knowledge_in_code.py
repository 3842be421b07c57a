"""Knowledge is data: no rule id, standard code, cue or product phrase of data/ stands in the code."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.literals import Literal, Terms, knowledge_in, read_code, read_terms

MONTHS = ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# (word, start of the file's path): why it may stand there
ALLOWED = {
    ("auto-submitted", "triage/"): "field of RFC 3834",
    ("x-auto-response-suppress", "triage/"): "field that Exchange reads",
    ("list-id", "triage/"): "field of RFC 2919",
    ("list-unsubscribe", "triage/"): "field of RFC 2369",
    ("precedence", "triage/"): "field of old list mail",
    **{(month, "triage/demo/imap_wire.py"): "month of RFC 9051" for month in MONTHS},
    ("class", "triage/stages/mime/html_hidden.py"): "attribute of HTML",
    ("color", "triage/stages/mime/html_hidden.py"): "property of CSS",
    ("nor", "triage/adapters/documents/ocr.py"): "Tesseract's name of Norwegian",
    ("bounce", "models/mail.py"): "a ScreeningKind, which is of the same name as the intent",
    (
        "lookalike_domain",
        "triage/stages/computed.py",
    ): "a fact that code computes; its sign has its name",
    ("other", "triage/adapters/knowledge/ranking.py"): "the row of rank.toml that must be there",
    ("offer", "triage/web/case_view.py"): "a kind of mark, and its colour in CSS",
    ("staff", "triage/adapters/store/learning.py"): "the source of a label",
    ("ppe", "triage/stages/conditions.py"): "what a notified body may be notified for",
    ("warn", "triage/commands/operating.py"): "how a line of `triage check` begins",
    ("procurement", "triage/commands/"): "a role of an account",
    ("web", "triage/commands/running.py"): "a field of what `triage serve --json` prints",
    ("web", "triage/demo/people.py"): "a word that letters of the demo ask for",
    ("offer", "classifiers/scoring.py"): "the form of the labels: what is scored of offers only",
    ("donation", "classifiers/scoring.py"): "the form of the labels, as above",
}


@dataclass(frozen=True, slots=True)
class Code:
    """The code of the checkout and what data/ says, read once."""

    literals: list[Literal]
    names: frozenset[str]
    terms: Terms

    def found(self) -> list[tuple[str, str]]:
        return list(knowledge_in(self.literals, self.names, self.terms))


@pytest.fixture(scope="module")
def code(checkout: Path) -> Code:
    literals, names = read_code(checkout)
    return Code(literals, names, read_terms(checkout / "data"))


def allowed(term: str, place: str) -> bool:
    return any(term == word and place.startswith(start) for word, start in ALLOWED)


def test_no_knowledge_stands_in_code(code: Code) -> None:
    assert [f"{term!r} in {place}" for term, place in code.found() if not allowed(term, place)] == []


def test_each_exception_is_needed(code: Code) -> None:
    met = code.found()
    unneeded = [
        (word, start) for word, start in ALLOWED if not any(t == word and place.startswith(start) for t, place in met)
    ]
    assert unneeded == []


@pytest.mark.parametrize(
    "planted",
    [
        'STANDARD = "EN 149"',
        'def is_mask(text: str) -> bool:\n    return "FFP2" in text',
        'PATTERN = r"(?i)EN 14683 type II"',
        'if language == "nb":\n    pass',
        'WORDS = ("munnbind", "hansker")',
        'CUE = "we do not have"',
    ],
)
def test_planted_knowledge_is_found(code: Code, tmp_path: Path, planted: str) -> None:
    (tmp_path / "classifiers").mkdir()
    (tmp_path / "classifiers" / "planted.py").write_text(f'"""Planted."""\n{planted}\n', encoding="utf-8")
    literals, names = read_code(tmp_path)
    assert list(knowledge_in(literals, names, code.terms))


def test_a_docstring_may_speak_of_knowledge(code: Code, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "fine.py").write_text('"""As EN 149 says."""\n', encoding="utf-8")
    literals, names = read_code(tmp_path)
    assert list(knowledge_in(literals, names, code.terms)) == []


def test_every_id_of_the_data_is_found(code: Code) -> None:
    assert code.terms.ids
    literals = [Literal(name, "here") for name in code.terms.ids]
    found = {term for term, _ in knowledge_in(literals, frozenset(code.terms.ids), code.terms)}
    assert found >= set(code.terms.ids)

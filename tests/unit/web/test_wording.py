import re
import tomllib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from models.assessment import ProofState, Severity
from models.case import CaseState
from models.mail import ScreeningKind, SegmentKind
from models.reading import Polarity, Where
from models.reply import OutboxState, ReplyKind
from tests.unit.web.asking import words
from triage.adapters import apart, documents
from triage.adapters.documents import kinds, office
from triage.adapters.knowledge import wording
from triage.errors import KnowledgeError
from triage.resources import root
from triage.stages.mime import sealed
from triage.web.pages import cause, cause_key

LANGUAGES = wording.load(root()).languages
CODES = {
    "states": CaseState,
    "outbox": OutboxState,
    "polarities": Polarity,
    "proofs": ProofState,
    "severities": Severity,
    "segments": SegmentKind,
    "screenings": ScreeningKind,
    "places": Where,
    "replies": ReplyKind,
}
NAMES_OF_METHODS = set(dir({}))


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda one: one.language)
def test_every_code_has_its_wording(spoken: wording.Wording) -> None:
    for section, codes in CODES.items():
        assert {one.value for one in codes} == set(spoken.sections[section]), section


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda one: one.language)
def test_every_rule_that_withholds_a_reply_has_its_wording(spoken: wording.Wording) -> None:
    files = (("screening", "rule"), ("receipts", "withhold"))
    tables = {name: tomllib.loads((root() / "data" / f"{name}.toml").read_text("utf-8"))[rows] for name, rows in files}
    assert {row["id"] for rows in tables.values() for row in rows} == set(spoken.sections["withheld"])


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda one: one.language)
def test_every_risk_sign_and_missing_field_has_its_name(spoken: wording.Wording) -> None:
    signs = tomllib.loads((root() / "data" / "risk_signs.toml").read_text("utf-8"))["sign"]
    missing = tomllib.loads((root() / "data" / "missing.toml").read_text("utf-8"))["order"]
    assert {one["code"] for one in signs} <= set(spoken.sections["risk"])
    assert set(missing) == set(spoken.sections["missing"])


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda one: one.language)
def test_no_key_hides_behind_a_method_of_a_mapping(spoken: wording.Wording) -> None:
    assert not {key for section in spoken.sections.values() for key in section} & NAMES_OF_METHODS


def test_languages_fill_in_the_same_places() -> None:
    import string

    def places(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}

    first, *others = LANGUAGES
    for other in others:
        for section, entries in first.sections.items():
            for key, text in entries.items():
                assert places(text) == places(other.sections[section][key]), f"{other.language} {section}.{key}"


def resources(tmp_path: Path, nb: str, en: str, categories: str = "categories = []") -> Path:
    texts = tmp_path / "data" / "texts"
    texts.mkdir(parents=True)
    for language, order, body in (("nb", 1, nb), ("en", 2, en)):
        head = f'name = "{language}"\norder = {order}\ntags = ["{language}"]\n'
        (texts / f"{language}.toml").write_text(head + body, encoding="utf-8")
    for name, rows in (("categories", categories), ("intents", "intents = []")):
        (tmp_path / "data" / f"{name}.toml").write_text(f'source = "t"\n{rows}\n', encoding="utf-8")
    return tmp_path


def test_a_wording_that_a_language_lacks_stops_the_start(tmp_path: Path) -> None:
    place = resources(tmp_path, '[sections.a]\nb = "x"\nc = "y"\n', '[sections.a]\nb = "x"\n')
    with pytest.raises(KnowledgeError, match=r"en\.toml: sections\.a\.c: is missing"):
        wording.load(place)


def test_a_wording_that_nothing_asks_for_stops_the_start(tmp_path: Path) -> None:
    place = resources(tmp_path, '[sections.a]\nb = "x"\n', '[sections.a]\nb = "x"\nd = "y"\n')
    with pytest.raises(KnowledgeError, match=r"en\.toml: sections\.a\.d: is not in nb\.toml"):
        wording.load(place)


def test_a_category_without_a_name_in_a_language_stops_the_start(tmp_path: Path) -> None:
    names = '[[categories]]\nid = "gown"\nname = { nb = "Frakk" }'
    place = resources(tmp_path, '[sections.a]\nb = "x"\n', '[sections.a]\nb = "x"\n', names)
    with pytest.raises(KnowledgeError, match=r"categories\.toml: gown\.name: has no name in en"):
        wording.load(place)


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "nb"),
        ({"accept-language": "en-GB,en;q=0.9"}, "en"),
        ({"accept-language": "nn-NO,en;q=0.5"}, "nb"),
        ({"accept-language": "fr,de"}, "nb"),
        ({"accept-language": ";;;,,,q=" + "x" * 9000}, "nb"),
        ({"accept-language": "nb", "cookie": "triage-language=en"}, "en"),
        ({"cookie": "triage-language=xx"}, "nb"),
    ],
)
def test_the_page_speaks_as_the_reader_asks(anonymous: TestClient, headers: dict[str, str], language: str) -> None:
    assert f'<html lang="{language}"' in anonymous.get("/sign-in", headers=headers).text


def test_the_switch_is_remembered(asking: TestClient) -> None:
    assert '<html lang="en"' in asking.get("/queue?lang=en&category=gown").text
    page = asking.get("/cases/1")
    assert '<html lang="en"' in page.text
    assert "Respirators are what is missing most" in words(page)
    assert "Åndedrettsvern er det som mangler mest" in words(asking.get("/cases/1?lang=nb"))


def test_faults_speak_the_readers_language(asking: TestClient) -> None:
    assert "Feil 404 Siden finnes ikke." in words(asking.get("/cases/999"))
    assert "<title>Feil 404" in asking.get("/cases/999").text
    assert "There is no such page." in words(asking.get("/cases/999?lang=en"))


def causes(checkout: Path) -> set[str]:
    """What the readers of attachments say of those that they cannot read, a number in it as 1."""
    lines = [
        line
        for path in (checkout / "triage/adapters/documents").glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "unread" in line
    ]
    written = {found for line in lines for found in re.findall(r'"([a-z][^"]* [^"]+)"', line, re.IGNORECASE)}
    unopened = {kinds.not_read(kind) for kind in kinds.Kind if kind not in documents._READERS}
    bare = {re.sub(r"\{[^}]*\}", "1", one.partition(" ({")[0]) for one in written}
    return bare | unopened | {apart.TOO_LONG, apart.TOO_MUCH, apart.BROKEN, office.TOO_MUCH, sealed.ENCRYPTED}


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda one: one.language)
def test_every_cause_for_which_an_attachment_is_not_read_has_its_wording(
    spoken: wording.Wording, checkout: Path
) -> None:
    assert {cause_key(one) for one in causes(checkout)} <= set(spoken.sections["causes"])


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("damaged or protected (BadZipFile)", "skadet eller beskyttet."),
        ("only the first 100 files were opened", "bare de første 100 filene er åpnet."),
        ("holds no text (pictures only?)", "inneholder ingen tekst (bare bilder?)."),
        ("new <b>words</b>", '<span lang="en"><bdi>new &lt;b&gt;words&lt;/b&gt;</bdi></span>'),
    ],
)
def test_why_an_attachment_is_not_read_is_said_in_the_language_of_the_page(kept: str, shown: str) -> None:
    [norwegian] = [one for one in LANGUAGES if one.language == "nb"]
    assert str(cause(kept, norwegian.sections["causes"])) == shown

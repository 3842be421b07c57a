"""Product phrases in their context."""

from time import process_time

import pytest

from classifiers.products import find_products
from models.mail import Segment, SegmentKind
from models.reading import Passage, ProductMention, Where
from triage.adapters.knowledge.products import load
from triage.resources import root

KNOWLEDGE = load(root())


def body(text: str, kind: SegmentKind = SegmentKind.NEW) -> tuple[Passage, ...]:
    return (Passage(where=Where.BODY, text=text, segments=(Segment(kind=kind, start=0, end=len(text)),)),)


def mentions(text: str, language: str = "nb", kind: SegmentKind = SegmentKind.NEW) -> tuple[ProductMention, ...]:
    return find_products(body(text, kind), language, KNOWLEDGE)


def stances(text: str, language: str = "nb", kind: SegmentKind = SegmentKind.NEW) -> set[tuple[str, str]]:
    return {(one.category, one.stance.value) for one in mentions(text, language, kind)}


@pytest.mark.parametrize(
    ("language", "category"), [("nb", "medical_device"), ("sv", "medical_device"), ("en", "respirator")]
)
def test_a_false_friend_means_what_it_means_in_the_language_of_the_mail(language: str, category: str) -> None:
    assert {one.category for one in mentions("Respirator", language)} == {category}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("engangsfrakkene", "gown"),
        ("nitrilundersøkelseshansker", "gloves"),
        ("smittevernsbriller og vernebrillene", "eye_protection"),
        ("Nitril-hansker", "gloves"),
        ("KN-95", "respirator"),
        ("KN 95", "respirator"),
        ("ffp3", "respirator"),
        ("plastforklær", "gown"),
    ],
)
def test_compounds_inflections_and_hyphens_are_the_same_product(text: str, category: str) -> None:
    assert category in {one.category for one in mentions(text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Vi selger skibriller, solbriller og hårmasker."),
        ("en", "Our software offers face mask detection for airports."),
        ("en", "Ski goggles, boxing gloves and evening gowns"),
        ("nb", "takventilator og stresstest"),
        ("nb", "vaskemaskin og symaskiner, ordrekontrakt og firmaattest"),
    ],
)
def test_what_only_looks_like_a_product_of_ours_is_none(language: str, text: str) -> None:
    assert not {one.category for one in mentions(text, language)} & {
        "eye_protection",
        "medical_mask",
        "gown",
        "gloves",
        "testing",
        "medical_device",
    }


def test_an_ambiguous_mask_is_of_the_kind_that_stands_nearest() -> None:
    assert stances("Vi har FFP2 på lager. Maskene er sertifiserte.") == {("respirator", "offered")}
    assert stances("Vi har masker på lager.") == {("medical_mask", "offered")}


def test_an_ambiguous_mask_is_of_the_kind_that_the_rest_of_the_mail_names() -> None:
    subject = Passage(
        where=Where.SUBJECT, text="Masker", segments=(Segment(kind=SegmentKind.NEW, start=0, end=len("Masker")),)
    )
    found = find_products((subject, *body("Tre esker FFP2 fra 2016.")), "nb", KNOWLEDGE)
    assert [one.category for one in found] == ["respirator", "respirator"]


def test_a_kind_that_is_denied_says_nothing_of_an_ambiguous_mask() -> None:
    assert stances("Vi har masker på lager. Vi selger ikke FFP2.") == {
        ("medical_mask", "offered"),
        ("respirator", "denied"),
    }


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nb", "Vi kan levere visir, men vi har ikke frakker.", {("eye_protection", "offered"), ("gown", "denied")}),
        ("nb", "Vi har behov for smittefrakker.", {("gown", "needed")}),
        ("en", "We need gowns urgently.", {("gown", "needed")}),
        ("en", "We offer gloves, but we have no gowns.", {("gloves", "offered"), ("gown", "denied")}),
        ("sv", "Vi kan erbjuda handskar. Visir har vi inte.", {("gloves", "offered"), ("eye_protection", "denied")}),
        ("de", "Wir benötigen Handschuhe.", {("gloves", "needed")}),
        ("da", "Vi mangler visirer.", {("eye_protection", "needed")}),
    ],
)
def test_the_nearest_cue_says_how_a_product_is_meant(language: str, text: str, expected: set[tuple[str, str]]) -> None:
    assert stances(text, language) == expected


def test_a_need_reaches_over_the_list_that_it_introduces() -> None:
    text = "Vi melder behov for:\n- 500 FFP2\n- 2000 smittefrakker\n- 300 visir"
    assert {stance for _, stance in stances(text)} == {"needed"}


def test_quoted_and_signed_products_are_merely_mentioned() -> None:
    for kind in (SegmentKind.QUOTATION, SegmentKind.SIGNATURE, SegmentKind.DISCLAIMER):
        assert stances("Vi tilbyr hansker", kind=kind) == {("gloves", "mentioned")}
        assert [one.quoted for one in mentions("Vi tilbyr hansker", kind=kind)] == [True]
    assert [one.quoted for one in mentions("Vi tilbyr hansker")] == [False]


def test_a_forwarded_offer_is_read_as_the_suppliers_own() -> None:
    assert stances("Vi tilbyr hansker", kind=SegmentKind.FORWARDED) == {("gloves", "offered")}


def test_a_span_is_a_slice_of_its_text() -> None:
    text = "Hei!\n\nVi selger Nitril-hansker (200 esker) og KN95口罩, é smittefrakker.\n"
    for one in mentions(text):
        assert text[one.span.start : one.span.end] == one.span.text


def test_a_long_run_of_one_atom_takes_time_in_proportion() -> None:
    for atom in (
        "a",
        "maske ",
        "vi har ikke ",
        "hansker, ",
        "1",
        "\u00ad",
        "口罩",
        "vi har ikke hansker og masker FFP2 ",
        "(",
        "\n- ",
    ):
        spent = []
        for size in (8_000, 64_000):
            started = process_time()
            mentions(atom * (size // len(atom)))
            spent.append(process_time() - started)
        assert spent[1] < 24 * spent[0] + 1, atom  # eight times the text; a square law would take 64 times as long


@pytest.mark.parametrize(
    ("text", "leads", "counted"),
    [
        ("Vi tilbyr:\n- Visir, 500 stk\n", True, True),
        ("2) 3 000 visir\n", True, True),
        ("500 stk\tVisir\t30 kr\n", True, False),
        ("Visir\n500 stk", True, False),
        ("Vi kan også skaffe visir om dere vil.", False, False),
        ("Vi har nå 500 visir på lager.", False, True),
    ],
)
def test_a_mention_says_whether_it_begins_its_line_and_stands_beside_a_number(
    text: str, leads: bool, counted: bool
) -> None:
    assert [(one.leads, one.counted) for one in mentions(text)] == [(leads, counted)]

"""What is claimed, how it is meant, where it stands and which item it belongs to."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from classifiers.claims import MAX_LETTERS, find_claims
from models.knowledge.claims import ClaimKnowledge
from models.mail import Segment, SegmentKind
from models.reading import Claim, Passage, ProductMention, Span, Stance, Where
from triage.adapters.knowledge import claims

ROOT = Path(__file__).parents[3]


@cache
def knowledge() -> ClaimKnowledge:
    return claims.load(ROOT)


def body(text: str, *segments: tuple[SegmentKind, str]) -> Passage:
    """A body; `segments` name the kinds of its parts in order, else it is all new."""
    kinds = segments or ((SegmentKind.NEW, text),)
    covered, at = [], 0
    for kind, part in kinds:
        covered.append(Segment(kind=kind, start=at, end=at + len(part)))
        at += len(part)
    return Passage(where=Where.BODY, text=text, segments=tuple(covered))


def parts(*segments: tuple[SegmentKind, str]) -> Passage:
    return body("".join(part for _, part in segments), *segments)


def read(passage: Passage | str, language: str = "nb", *products: ProductMention) -> tuple[Claim, ...]:
    given = body(passage) if isinstance(passage, str) else passage
    return find_claims((given,), language, products, knowledge())


def said(text: Passage | str, language: str = "nb") -> set[tuple[str, str]]:
    return {(claim.code, claim.polarity.value) for claim in read(text, language)}


def product(text: str, word: str, category: str, stance: Stance = Stance.OFFERED) -> ProductMention:
    start = text.index(word)
    span = Span(where=Where.BODY, start=start, end=start + len(word), text=word)
    return ProductMention(category=category, stance=stance, span=span, phrase="test")


OFFER = (
    "Begge er testet etter EN 149:2001+A1:2009 og CE-merket, kontrollorgan 0158. EU-typeprøvingssertifikat og "
    "samsvarserklæring har vi liggende som pdf."
)


def test_an_offer_gives_all_its_claims() -> None:
    assert said(OFFER) == {
        ("EN 149", "asserted"),
        ("CE", "asserted"),
        ("NB 0158", "asserted"),
        ("EU type-examination", "asserted"),
        ("Declaration of Conformity", "asserted"),
    }


def test_a_document_named_in_words_is_found_by_the_phrase_matcher_alone() -> None:
    with_phrases = {claim.code for claim in read("Samsvarserklæringen er vedlagt.")}
    deaf = replace(knowledge(), writings=tuple(replace(row, phrases=()) for row in knowledge().writings))
    without = find_claims((body("Samsvarserklæringen er vedlagt."),), "nb", (), deaf)
    assert with_phrases == {"Declaration of Conformity"}
    assert without == ()


def test_a_cue_is_found_by_the_phrase_matcher_alone() -> None:
    deaf = replace(knowledge(), cues={"nb": replace(knowledge().cues["nb"], also=(), groups=())})
    text = "Frakken er ikke CE-merket."
    assert said(text) == {("CE", "denied")}
    assert [claim.polarity.value for claim in find_claims((body(text),), "nb", (), deaf)] == ["asserted"]


@pytest.mark.parametrize("text", [OFFER, "EN\n13795 – Type IIR", "【EN１４９】ＦＦＰ２", "Typ II‑R, NS–EN 14683"])
def test_a_span_is_the_very_slice_of_the_text(text: str) -> None:
    found = read(text)
    assert found
    assert all(text[claim.span.start : claim.span.end] == claim.span.text for claim in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EN\n13795", "EN 13795"),
        ("ＥＮ １４６８３", "EN 14683"),
        ("EN 149 og FFP\u20112", "FFP2"),
        ("F2100-19 Level\n2 mask", "ASTM Level 2"),
    ],
)
def test_line_breaks_and_wide_letters_do_not_hide_a_claim(text: str, code: str) -> None:
    assert code in {claim.code for claim in read(text)}


def test_a_number_that_is_a_year_is_no_notified_body() -> None:
    assert {claim.code for claim in read("CE 2020, siden 2019")} == {"CE"}


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("nb", "CE-merkingen er under arbeid, EN 14126 er ikke testet.", {("CE", "pending"), ("EN 14126", "denied")}),
        ("nb", "Visiret er ikke prøvd etter EN 166 ennå, men det er bestilt.", {("EN 166", "pending")}),
        ("nb", "Frakken er ikke CE-merket. Søknad er sendt.", {("CE", "pending")}),
        ("nb", "Frakken er ikke CE-merket. Vi har 400 på lager.", {("CE", "denied")}),
        ("nn", "ikkje CE-merkt og ikkje prøvd etter EN 14683", {("CE", "denied"), ("EN 14683", "denied")}),
        ("sv", "Provning mot EN 14126 pågår, rocken är CE-märkt", {("EN 14126", "pending"), ("CE", "asserted")}),
        ("da", "Kitlerne er CE-mærket, men ikke testet efter EN 14126", {("CE", "asserted"), ("EN 14126", "denied")}),
        ("de", "Akzeptieren Sie KN95-Masken nach GB 2626?", {("KN95", "quoted"), ("GB 2626", "quoted")}),
        ("en", "KN95 = FFP2", {("KN95", "asserted"), ("FFP2", "asserted")}),
        (
            "en",
            "CE is coming, but is not there yet. Our plant is ISO 9001 certified.",
            {("CE", "pending"), ("ISO 9001", "asserted")},
        ),
        (
            "nb",
            "Maskene er ikke bare CE-merket, de er testet etter EN 149.",
            {("CE", "asserted"), ("EN 149", "asserted")},
        ),
        ("nb", "FFP2 fører vi ikke.", {("FFP2", "quoted")}),
    ],
)
def test_polarity_follows_the_cues_of_the_language(language: str, text: str, wanted: set[tuple[str, str]]) -> None:
    assert said(text, language) == wanted


def test_a_cue_does_not_reach_beyond_its_sentence() -> None:
    assert said("Munnbindene er ikke sterile. CE-merket.") == {("CE", "asserted")}


def test_the_buyers_pasted_requirements_are_quoted_and_the_offer_below_is_not() -> None:
    text = "Dere etterspør:\n- EN 149\n- CE-merking\n\nVi tilbyr:\n- FFP3, EN 149\n"
    assert said(text) == {("EN 149", "quoted"), ("CE", "quoted"), ("FFP3", "asserted"), ("EN 149", "asserted")}


def test_a_heading_with_a_cue_reaches_every_item_of_its_list() -> None:
    assert said("Vi har søkt om:\n- CE-merking\n- EN 14126\n") == {("CE", "pending"), ("EN 14126", "pending")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Maskinene er ikke CE-merket. Monitorene er derimot vanlige modeller med CE."),
        ("en", "The visors are not CE marked. The goggles are CE marked."),
        ("nb", "Brillene er CE-merket, visirene er det ikke."),
        ("en", "The goggles are CE marked while the visors are not."),
        ("sv", "Glasögonen är CE-märkta, visiren är det inte."),
        ("de", "Die Brillen sind CE-gekennzeichnet, die Visiere sind es nicht."),
        ("fr", "Les lunettes sont marquées CE, les visières ne le sont pas."),
    ],
)
def test_a_code_asserted_of_one_item_and_denied_of_another_is_both(language: str, text: str) -> None:
    assert said(text, language) == {("CE", "denied"), ("CE", "asserted")}


def test_what_is_denied_of_another_item_belongs_to_that_item() -> None:
    text = "CE på brillene, men ikke på frakkene."
    products = (product(text, "brillene", "eye_protection"), product(text, "frakkene", "gown"))
    assert [(one.polarity.value, one.category) for one in read(text, "nb", *products)] == [
        ("asserted", "eye_protection"),
        ("denied", "gown"),
    ]


def test_a_cue_in_brackets_speaks_of_what_stands_before_them() -> None:
    assert said("CE (under arbeid), ISO 9001") == {("CE", "pending"), ("ISO 9001", "asserted")}


def test_a_cue_speaks_of_a_whole_list() -> None:
    text = "EN 149:2001+A1:2009, EN 14683:2019+AC:2019 og CE mangler"
    assert said(text) == {("EN 149", "denied"), ("EN 14683", "denied"), ("CE", "denied")}


def test_what_follows_a_label_speaks_of_that() -> None:
    assert said("CE 0598\nEN 14126: ikke testet") == {
        ("CE", "asserted"),
        ("NB 0598", "asserted"),
        ("EN 14126", "denied"),
    }


def test_a_cell_of_a_table_turns_nothing_in_the_next() -> None:
    assert said("Overall, ikke teipet\tEN 14126\tCE") == {("EN 14126", "asserted"), ("CE", "asserted")}


def test_what_is_not_yet_so_is_pending_beside_a_process() -> None:
    assert said("Prøvene er hos laboratoriet. Frakken er altså ikke CE-merket ennå.") == {("CE", "pending")}
    assert said("Frakken er ikke CE-merket ennå.") == {("CE", "denied")}


def test_what_stands_in_a_quotation_is_quoted() -> None:
    quoted = parts((SegmentKind.NEW, "Se under.\n"), (SegmentKind.QUOTATION, "> Maskene er CE-merket.\n"))
    assert said(quoted) == {("CE", "quoted")}


def test_the_line_below_a_quoted_requirement_answers_it() -> None:
    mail = parts(
        (SegmentKind.QUOTATION, "> 1) prøvingsrapport EN 166\n"),
        (SegmentKind.NEW, "\nVedlagt, kom i dag.\n\n"),
        (SegmentKind.QUOTATION, "> 2) signert samsvarserklæring\n"),
        (SegmentKind.NEW, "\nDen blir ferdig i morgen.\n"),
    )
    assert ("EN 166", "asserted") in said(mail)
    assert ("Declaration of Conformity", "pending") in said(mail)


def test_forwarded_mail_and_signatures_are_the_suppliers_own_words() -> None:
    mail = parts(
        (SegmentKind.FORWARDED, "Maskene er CE-merket.\n"), (SegmentKind.SIGNATURE, "Firma AS, ISO 13485 certified\n")
    )
    assert said(mail) == {("CE", "asserted"), ("ISO 13485", "asserted")}


def test_a_disclaimer_claims_nothing() -> None:
    assert read(parts((SegmentKind.DISCLAIMER, "Protected under GDPR."))) == ()


def test_a_code_stands_for_its_category() -> None:
    assert {claim.code: claim.category for claim in read("EN 14683, EN 149, ISO 13485")} == {
        "EN 14683": "medical_mask",
        "EN 149": "respirator",
        "ISO 13485": None,
    }


def test_a_mark_belongs_to_the_item_of_its_own_line() -> None:
    text = "Nitrilhansker\tCE\t100\nVernebriller\tCE 0196\t50\n"
    found = read(text, "nb", product(text, "Nitrilhansker", "gloves"), product(text, "Vernebriller", "eye_protection"))
    assert [(claim.code, claim.category) for claim in found] == [
        ("CE", "gloves"),
        ("CE", "eye_protection"),
        ("NB 0196", "eye_protection"),
    ]


def test_a_claim_is_told_once_for_each_polarity_and_item() -> None:
    assert len(read("EN 149. EN 149. EN 149.")) == 1


def test_a_code_beyond_the_agreed_list_is_marked() -> None:
    assert {claim.code: claim.extra for claim in read("GB 19082 og EN 14126")} == {"GB 19082": True, "EN 14126": False}


def test_a_keyword_two_hundred_times_is_one_claim() -> None:
    assert len(read("FFP3 " * 200)) == 1


def test_what_stands_behind_the_limit_is_not_read() -> None:
    assert read(" " * MAX_LETTERS + "EN 149") == ()


@pytest.mark.parametrize("language", ["nb", "zh", "xx", "", "tlh"])
def test_any_language_is_read(language: str) -> None:
    assert said("EN 149, CE 0598", language) == {("EN 149", "asserted"), ("CE", "asserted"), ("NB 0598", "asserted")}


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "\n\n\n", ":", "?", "İİ EN", "(" * 500])
def test_no_text_is_too_strange(text: str) -> None:
    read(text)


def test_a_passage_without_segments_is_new_text() -> None:
    assert len(find_claims((Passage(where=Where.SUBJECT, text="FFP2", segments=()),), "nb", (), knowledge())) == 1


def test_a_claim_knows_whether_it_is_asked_and_stands_twice_when_it_is_also_said() -> None:
    found = read("Interested in KN95? We make KN95 masks.", "en")
    assert [(claim.code, claim.asked) for claim in found] == [("KN95", True), ("KN95", False)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("EN 14126 coveralls next week.", {("EN 14126", "asserted")}),
        ("coveralls to EN 14126 expected next week.", {("EN 14126", "asserted")}),
        ("coveralls: EN 14126 expected next week.", {("EN 14126", "pending")}),
    ],
)
def test_what_is_said_of_the_delivery_of_goods_is_not_said_of_their_papers(
    text: str, wanted: set[tuple[str, str]]
) -> None:
    found = read(text, "en", product(text, "coveralls", "gown"))
    assert {(claim.code, claim.polarity.value) for claim in found} == wanted


def test_a_denial_behind_a_claim_needs_a_word_that_turns_to_it() -> None:
    assert said("CE-merke har frakken ikke.") == {("CE", "denied")}
    assert said("EN 13795: frakken er ikke prøvd.") == {("EN 13795", "denied")}
    assert said("EN 166-brillene dugger ikke.") == {("EN 166", "asserted")}


def test_a_matter_or_a_time_alone_says_nothing_and_both_say_that_a_claim_is_awaited() -> None:
    assert said("The results for EN 14126 are good.", "en") == {("EN 14126", "asserted")}
    assert said("EN 14126, collected on Thursday.", "en") == {("EN 14126", "asserted")}
    assert said("The results for EN 14126 should come on Thursday.", "en") == {("EN 14126", "pending")}


def test_a_lack_is_of_what_follows_it() -> None:
    assert said("Dessa är enligt GB 2626 och saknar CE.", "sv") == {("GB 2626", "asserted"), ("CE", "denied")}


def test_what_is_not_ours_is_denied_over_what_ends_other_cues() -> None:
    assert said("Rapport for EN 1500 finnes bare på originalen, ikke på denne varianten.") >= {("EN 1500", "denied")}

"""Offer lines of mails in several languages: one line for each item, each fact with its own item."""

from typing import Any

import pytest

from classifiers.offers import UNKNOWN_PACK_SIZE, UNNAMED, read_offer
from models.knowledge.offers import OfferKnowledge
from models.mail import Segment, SegmentKind
from models.reading import OfferLine, Passage, Where
from tests.unit.classifiers.offer_mails import lines_of, marked
from triage import resources
from triage.adapters.knowledge import offers

Line = tuple[Any, ...]
MAILS: list[tuple[str, str, list[Line]]] = [
    (
        "nb",
        (
            "Vi kan tilby:\n"
            "\n"
            "{medical_mask:Munnbind} type IIR: 120 000 stk, kr 4,20/stk, leveringstid 5 virkedager\n"
            "{gloves:Nitrilhansker}: 900 esker à 200 stk, kr 160 pr eske, på lager i Bergen\n"
            "{eye_protection:Vernebriller}: 3 500 stk, 89 kr"
        ),
        [
            ("medical_mask", 120000, "once", 4.2, "NOK", 7),
            ("gloves", 180000, "once", 160, "NOK", None),
            ("eye_protection", 3500, "once", 89, "NOK", None),
        ],
    ),
    (
        "nb",
        (
            "Vi har 2,5 millioner {medical_mask:munnbind} klare i Shenzhen og 300.000 "
            "{respirator:FFP2-masker}.  Levering 2-3 uker."
        ),
        [("medical_mask", 2500000, "once", None, None, 21), ("respirator", 300000, "once", None, None, 21)],
    ),
    (
        "nb",
        (
            "Fabrikken produserer 80 000 {gown:smittefrakker} i uka. Prisen er USD 4.15 FOB, minimum 10 000 "
            "stk. Levering innen 3 uker etter bestilling, betaling 30 dager netto."
        ),
        [("gown", 80000, "week", 4.15, "USD", 21)],
    ),
    (
        "nb",
        ("Vi kan skaffe {disinfectant:hånddesinfeksjon}, 20 000 liter umiddelbart, 1000 liters IBC, kr 59 per liter."),
        [("disinfectant", 20000, "once", 59, "NOK", 0)],
    ),
    (
        "nb",
        ("10 paller {gloves:hansker} står i Drammen. 60 esker per pall, 100 {gloves:hansker} i hver eske."),
        [("gloves", 60000, "once", None, None, None)],
    ),
    (
        "nb",
        ("Hei! Jeg har 4 esker {respirator:FFP3} (10 stk i hver eske) og 2 pakker {gloves:hansker} à 100."),
        [("respirator", 40, "once", None, None, None), ("gloves", 200, "once", None, None, None)],
    ),
    (
        "nn",
        "Vi har 600 {gown:smittefrakkar} på lager, 95 kr stykket, og kan levere på to dagar.",
        [("gown", 600, "once", 95, "NOK", 2)],
    ),
    (
        "nn",
        ("{medical_mask:Munnbind}: 50 øskjer med 50 stk. Kr 200 per øskje. Kan hentast når som helst."),
        [("medical_mask", 2500, "once", 200, "NOK", 0)],
    ),
    (
        "sv",
        ("Vi erbjuder {respirator:andningsskydd FFP2}, 100 000 st, pris 29:50 kr/st, leveranstid 2-3 veckor."),
        [("respirator", 100000, "once", 29.5, "SEK", 21)],
    ),
    (
        "sv",
        "{gloves:Nitrilhandskar} 5 000 askar (100 st/ask) 89 kr/ask. Leverans inom 5 arbetsdagar.",
        [("gloves", 500000, "once", 89, "SEK", 7)],
    ),
    (
        "sv",
        ("Kapacitet: 25 000 {eye_protection:visir} per vecka. Pris: 45 SEK exkl. moms. Minsta order 500 st."),
        [("eye_protection", 25000, "week", 45, "SEK", None)],
    ),
    (
        "sv",
        "Vi har ca 1,5 miljoner {medical_mask:munskydd} i lager i Malmö. Styckpris 3,90 kr.",
        [("medical_mask", 1500000, "once", 3.9, "SEK", None)],
    ),
    (
        "da",
        ("Vi kan levere 40.000 stk. {gown:overtrækskitler} pr. uge til 28,50 kr. pr. stk. Leveringstid 10 hverdage."),
        [("gown", 40000, "week", 28.5, "DKK", 14)],
    ),
    (
        "da",
        (
            "- {medical_mask:Mundbind} type II, 2.000 æsker a 50 stk., 95 kr. pr. æske\n"
            "- {gloves:Handsker}, 10.000 par, 1,10 kr. pr. par\n"
            "\n"
            "Levering dag til dag."
        ),
        [("medical_mask", 100000, "once", 95, "DKK", 1), ("gloves", 20000, "once", 1.1, "DKK", 1)],
    ),
    (
        "de",
        ("Wir bieten an: {respirator:FFP2-Masken}, 250.000 Stück, 2,35 EUR/Stück, Lieferzeit 10 Werktage."),
        [("respirator", 250000, "once", 2.35, "EUR", 14)],
    ),
    (
        "de",
        "{gown:Schutzkittel}: wöchentlich 20.000 Stk. zu je 3,80 €. Mindestabnahme 5.000 Stück.",
        [("gown", 20000, "week", 3.8, "EUR", None)],
    ),
    (
        "de",
        "1,2 Mio. {medical_mask:OP-Masken} sofort verfügbar, Preis 0,55 €/Stk. ab Lager München.",
        [("medical_mask", 1200000, "once", 0.55, "EUR", 0)],
    ),
    (
        "de",
        (
            "{gloves:Nitrilhandschuhe}\n"
            "Menge: 500 Kartons (je 10 Boxen à 100 Stück)\n"
            "Preis: 8,90 € pro Box\n"
            "Lieferung: 2 Wochen"
        ),
        [("gloves", 500000, "once", 8.9, "EUR", 14)],
    ),
    (
        "en",
        (
            "We can offer 2 million {medical_mask:3-ply masks} per week at USD 0.48/pc FOB Shanghai. Lead "
            "time: 7-10 days. MOQ 100k."
        ),
        [("medical_mask", 2000000, "week", 0.48, "USD", 10)],
    ),
    (
        "en",
        (
            "{respirator:KN95 masks}\n"
            "Quantity: 500,000 pcs\n"
            "Unit price: $1.95\n"
            "Delivery: 5 days after deposit\n"
            "Packing: 20 pcs/box, 50 boxes/ctn\n"
            "\n"
            "{eye_protection:Face shields}\n"
            "Quantity: 200,000 pcs\n"
            "Unit price: $0.89\n"
            "Delivery: 3 days"
        ),
        [("respirator", 500000, "once", 1.95, "USD", 5), ("eye_protection", 200000, "once", 0.89, "USD", 3)],
    ),
    (
        "en",
        (
            "Available ex stock Rotterdam: 3,000 cartons of {gloves:nitrile gloves} (1,000 pcs per carton) "
            "at EUR 65.00 per 1000."
        ),
        [("gloves", 3000000, "once", 65, "EUR", 0)],
    ),
    (
        "en",
        ("Our daily capacity is 150,000 {respirator:FFP2 respirators}; price EUR 2.10 each; we ship within 48 hours."),
        [("respirator", 150000, "day", 2.1, "EUR", 2)],
    ),
    (
        "en",
        "We have 30,000 pairs of {gloves:gloves}, price GBP 0.25 per pair, delivery in two weeks.",
        [("gloves", 60000, "once", 0.25, "GBP", 14)],
    ),
    (
        "en",
        (
            "We offer {testing:rapid tests}: 10,000 kits (25 tests/kit) at EUR 8.50 per test. Shelf life 24 "
            "months. Offer valid 7 days."
        ),
        [("testing", 250000, "once", 8.5, "EUR", None)],
    ),
    (
        "en",
        (
            "{gown:Isolation gowns} Level 2 - 40K pcs available now - USD 3.20\n"
            "{gown:Coveralls} - 15K pcs - USD 9.50\n"
            "{medical_mask:Surgical masks} type IIR - 1.5M pcs - USD 0.52"
        ),
        [
            ("gown", 40000, "once", 3.2, "USD", None),
            ("gown", 15000, "once", 9.5, "USD", None),
            ("medical_mask", 1500000, "once", 0.52, "USD", None),
        ],
    ),
    (
        "en",
        (
            "| Product | Qty (pcs) | Price EUR | Lead time |\n"
            "| {gown:Gown} | 10,000 | 4.50 | 2 weeks |\n"
            "| {gloves:Gloves} | 1,000,000 | 0.08 | 10 days |"
        ),
        [("gown", 10000, "once", 4.5, "EUR", 14), ("gloves", 1000000, "once", 0.08, "EUR", 10)],
    ),
    (
        "nb",
        (
            "Vare\tAntall esker\tStk pr eske\tPris pr eske\tLeveringstid\n"
            "{medical_mask:Munnbind}\t1 200\t50\t245,00\t2 uker\n"
            "{gloves:Hansker} S\t400\t100\t95,00\tlager\n"
            "{gloves:Hansker} M\t650\t100\t95,00\tlager\n"
            "Sum\t2 250"
        ),
        [
            ("medical_mask", 60000, "once", 245, "NOK", 14),
            ("gloves", 40000, "once", 95, "NOK", 0),
            ("gloves", 65000, "once", 95, "NOK", 0),
        ],
    ),
    (
        "en",
        (
            "We are a factory with 300 workers and 20 years of experience. We make {gown:gowns}. In 2019 we "
            "sold 5 million units to 12 countries."
        ),
        [("gown", None, None, None, None, None)],
    ),
    (
        "nb",
        (
            "Vi er 12 ansatte og har drevet siden 1998. Org.nr 923 609 016, tlf 22 33 44 55. Vi leverer "
            "{medical_mask:munnbind} etter EN 14683:2019."
        ),
        [("medical_mask", None, None, None, None, None)],
    ),
    (
        "en",
        (
            "MASKS: {medical_mask:surgical masks} 0.45 USD/pc for 100,000 pcs, 0.42 USD/pc for 1,000,000 "
            "pcs. Delivery 15 working days."
        ),
        [("medical_mask", None, None, 0.45, "USD", 21)],
    ),
    (
        "nb",
        ("Dessverre har vi ingen {-gloves:hansker}, men {gown:stellefrakker} har vi, 1500 stk til 40 kr stk."),
        [("gown", 1500, "once", 40, "NOK", None)],
    ),
    (
        "nb",
        "Vi trenger 5000 {?medical_mask:munnbind} og 200 {?gown:smittefrakker} innen fredag.",
        [("medical_mask", 5000, "once", None, None, None), ("gown", 200, "once", None, None, None)],
    ),
    (
        "zh",
        "您好，我们有{respirator:KN95口罩}现货100万只，单价 12.5元，交期：3天。",
        [("respirator", 1000000, "once", 12.5, "CNY", 3)],
    ),
    (
        "fr",
        ("Nous proposons 200 000 {medical_mask:masques chirurgicaux} à 0,60 € pièce, livraison sous 10 jours."),
        [("medical_mask", 200000, "once", 0.6, "EUR", 10)],
    ),
    (
        "nb",
        (
            "Vi selger {medical_device:sengeelevatorer}, 45 stk. Pris kr 12 500,- eks mva pr stk, frakt kr "
            "900. Klar for levering."
        ),
        [("medical_device", 45, "once", 12500, "NOK", 0)],
    ),
    (
        "en",
        (
            "For your information the {medical_mask:masks} come as 50 pcs/box, 40 boxes/carton. We have "
            "2,500 cartons in Hamburg, EUR 22.50 per box."
        ),
        [("medical_mask", 5000000, "once", 22.5, "EUR", None)],
    ),
    (
        "nb",
        ("Pris:\n{medical_mask:Munnbind} kr 4,90\n{respirator:FFP2} kr 39,00\n{gloves:Hansker} kr 0,95"),
        [
            ("medical_mask", None, None, 4.9, "NOK", None),
            ("respirator", None, None, 39, "NOK", None),
            ("gloves", None, None, 0.95, "NOK", None),
        ],
    ),
    (
        "nb",
        "{eye_protection:Visir}: 10.000/uke, 35 kr/stk. Første leveranse uke 15.",
        [("eye_protection", 10000, "week", 35, "NOK", None)],
    ),
    (
        "en",
        (
            "Price list:\n"
            "1. {medical_mask:Disposable mask}   USD0.38/pc   1 million/day\n"
            "2. {respirator:N95}   USD2.80/pc   100,000/day\n"
            "3. {gown:Protective suit}   USD11/pc   5000/day"
        ),
        [
            ("medical_mask", 1000000, "day", 0.38, "USD", None),
            ("respirator", 100000, "day", 2.8, "USD", None),
            ("gown", 5000, "day", 11, "USD", None),
        ],
    ),
    (
        "en",
        (
            "{gloves:Nitrile gloves}, powder free\n"
            "Qty: 2,500 ctns\n"
            "Packing: 10 boxes/ctn, 100 pcs/box\n"
            "Price: USD 6.80/box"
        ),
        [("gloves", 2500000, "once", 6.8, "USD", None)],
    ),
    (
        "en",
        (
            "We hold 1,200 boxes of {medical_mask:surgical masks}, each containing 50 {medical_mask:masks}, "
            "at £18 a box."
        ),
        [("medical_mask", 60000, "once", 18, "GBP", None)],
    ),
    (
        "en",
        "There are 40 pallets of {gown:aprons}; a pallet holds 24,000 pieces.",
        [("gown", 960000, "once", None, None, None)],
    ),
    ("en", "{gloves:Gloves}: 5000 dozen, USD 1.20 per dozen", [("gloves", 60000, "once", 1.2, "USD", None)]),
    ("en", "stock: 300 cases of {gloves:vinyl gloves} (case of 1,000)", [("gloves", 300000, "once", None, None, None)]),
    ("en", "I can supply half a million {respirator:N95 masks}.", [("respirator", 500000, "once", None, None, None)]),
    ("en", "Immediate: fifty thousand {respirator:FFP3}.", [("respirator", 50000, "once", None, None, None)]),
    (
        "en",
        "20 x 20ft containers of {gloves:gloves}, 1.2 million {gloves:gloves} each",
        [("gloves", 24000000, "once", None, None, None)],
    ),
    ("en", "{testing:Test kits}: 500 kits of 40 tests.", [("testing", 20000, "once", None, None, None)]),
    (
        "en",
        ("{medical_mask:Masks} in packs of 10, 5,000 packs available, €4.50/pack. 3-5 working days to Oslo."),
        [("medical_mask", 50000, "once", 4.5, "EUR", 7)],
    ),
    ("en", "{eye_protection:Goggles}: 60 ctn x 200 pcs", [("eye_protection", 12000, "once", None, None, None)]),
    (
        "sv",
        "{gloves:Handskar} 30 pallar, 90 kartonger/pall, 10 askar/kartong, 100 st/ask",
        [("gloves", 2700000, "once", None, None, None)],
    ),
    ("sv", "Vi kan erbjuda tjugo tusen {gown:skyddsrockar}.", [("gown", 20000, "once", None, None, None)]),
    (
        "nb",
        "{gloves:Hansker}: 12 paller à 80 kartonger à 10 esker à 100 stk",
        [("gloves", 960000, "once", None, None, None)],
    ),
    (
        "nb",
        "Et parti på 48 esker {medical_mask:munnbind} (50-pakning).",
        [("medical_mask", 2400, "once", None, None, None)],
    ),
    ("nb", "{respirator:Masker} i esker på 20, totalt 300 esker.", [("respirator", 6000, "once", None, None, None)]),
    (
        "nb",
        ("Produksjon ca. 15 000 pr dag av {eye_protection:visir}. Vi kan levere første parti om 3 dager."),
        [("eye_protection", 15000, "day", None, None, 3)],
    ),
    ("nb", "Kan levere innen 48 timer. {gown:Smittefrakker}, 2000 stk.", [("gown", 2000, "once", None, None, 2)]),
    (
        "nb",
        "Leveringstiden er for tiden ca. fire uker fra ordre. {gown:Frakker} 120 kr.",
        [("gown", None, None, 120, "NOK", 28)],
    ),
    ("nb", "{gown:Frakker} à kr 120,-. Leveres fra oss samme uke.", [("gown", None, None, 120, "NOK", None)]),
    (
        "de",
        ("Wir können 500.000 {medical_mask:Masken} liefern. Lieferzeit: ca. 3 Wochen. Preis auf Anfrage."),
        [("medical_mask", 500000, "once", None, None, 21)],
    ),
    (
        "de",
        ("Die Lieferung erfolgt innerhalb 48 Stunden. {respirator:FFP2 Masken}: 10.000 St. à 3,20 Euro"),
        [("respirator", 10000, "once", 3.2, "EUR", 2)],
    ),
    (
        "de",
        "{respirator:FFP3-Masken}, VE 20 Stück, 5.000 VE, 65,00 € je VE, sofort lieferbar",
        [("respirator", 100000, "once", 65, "EUR", 0)],
    ),
    (
        "nl",
        ("Wij hebben 20.000 {medical_mask:mondkapjes} op voorraad, prijs € 0,75 per stuk, levertijd 5 werkdagen."),
        [("medical_mask", 20000, "once", 0.75, "EUR", 7)],
    ),
    (
        "pl",
        "Oferujemy {respirator:maski FFP2} 100 000 szt., cena 2,90 EUR, dostawa 7 dni.",
        [("respirator", 100000, "once", 2.9, "EUR", 7)],
    ),
    (
        "en",
        (
            "Our offer:\n"
            "- {respirator:FFP2 mask} valve, EN 149, pack 10, 2.85 €\n"
            "- {respirator:FFP3 mask}, EN 149, pack 10, 4.10 €\n"
            "All ex stock, delivered within 3 days."
        ),
        [("respirator", None, None, 2.85, "EUR", 3), ("respirator", None, None, 4.1, "EUR", 3)],
    ),
    (
        "en",
        (
            "Delivery term: DAP Oslo. Time of delivery: 12 to 15 days upon receipt of PO. {gown:Gowns} "
            "20,000 pcs at 3.95 EUR"
        ),
        [("gown", 20000, "once", 3.95, "EUR", 15)],
    ),
    (
        "da",
        ("Vi har {gloves:handsker} på lager til omgående levering: 800 karton (á 1000 stk.), 0,62 kr./stk."),
        [("gloves", 800000, "once", 0.62, "DKK", 0)],
    ),
]


@pytest.fixture(scope="module")
def knowledge() -> OfferKnowledge:
    return offers.load(resources.root())


def _facts(lines: tuple[OfferLine, ...]) -> list[Line]:
    return [(one.category, one.quantity, one.per, one.price, one.currency, one.lead_time_days) for one in lines]


@pytest.mark.parametrize(("language", "text", "expected"), MAILS, ids=range(len(MAILS)))
def test_each_item_gets_its_own_quantity_price_and_time(
    language: str, text: str, expected: list[Line], knowledge: OfferKnowledge
) -> None:
    assert _facts(lines_of(text, language, knowledge)) == expected


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, text, _ in MAILS], ids=range(len(MAILS)))
def test_every_span_is_a_slice_of_its_passage(language: str, text: str, knowledge: OfferKnowledge) -> None:
    body, _ = marked(text, Where.BODY)
    for line in lines_of(text, language, knowledge):
        assert all(body.text[span.start : span.end] == span.text for _, span in line.spans)


def test_an_item_in_subject_body_and_sheet_is_one_line(knowledge: OfferKnowledge) -> None:
    lines = lines_of(
        "Vi tilbyr {gloves:hansker}, 20 000 stk. Leveres innen 5 dager.",
        "nb",
        knowledge,
        subject="20 000 {gloves:hansker}",
        attachment="Vare\tAntall\tPris pr stk NOK\n{gloves:Hansker} nitril\t20 000\t0,95",
    )
    assert _facts(lines) == [("gloves", 20000, "once", 0.95, "NOK", 5)]
    (line,) = lines
    assert dict(line.spans)["price"].where is Where.ATTACHMENT
    assert dict(line.spans)["quantity"].where is Where.BODY


def test_a_sum_in_the_body_gives_way_to_the_lots_in_the_sheet(knowledge: OfferKnowledge) -> None:
    lines = lines_of(
        "Vedlagt liste over {gloves:hansker}, 30 000 stk til sammen, leveres innen 2 dager.",
        "nb",
        knowledge,
        attachment="Vare\tAntall\tPris\n{gloves:Hansker} S\t10 000\t0,90\n{gloves:Hansker} M\t20 000\t0,95",
    )
    assert [(one.quantity, one.lead_time_days) for one in lines] == [(10000, 2), (20000, 2)]


def test_a_need_sheet_by_place_counts_once_by_its_sum(knowledge: OfferKnowledge) -> None:
    sheet = "Kommune\t{?medical_mask:Munnbind}\t{?gown:Frakker}\nVik\t500\t20\nNes\t700\t30\nSum\t1200\t50"
    lines = lines_of("Se vedlegg.", "nb", knowledge, attachment=sheet)
    assert [(one.category, one.quantity, one.need) for one in lines] == [
        ("medical_mask", 1200, True),
        ("gown", 50, True),
    ]


def test_a_need_sheet_without_a_sum_is_added_up(knowledge: OfferKnowledge) -> None:
    sheet = "Kommune\t{?medical_mask:Munnbind}\t{?gown:Frakker}\nVik\t500\t20\nNes\t700\t30"
    assert [one.quantity for one in lines_of("Se vedlegg.", "nb", knowledge, attachment=sheet)] == [1200, 50]


def test_a_line_of_a_table_without_cells_is_read_under_its_heads(knowledge: OfferKnowledge) -> None:
    text = (
        "Product Quantity Unit price EUR\n{gown:Isolation gown} SMS 20,000 3.80\n{gloves:Gloves} nitrile 500,000 0.09"
    )
    lines = lines_of("See attachment.", "en", knowledge, attachment=text)
    assert _facts(lines) == [
        ("gown", 20000, "once", 3.8, "EUR", None),
        ("gloves", 500000, "once", 0.09, "EUR", None),
    ]


def test_quoted_mail_gives_no_line(knowledge: OfferKnowledge) -> None:
    new, products = marked("Any news?\n> 20 000 {gloves:gloves} at EUR 0.08\n", Where.BODY)
    cut = new.text.index(">")
    quoted = Passage(
        where=Where.BODY,
        text=new.text,
        segments=(
            Segment(kind=SegmentKind.NEW, start=0, end=cut),
            Segment(kind=SegmentKind.QUOTATION, start=cut, end=len(new.text)),
        ),
    )
    assert read_offer((quoted,), "en", tuple(products), knowledge).lines == ()


def test_packings_of_unknown_size_are_flagged_not_guessed(knowledge: OfferKnowledge) -> None:
    (line,) = lines_of("We have 40 cartons of {gloves:gloves}.", "en", knowledge)
    assert (line.quantity, line.quantity_unit, line.flags) == (None, "carton", (UNKNOWN_PACK_SIZE,))


def test_a_week_stays_words(knowledge: OfferKnowledge) -> None:
    (line,) = lines_of("{gown:Smittefrakker}, 5 000 stk, levering uke 16.", "nb", knowledge)
    assert (line.lead_time_days, line.lead_time_text) == (None, "uke 16")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5 000 {gown:smittefrakker} kan leveres mandag.", "mandag"),
        ("5 000 {gown:smittefrakker} leveres i mai.", "i mai"),
        ("5 000 {gown:smittefrakker}, levering neste uke.", "neste uke"),
    ],
)
def test_a_day_that_is_named_stays_words(text: str, words: str, knowledge: OfferKnowledge) -> None:
    (line,) = lines_of(text, "nb", knowledge)
    assert (line.lead_time_days, line.lead_time_text) == (None, words)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 000 {gown:smittefrakker}. CE-godkjenningen er klar om 10 dager.", "nb"),
        ("5 000 {gown:smittefrakker}. Vi må ha svar innen 24 timer.", "nb"),
        ("5 000 {gown:gowns}. The test report will be ready in 10 days.", "en"),
        ("5 000 {gown:gowns}. Export permission takes 3 days.", "en"),
        ("5 000 {gown:rockar}. Typintyget ska komma inom tio dagar.", "sv"),
        ("5 000 {gown:rockar}. Svara inom två dagar.", "sv"),
        ("5 000 {gown:frakker}. Kontakt oss innen 2 dager.", "nb"),
        ("5 000 {gown:gowns}. We need an LOI within 24 hours.", "en"),
        ("5 000 {gown:gowns}. Started production three weeks ago.", "en"),
        ("5 000 {gown:gowns}. We sold 3 million masks in two weeks.", "en"),
        ("5 000 {gown:gowns}. We are available 7 days a week.", "en"),
        ("5 000 {gown:gowns}. Can be worn for 8 hours.", "en"),
    ],
)
def test_what_is_said_of_papers_answers_use_and_the_past_tells_no_delivery(
    text: str, language: str, knowledge: OfferKnowledge
) -> None:
    (line,) = lines_of(text, language, knowledge)
    assert line.lead_time_days is None


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("5 000 {gown:gowns} in Rotterdam, 3 days to Oslo.", "en", 3),
        ("5 000 {gown:Kittel}. 3 Tage nach Bergen.", "de", 3),
        ("5 000 {gown:frakker}. Med bil til Tromsø tar det to døgn.", "nb", 2),
        ("5 000 {gown:frakker}. Det er bare å hente.", "nb", 0),
        ("5 000 {gown:gowns}. 2-3 wks.", "en", 21),
    ],
)
def test_the_way_to_the_buyer_and_a_time_alone_tell_delivery(
    text: str, language: str, days: int, knowledge: OfferKnowledge
) -> None:
    (line,) = lines_of(text, language, knowledge)
    assert line.lead_time_days == days


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 000 {gown:frakker}. Minste ordre kr 5000.", "nb"),
        ("5 000 {gown:frakker}. Vi har betalt 300 000 kr for maskinen.", "nb"),
        ("5 000 {gown:gowns}. Samples EUR 30 each.", "en"),
        ("5 000 {gown:gowns}. Insured for EUR 1 million.", "en"),
    ],
)
def test_money_that_is_paid_for_something_else_is_no_price(text: str, language: str, knowledge: OfferKnowledge) -> None:
    (line,) = lines_of(text, language, knowledge)
    assert line.price is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("{medical_mask:Munnbind} eske 50 stk 289,-", "box"),
        ("{gloves:Vinylhansker}, eske 100 stk, kr 79", "box"),
        ("{gloves:Vinylhansker}, 0,79 kr, 100 i eske", "piece"),
    ],
)
def test_a_price_that_no_piece_costs_is_that_of_a_box_where_boxes_are_named(
    text: str, unit: str, knowledge: OfferKnowledge
) -> None:
    (line,) = lines_of(text, "nb", knowledge)
    assert line.price_unit == unit


def test_a_head_that_speaks_of_tax_names_no_unit(knowledge: OfferKnowledge) -> None:
    text = "Vare\tForpakning\tPris NOK eks. mva.\n{gloves:Vinylhansker}\teske 100 stk\t79"
    (line,) = lines_of(text, "nb", knowledge)
    assert (line.price, line.price_unit, line.box_size) == (79, "box", 100)


def test_the_country_of_the_stock_is_the_place_s(knowledge: OfferKnowledge) -> None:
    (line,) = lines_of("2 000 {gown:gowns} in stock in Rotterdam.", "en", knowledge)
    assert line.stock_country == "NL"


def test_kr_is_the_currency_that_the_mail_names(knowledge: OfferKnowledge) -> None:
    (line,) = lines_of("{gloves:Hansker} 100 000 stk, 1,10 kr/stk. Alle priser i DKK.", "nb", knowledge)
    assert line.currency == "DKK"


def test_the_smallest_order_is_not_the_quantity(knowledge: OfferKnowledge) -> None:
    (line,) = lines_of("{gown:Gowns}: 50,000 pcs at $3.10. MOQ: 5,000 pcs.", "en", knowledge)
    assert (line.quantity, line.moq) == (50000, 5000)


def test_identifiers_dates_and_telephones_are_no_quantities(knowledge: OfferKnowledge) -> None:
    text = (
        "{medical_mask:Munnbind} etter NS-EN 14683:2019+AC:2019, testet 17.03.2020, kontrollorgan 2797. "
        "Org.nr. 923 609 016, ring 957 14 208 eller +47 22 33 44 55, Storgata 12, 0155 Oslo."
    )
    (line,) = lines_of(text, "nb", knowledge)
    assert (line.quantity, line.price, line.moq, line.lead_time_days) == (None, None, None, None)


def test_an_empty_mail_gives_no_line(knowledge: OfferKnowledge) -> None:
    assert read_offer((), "nb", (), knowledge).lines == ()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("40 esker {gloves:hansker} à 100 stk, kr 57", "box"),
        ("40 esker {gloves:hansker} à 100 stk, kr 0,95", "piece"),
        ("40 esker {respirator:FFP2} à 20 stk, kr 45", "piece"),
        ("40 esker {respirator:FFP2} à 20 stk, kr 690", "box"),
        ("1 200 par {gloves:hansker}, kr 4,10", "pair"),
        ("1 200 par {gloves:hansker}, kr 4,10 pr. stk", "piece"),
    ],
)
def test_a_price_without_unit_is_that_of_what_is_counted_unless_a_piece_would_cost_too_little(
    text: str, unit: str, knowledge: OfferKnowledge
) -> None:
    (line,) = lines_of(text, "nb", knowledge)
    assert line.price_unit == unit


def test_what_the_body_says_of_a_kind_holds_for_the_items_of_the_sheet(knowledge: OfferKnowledge) -> None:
    lines = lines_of(
        "Prisliste vedlagt. Leveringstid er 3 dager for {gloves:hansker} og 2 uker for {gown:frakker}.",
        "nb",
        knowledge,
        attachment="Vare\tAntall\tPris\n{gloves:Hansker} M\t20 000\t0,95\n{gown:Frakker}\t3 000\t42",
    )
    assert [(one.category, one.quantity, one.lead_time_days) for one in lines] == [
        ("gloves", 20000, 3),
        ("gown", 3000, 14),
    ]


def test_the_smallest_orders_of_several_goods_are_no_amounts(knowledge: OfferKnowledge) -> None:
    text = "{gown:Gowns} 22,000 a week, EUR 3.65.\n\nMOQ: {gown:gowns} 500 pcs, {medical_mask:masks} 3000 pcs."
    assert [one.quantity for one in lines_of(text, "en", knowledge) if one.quantity] == [22000]


def test_a_row_without_a_known_product_is_a_line_of_its_own(knowledge: OfferKnowledge) -> None:
    text = "- eingongsdress type 5/6, 410 stk, 49 kr\n- {eye_protection:vernebriller}, 330 stk, 62 kr"
    lines = lines_of(text, "nn", knowledge)
    assert [(one.category, one.quantity, UNNAMED in one.flags) for one in lines] == [
        ("", 410, True),
        ("eye_protection", 330, False),
    ]


def test_the_fields_of_a_form_are_facts_of_the_item_that_it_is_on(knowledge: OfferKnowledge) -> None:
    form = "Produkt\t{eye_protection:Visir}\nAntall på lager\t42000\nKapasitet pr uke\t60000\nPris pr stk\t19.9\tNOK"
    lines = lines_of("Skjemaet er fylt ut.", "nb", knowledge, attachment=form)
    assert [(one.quantity, one.per, one.price) for one in lines] == [(42000, "once", 19.9), (60000, "week", None)]


def test_a_measure_in_a_form_is_no_amount(knowledge: OfferKnowledge) -> None:
    form = "Product\t{medical_device:Ventilator}\nTidal volume\t20 - 2000 ml"
    assert lines_of("See the data sheet.", "en", knowledge, attachment=form) == ()


def test_a_row_that_names_its_goods_by_the_pair_counts_pairs(knowledge: OfferKnowledge) -> None:
    sheet = "Description\tStock\tGBP each\n{respirator:P3 filter} pair\t3900\t11.2\n{respirator:Half mask}\t860\t19.8"
    lines = lines_of("Our sheet.", "en", knowledge, attachment=sheet)
    assert [one.quantity for one in lines] == [7800, 860]


def test_a_column_per_packing_tells_its_size_not_how_many_there_are(knowledge: OfferKnowledge) -> None:
    sheet = "Vare\tAntall pr. kartong\tKlart nå\tPris\n{gown:Frakk}\t50\t120 kartonger\t31"
    (line,) = lines_of("Se arket.", "nb", knowledge, attachment=sheet)
    assert line.quantity == 6000


@pytest.mark.parametrize(("price", "pieces"), [("225", 50000), ("4,50", 1000)])
def test_a_bare_count_is_of_boxes_when_its_price_is_that_of_a_box(
    price: str, pieces: int, knowledge: OfferKnowledge
) -> None:
    sheet = f"Varenavn\tPakning\tBeholdning\tPris\n{{medical_mask:Munnbind}}\t50\t1000\t{price}"
    (line,) = lines_of("Se arket.", "nb", knowledge, attachment=sheet)
    assert line.quantity == pieces


def test_a_row_of_numbers_is_no_head_of_columns_though_it_has_their_words(knowledge: OfferKnowledge) -> None:
    sheet = "Artikkel\tAntall\tPris\n{gown:Forkle}\t22 500 stk\t1,35 kr/stk\nErmebeskytter\t18 000 stk\t0,60 kr/stk"
    assert [one.quantity for one in lines_of("Se arket.", "nb", knowledge, attachment=sheet)] == [22500, 18000]


def test_a_label_of_the_offer_opens_no_item_of_its_own(knowledge: OfferKnowledge) -> None:
    text = "(a) {other_ppe:Fabric mask}, 4 layers\n    Capacity 500,000 pcs/day, price USD 0.78/pc"
    (line,) = lines_of(text, "en", knowledge)
    assert (line.category, line.quantity, line.per, line.price) == ("other_ppe", 500000, "day", 0.78)


def test_a_list_item_is_of_the_product_that_it_names_first(knowledge: OfferKnowledge) -> None:
    text = "- {other_ppe:Cloth masks}, no {medical_mask:surgical masks}. 30 000 pcs per week.\n- {gown:Gowns}: 800 pcs"
    lines = [line for line in lines_of(text, "en", knowledge) if line.quantity]
    assert [(line.category, line.quantity) for line in lines] == [("other_ppe", 30000), ("gown", 800)]


def test_the_number_of_a_name_is_no_amount(knowledge: OfferKnowledge) -> None:
    text = "Produkt: {gloves:hanske} i nitril, merke Nordhånd Pro 300\nAntall: 12 000 esker à 100 stk"
    assert [one.quantity for one in lines_of(text, "nb", knowledge)] == [1200000]

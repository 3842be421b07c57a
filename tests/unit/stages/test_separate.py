"""New text apart from quotation, forwarded mail, signature and disclaimer."""

from time import process_time

import pytest

from models.knowledge.separation import SeparationExample
from models.mail import Address, SegmentKind
from tests.unit.stages.mails import mail_saying
from triage.adapters.knowledge import separation
from triage.resources import root
from triage.stages.separate import separate

KNOWLEDGE = separation.load(root())


def filled(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def kinds(text: str, subject: str = "Offer") -> dict[str, str]:
    """Kind of each line that is not blank."""
    found = separate(mail_saying(text, subject=subject), KNOWLEDGE)
    return {
        line.strip(): segment.kind.value
        for segment in found.segments
        for line in filled(text[segment.start : segment.end])
    }


@pytest.mark.parametrize("example", KNOWLEDGE.examples, ids=lambda one: f"{one.language}-{one.subject}")
def test_the_examples_of_the_data_hold(example: SeparationExample) -> None:
    found = separate(mail_saying(example.text, subject=example.subject), KNOWLEDGE)
    assert filled(found.new_text) == filled(example.new_text)


BLOCK = "Fra: Per <per@handel.example>\nSendt: 15. mars 2020 08:00\nTil: Kari\nEmne: {}\n\n200 hansker.\n"


def test_the_same_header_block_is_forwarded_or_quoted_by_the_subject() -> None:
    text = "Hei.\n\n" + BLOCK.format("Hansker")
    assert kinds(text, "VS: Hansker")["200 hansker."] == "forwarded"
    assert kinds(text, "SV: Hansker")["200 hansker."] == "quotation"
    assert kinds(text, "转发: Hansker")["200 hansker."] == "forwarded"


def test_a_bare_header_block_is_forwarded_mail() -> None:
    assert kinds(BLOCK.format("Hansker"))["200 hansker."] == "forwarded"


def test_what_the_forwarded_mail_answers_is_quotation() -> None:
    text = BLOCK.format("SV: Hansker") + "\nFra: Innkjøp\nSendt: 14. mars 2020\nTil: Per\nEmne: Hansker\n\nHar dere?\n"
    found = kinds(text, "VS: Hansker")
    assert (found["200 hansker."], found["Har dere?"]) == ("forwarded", "quotation")


def test_the_original_sender_is_the_innermost_of_a_chain() -> None:
    text = BLOCK.format("VS: Hansker") + "\nFra: Ann <ann@factory.example>\nSendt: 14. mars 2020\nEmne: Hansker\n\nHi\n"
    sender = separate(mail_saying(text, subject="VS: VS: Hansker"), KNOWLEDGE).original_from
    assert sender is not None
    assert sender.address == "ann@factory.example"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("Per Berg <per@Handel.example>", "Per Berg", "per@handel.example"),
        ('"Berg, Per" <per@handel.example>', "Berg, Per", "per@handel.example"),
        ("Per Berg [mailto:per@handel.example]", "Per Berg", "per@handel.example"),
        ("per@handel.example", "", "per@handel.example"),
        ("Per Berg/HB/HANDEL", "Per Berg/HB/HANDEL", ""),
    ],
)
def test_the_original_sender_is_read_in_every_form(written: str, name: str, address: str) -> None:
    text = f"-------- Videresendt melding --------\nFra: {written}\nDato: 15.03.2020\nEmne: a\n\nHei\n"
    sender = separate(mail_saying(text), KNOWLEDGE).original_from
    assert sender is not None
    assert (sender.name, sender.address) == (name, address)


def test_a_reply_has_no_original_sender() -> None:
    assert separate(mail_saying("Ja.\n\n" + BLOCK.format("a"), subject="SV: a"), KNOWLEDGE).original_from is None


def test_a_web_form_that_names_its_fields_is_new_text() -> None:
    text = "Fra: Kari Lie <kari@firma.example>\nTil: desk\nEmne: Visir\n\nVi har 200 visir.\n"
    assert set(kinds(text).values()) == {"new"}


def test_dates_from_and_to_are_no_header_block() -> None:
    assert set(kinds("Fra: 1. april\nTil: 15. april\n200 visir per dag\n").values()) == {"new"}


@pytest.mark.parametrize(
    "line",
    [
        "Den man. 16. mar. 2020 kl. 10:22 skrev Desk <desk@agency.example>:",
        "16. mar. 2020 kl. 10:22 skrev Desk <desk@agency.example>:",
        "On Mon, Mar 16, 2020 at 10:22 AM Desk <desk@agency.example> wrote:",
        "Am 16.03.2020 um 10:22 schrieb Desk:",
        "Den 16.03.2020 10:22, skreiv Desk:",
        "在 2020年3月16日，10:22，Desk <desk@agency.example> 写道：",
        "On 16 Mar 2020, at 10:22, Desk with a very long name\n<desk@agency.example>\nwrote:",
    ],
)
def test_attribution_lines_begin_quotation_to_the_end_when_nothing_is_marked(line: str) -> None:
    text = f"Ja, 200 stk.\n{line}\nHar dere visir?\n"
    found = kinds(text)
    assert found["Ja, 200 stk."] == "new"
    assert found["Har dere visir?"] == "quotation"


def test_answers_between_quoted_lines_are_new() -> None:
    found = kinds("Den 16.03.2020 10:22, skrev Desk:\n> Hvor mange?\n4 000\n> Pris?\n30 kr\n")
    assert (found["4 000"], found["30 kr"], found["> Pris?"]) == ("new", "new", "quotation")


def test_a_sentence_about_what_was_written_is_new() -> None:
    assert set(kinds("Som vi skrev 12. mars til dere:\n400 frakker er ledige.\n").values()) == {"new"}


@pytest.mark.parametrize(
    "signature",
    [
        "Mvh\nKari Nordmann\nSalgssjef\nFirma AS, org.nr. 999 999 999\nStorgata 1, 0155 Oslo\nTlf. 22 33 44 55",
        "-- \nKari Nordmann\nFirma AS",
        "Kari Nordmann, Firma AS\n413 60 882",
        "Hilsen Kari",
        "Best regards / Med vennlig hilsen\nKari Nordmann",
        "Ola Lie\nDaglig leder\nmob. 413 60 882",
    ],
)
def test_a_signature_is_cut_off_whole(signature: str) -> None:
    text = f"Vi har 200 visir til 30 kr.\n\n{signature}\n"
    found = separate(mail_saying(text), KNOWLEDGE)
    assert filled(found.new_text) == ["Vi har 200 visir til 30 kr."]
    assert {segment.kind for segment in found.segments} == {SegmentKind.NEW, SegmentKind.SIGNATURE}


def test_what_a_mail_program_adds_is_nobodys_word() -> None:
    found = kinds("Vi har 200 visir til 30 kr.\n\nHilsen Kari\n\nSendt fra min iPhone\n")
    assert (found["Hilsen Kari"], found["Sendt fra min iPhone"]) == ("signature", "disclaimer")


@pytest.mark.parametrize(
    "offer",
    [
        "PS: Vi har også 300 frakker.",
        "Vi kan dessuten levere 300 frakker EN 13795 fra lager i Oslo i løpet av denne uken.",
        "- 300 frakker\n- 400 visir",
        "300 frakker à 45 kr",
    ],
)
def test_an_offer_below_a_signature_is_not_swallowed(offer: str) -> None:
    text = f"Vi har 200 visir.\n\nMvh\nKari Nordmann\nTlf. 22 33 44 55\n\n{offer}\n"
    assert filled(separate(mail_saying(text), KNOWLEDGE).new_text)[1:] == filled(offer)


def test_a_mail_without_text_has_no_segments() -> None:
    found = separate(mail_saying(""), KNOWLEDGE)
    assert (found.segments, found.new_text, found.original_from) == ((), "", None)


@pytest.mark.parametrize("atom", [">", "-", "a:", "Fra: ", "\n", " ", "skrev ", "@", "1 ", "Mvh\n", "> \n"])
def test_long_runs_cost_little(atom: str) -> None:
    text = atom * (100_000 // len(atom))
    found = separate(mail_saying(text), KNOWLEDGE)
    assert found.segments[-1].end == len(text)


COLLEAGUE = (Address(name="Ola Nes", address="ola@buyer.example"),)
OFFER = "Fra: Per <per@handel.example>\nSendt: 15. mars 2020 08:00\nTil: Ola Nes\nEmne: Hansker\n\n200 hansker.\n"
ANSWER = "Fra: {}\nSendt: 16. mars 2020 08:00\nTil: Per\nEmne: SV: Hansker\n\nTakk.\n\n"


@pytest.mark.parametrize("writer", ["Ola Nes", "Ola Nes <ola@buyer.example>", "Liv <liv@buyer.example>"])
def test_below_a_colleagues_own_answer_stands_the_supplier(writer: str) -> None:
    text = "Se nederst.\n\n" + ANSWER.format(writer) + OFFER
    found = separate(mail_saying(text, subject="VS: Hansker", from_=COLLEAGUE), KNOWLEDGE)
    assert found.original_from == Address(name="Per", address="per@handel.example")
    assert found.segments[-1].kind is SegmentKind.FORWARDED


def test_a_colleague_may_pass_on_without_a_word_of_it_in_the_subject() -> None:
    found = separate(mail_saying("Kom i dag.\n\n" + OFFER, subject="Hansker", from_=COLLEAGUE), KNOWLEDGE)
    assert found.original_from == Address(name="Per", address="per@handel.example")


def test_our_own_request_is_quoted_though_the_supplier_forwards_it() -> None:
    text = "Vi har 200.\n\n" + OFFER.replace("per@handel.example", "desk@buyer.example")
    found = separate(mail_saying(text, subject="VS: Hansker"), KNOWLEDGE)
    assert (found.segments[-1].kind, found.original_from) == (SegmentKind.QUOTATION, None)


def test_what_a_supplier_sent_before_and_sends_again_is_forwarded() -> None:
    text = "Vi sendte dette:\n\n" + OFFER.replace("Per <per@handel.example>", "Kari Nordmann")
    found = separate(mail_saying(text, subject="VS: Hansker"), KNOWLEDGE)
    assert found.original_from == Address(name="Kari Nordmann", address="kari@supplier.example")
    assert found.segments[-1].kind is SegmentKind.FORWARDED


def test_the_request_that_a_forwarded_answer_quotes_is_quotation() -> None:
    text = OFFER + "\nDen 14.03.2020 10:22, skrev Ola:\n> Har dere 999 hansker?\n\nPer\n"
    found = kinds(text, "VS: Hansker")
    assert (found["> Har dere 999 hansker?"], found["Per"]) == ("quotation", "forwarded")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Den 16.03.2020 10:22, skrev Per Berg <per@handel.example>:", "Per Berg"),
        ("On Mon, Mar 16, 2020 at 10:22 AM Per Berg <per@handel.example> wrote:", "Per Berg"),
        ("På mandag 16. mars 2020 10:22:03 CET, Per Berg <per@handel.example> skrev:", "Per Berg"),
    ],
)
def test_an_attribution_above_forwarded_mail_names_its_sender(line: str, name: str) -> None:
    found = separate(mail_saying(f"Se her.\n\n{line}\n> 200 esker\n", subject="Fwd: a", from_=COLLEAGUE), KNOWLEDGE)
    assert found.original_from == Address(name=name, address="per@handel.example")


@pytest.mark.parametrize(
    "offer",
    [
        "Fra: Shanghai\nTil: Oslo\nDato: hver mandag\nPris: 9 USD/kg",
        "Fra: 45 kr\nTil: 60 kr\nDato: 1. april\nEmne: hansker",
        "--- Original 3M 1860 ---\n5000 pcs",
        "Original:\n3M 9332+",
        "Tilbud:\n---\nMunnbind\nFrakker\n---\nLevering 3 dager",
        "Takk\nfor praten i dag. Vi har 300 frakker.",
        "Best price is EUR 0.40.\nRegards the gowns: 300 pcs.",
        "Masks 5000 pcs\n> 10000 pcs: EUR 5\n> 50000 pcs: EUR 4",
    ],
)
def test_an_offer_that_looks_like_earlier_mail_or_a_greeting_is_new(offer: str) -> None:
    assert set(kinds(f"Hei.\n\n{offer}\n").values()) == {"new"}


@pytest.mark.parametrize("atom", ["> a\n", "From: a@b.c\n", "From: a\nSent: 10:22\n", "Mvh\nKari\n\n", "--\n"])
def test_the_cost_grows_with_the_length(atom: str) -> None:
    spent = []
    for size in (50_000, 200_000):
        text = atom * (size // len(atom))
        started = process_time()
        separate(mail_saying(text), KNOWLEDGE)
        spent.append(process_time() - started)
    assert spent[1] < 12 * spent[0] + 0.2

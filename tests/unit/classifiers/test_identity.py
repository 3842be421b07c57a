"""Who offers: company, register number, contact, address, telephone and country from signatures."""

from dataclasses import replace

import pytest

from classifiers.identity import find_supplier
from models.knowledge.identity import IdentityKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from triage import resources
from triage.adapters.knowledge import identity

NOBODY = Address(name="", address="")
Expected = tuple[str | None, str | None, str | None, str | None, str | None]
SIGNED: list[tuple[str, str, str, str, Expected]] = [
    (
        "nb",
        (
            "Hei\n"
            "Vi har munnbind.\n"
            "\n"
            "Mvh\n"
            "Lars Holm\n"
            "Salgssjef\n"
            "Verneservice Nord AS\n"
            "Org.nr: 923 609 016 MVA\n"
            "Tlf: 77 60 12 34 / Mob: 912 34 567\n"
            "www.verneservicenord.no"
        ),
        "Lars Holm",
        "lars@verneservicenord.no",
        ("Verneservice Nord AS", "923609016", "Lars Holm", "+4791234567", "NO"),
    ),
    (
        "nb",
        ("Hei, vi har hansker.\n\nHilsen\nOle"),
        "Ole Brumm",
        "ole.brumm@gmail.com",
        (None, None, "Ole Brumm", None, "NO"),
    ),
    (
        "en",
        (
            "Dear Sir,\n"
            "\n"
            "We offer masks.\n"
            "\n"
            "Best Regards,\n"
            "\n"
            "David Wang\n"
            "Sales Manager\n"
            "Ningbo Haishu Textile Co., Ltd.\n"
            "Tel: +86-574-8765 4321\n"
            "Mobile: +86 138 5555 1234\n"
            "Email: david@nbhaishu.com\n"
            "Add: No. 88, Zhongshan Road, Ningbo, China"
        ),
        "David",
        "david@nbhaishu.com",
        ("Ningbo Haishu Textile Co., Ltd.", None, "David Wang", "+8613855551234", "CN"),
    ),
    (
        "en",
        (
            "Hello,\n"
            "we can help.\n"
            "\n"
            "Kind regards\n"
            "Emma Clarke\n"
            "Director\n"
            "Clarke & Sons Medical\n"
            "12 High Street, Leeds LS1 4AB\n"
            "0113 496 0123"
        ),
        "Emma Clarke",
        "emma@clarkemedical.example",
        ("Clarke & Sons Medical", None, "Emma Clarke", "+441134960123", "GB"),
    ),
    (
        "sv",
        (
            "Hej,\n"
            "\n"
            "Vänliga hälsningar\n"
            "Anna Öberg | VD\n"
            "Öbergs Textil AB\n"
            "Org.nr 556036-0793\n"
            "0520-123 45, 070-123 45 67"
        ),
        "Anna Öberg",
        "anna@obergstextil.se",
        ("Öbergs Textil AB", "5560360793", "Anna Öberg", "+46701234567", "SE"),
    ),
    (
        "da",
        ("Hej\n\nMed venlig hilsen\n\nPeter Madsen\nIndehaver\nMadsen Medico\nCVR nr. 13585628\nTelefon 86 12 34 56"),
        "Peter Madsen",
        "pm@madsenmedico.dk",
        ("Madsen Medico", "13585628", "Peter Madsen", "+4586123456", "DK"),
    ),
    (
        "de",
        (
            "Guten Tag,\n"
            "\n"
            "Mit freundlichen Grüßen\n"
            "\n"
            "i. V. Dr. Klaus Meier\n"
            "Vertriebsleiter\n"
            "Meier Medizintechnik GmbH & Co. KG\n"
            "Industriestr. 5\n"
            "50667 Köln\n"
            "Telefon: 0221 12345-67\n"
            "USt-IdNr. DE136695976"
        ),
        "Meier, Klaus",
        "k.meier@meier-medizintechnik.de",
        ("Meier Medizintechnik GmbH & Co. KG", "DE136695976", "Klaus Meier", "+492211234567", "DE"),
    ),
    (
        "nb",
        (
            "Navn: Kari Vik\n"
            "Firma: Vik Import AS\n"
            "Organisasjonsnummer: 923609016\n"
            "E-post: kari@vikimport.no\n"
            "Telefon: 41234567\n"
            "Melding: Vi har hansker."
        ),
        "Kontaktskjema",
        "noreply@sykehusinnkjop.no",
        ("Vik Import AS", "923609016", "Kari Vik", "+4741234567", "NO"),
    ),
    (
        "en",
        (
            "Dear friends\n"
            "\n"
            "Best wishes\n"
            "Nguyen Van Anh (Ms.)\n"
            "Export Dept.\n"
            "Saigon Garment JSC\n"
            "Ho Chi Minh City, Vietnam\n"
            "WhatsApp: +84 90 123 4567"
        ),
        "Nguyen Van Anh",
        "anh@saigongarment.example",
        ("Saigon Garment JSC", None, "Nguyen Van Anh", "+84901234567", "VN"),
    ),
    (
        "nb",
        ("Hei!\nJeg heter Per Hansen og driver Hansen Trykk i Moss. Vi kan lage visir.\nRing meg på 90 12 34 56.\nPer"),
        "Per Hansen",
        "per@hansentrykk.example",
        ("Hansen Trykk", None, "Per Hansen", "+4790123456", "NO"),
    ),
    (
        "en",
        (
            "Hi,\n"
            "I represent BlueSky Trading FZE in Dubai.\n"
            "\n"
            "Regards,\n"
            "Ahmed Khan\n"
            "BlueSky Trading FZE\n"
            "M: 00971 50 123 4567"
        ),
        "Ahmed Khan",
        "ahmed.khan@yahoo.com",
        ("BlueSky Trading FZE", None, "Ahmed Khan", "+971501234567", "AE"),
    ),
    (
        "nb",
        (
            "Hei\n"
            "\n"
            "--\n"
            "Med vennlig hilsen / Best regards\n"
            "\n"
            "Siri Lunde\n"
            "Key Account Manager\n"
            "\n"
            "Lunde Helse AS\n"
            "Postboks 12, 5003 Bergen\n"
            "Dir: 55 12 34 56  Mob: 98 76 54 32"
        ),
        "Siri Lunde (Lunde Helse)",
        "siri@lundehelse.no",
        ("Lunde Helse AS", None, "Siri Lunde", "+4798765432", "NO"),
    ),
    (
        "en",
        (
            "Greetings\n"
            "\n"
            "Yours sincerely\n"
            "MR. RAJESH PATEL\n"
            "MANAGING DIRECTOR\n"
            "PATEL SURGICALS PVT LTD\n"
            "AHMEDABAD, INDIA\n"
            "Cell: +91 98250 12345"
        ),
        "PATEL SURGICALS",
        "info@patelsurgicals.in",
        ("PATEL SURGICALS PVT LTD", None, "RAJESH PATEL", "+919825012345", "IN"),
    ),
    (
        "fr",
        (
            "Bonjour\n"
            "\n"
            "Cordialement,\n"
            "Marc Petit\n"
            "Gérant\n"
            "Petit Médical SARL\n"
            "12 rue de Paris, 69000 Lyon\n"
            "Tél : 04 72 00 00 00"
        ),
        "Marc Petit",
        "m.petit@petitmedical.fr",
        ("Petit Médical SARL", None, "Marc Petit", "+33472000000", "FR"),
    ),
    (
        "en",
        ("Dear\nBest regards\nKim Min-jun / Manager\nHankook Mask Co.,Ltd\nSeoul, Korea\nT. 82-2-555-1234"),
        "Kim Min-jun",
        "mj@hankookmask.co.kr",
        ("Hankook Mask Co.,Ltd", None, "Kim Min-jun", "+8225551234", "KR"),
    ),
]


@pytest.fixture(scope="module")
def knowledge() -> IdentityKnowledge:
    return identity.load(resources.root())


def mail_of(text: str, sender: Address, *kinds: tuple[SegmentKind, str]) -> tuple[ParsedMail, Separated]:
    """A mail whose text is `text` and then the stretches of `kinds`."""
    segments, whole = [Segment(kind=SegmentKind.NEW, start=0, end=len(text))], text
    for kind, stretch in kinds:
        segments.append(Segment(kind=kind, start=len(whole), end=len(whole) + len(stretch)))
        whole += stretch
    mail = ParsedMail(
        subject="", from_=(sender,), to=(), cc=(), reply_to=(), date=None, received=None, message_id="", in_reply_to=(),
        references=(), return_path=None, content_type="", headers=(), text=whole, hidden_text="", attachments=(),
        nested=(), defects=(),
    )  # fmt: skip
    return mail, Separated(segments=tuple(segments), new_text=text, original_from=None)


@pytest.mark.parametrize(("language", "text", "name", "address", "expected"), SIGNED, ids=range(len(SIGNED)))
def test_a_signature_tells_who_offers(
    language: str, text: str, name: str, address: str, expected: Expected, knowledge: IdentityKnowledge
) -> None:
    mail, separated = mail_of(text, Address(name=name, address=address))
    found = find_supplier(mail, separated, language, knowledge)
    assert (found.company, found.org_number, found.contact, found.phone, found.country) == expected
    assert all(text[span.start : span.end] == span.text for _, span in found.spans)


def test_a_form_s_relay_is_not_the_supplier(knowledge: IdentityKnowledge) -> None:
    text = "Navn: Kari Vik\nFirma: Vik Import AS\nE-post: kari@vikimport.no\nMelding: Vi har hansker."
    mail, separated = mail_of(text, Address(name="Kontaktskjema", address="wordpress@sykehusinnkjop.no"))
    found = find_supplier(mail, separated, "nb", knowledge)
    assert (found.email, found.company, found.contact) == ("kari@vikimport.no", "Vik Import AS", "Kari Vik")


def test_a_mail_that_a_colleague_passes_on_is_the_first_sender_s(knowledge: IdentityKnowledge) -> None:
    offer = "Hei Ingrid, vi har hansker.\n\nHilsen Line Hovden\nHovden Import\ntlf 971 26 508"
    mail, separated = mail_of(
        "Se under.\n\nHilsen\nIngrid Bugge\noverlege\n",
        Address(name="Ingrid Bugge", address="ingrid.bugge@fylke-sykehus.no"),
        (SegmentKind.FORWARDED, offer),
    )
    original = Address(name="Line Hovden", address="line@hovdenimport.no")
    found = find_supplier(mail, replace(separated, original_from=original), "nb", knowledge)
    assert (found.company, found.contact, found.email) == ("Hovden Import", "Line Hovden", "line@hovdenimport.no")
    assert found.phone == "+4797126508"


def test_a_dealer_who_passes_on_his_maker_s_mail_is_the_supplier(knowledge: IdentityKnowledge) -> None:
    mail, separated = mail_of(
        "Vi kan levere dette.\n\nMvh\nOla Nes\nNes Handel AS\nMob 912 34 567\n",
        Address(name="Ola Nes", address="ola@neshandel.no"),
        (SegmentKind.FORWARDED, "Dear Ola, price USD 2.\nBest regards\nLily Chen\nAnhu Medical Co., Ltd."),
    )
    original = Address(name="Lily Chen", address="lily@anhumedical.cn")
    found = find_supplier(mail, replace(separated, original_from=original), "nb", knowledge)
    assert (found.company, found.email) == ("Nes Handel AS", "ola@neshandel.no")


@pytest.mark.parametrize(
    ("language", "text", "role"),
    [
        ("nb", "Vi produserer visir selv.", "manufacturer"),
        ("nb", "Direkte fra fabrikk, ingen mellommann.", None),
        ("nb", "Vi er grossist i Drammen.", "dealer"),
        ("en", "We are the factory, no middleman.", "manufacturer"),
        ("en", "I am a broker; we manufacture nothing.", "broker"),
        ("en", "We have masks.", None),
    ],
)
def test_what_a_supplier_says_he_is(language: str, text: str, role: str | None, knowledge: IdentityKnowledge) -> None:
    mail, separated = mail_of(text, Address(name="Per Lie", address="per@lie.no"))
    found = find_supplier(mail, separated, language, knowledge)
    assert found.role == role


def test_the_buyer_is_never_the_supplier(knowledge: IdentityKnowledge) -> None:
    text = "Til Sykehusinnkjøp HF\n\nVi har munnbind.\n\nHilsen\nPer Lie"
    mail, separated = mail_of(text, Address(name="Per Lie", address="perlie@gmail.com"))
    assert find_supplier(mail, separated, "nb", knowledge).company is None


def test_a_wrong_register_number_is_shown_as_wrong(knowledge: IdentityKnowledge) -> None:
    mail, separated = mail_of("Mvh\nPer Lie\nLie AS\nOrg.nr 912 345 678", Address(name="Per Lie", address="per@lie.no"))
    found = find_supplier(mail, separated, "nb", knowledge)
    assert (found.org_number, found.org_number_valid) == ("912345678", False)


def test_a_telephone_number_is_no_register_number(knowledge: IdentityKnowledge) -> None:
    mail, separated = mail_of("Mvh\nPer Lie\nLie AS\nTlf 923 60 901", Address(name="Per Lie", address="per@lie.no"))
    assert find_supplier(mail, separated, "nb", knowledge).org_number is None


def test_his_number_may_stand_in_his_earlier_mail(knowledge: IdentityKnowledge) -> None:
    mail, separated = mail_of(
        "Noe nytt?\n\nAnders\n",
        Address(name="Anders Vik", address="anders@viksying.no"),
        (SegmentKind.QUOTATION, "> Hilsen\n> Anders Vik\n> Vik Sying AS\n> Tlf 40 63 15 77\n"),
    )
    found = find_supplier(mail, separated, "nb", knowledge)
    assert (found.phone, found.company) == ("+4740631577", "Vik Sying AS")


@pytest.mark.parametrize("address", ["MAILER-DAEMON@mx.example", "postmaster@mx.example"])
def test_a_machine_is_nobody(address: str, knowledge: IdentityKnowledge) -> None:
    mail, separated = mail_of("Undelivered.", Address(name="Mail Delivery", address=address))
    found = find_supplier(mail, separated, "en", knowledge)
    assert (found.email, found.contact, found.company) == (None, None, None)


def test_a_mail_without_sender_has_no_supplier(knowledge: IdentityKnowledge) -> None:
    found = find_supplier(*mail_of("", NOBODY), "xx", knowledge)
    assert (found.company, found.email, found.phone) == (None, None, None)


@pytest.mark.parametrize(
    ("signature", "shown", "address", "company", "contact"),
    [
        ("Eli Haug\nHaug Systove", "Haug Systove", "haugsystove@gmail.com", "Haug Systove", "Eli Haug"),
        ("R. K. Mehta", "Mehta Exports", "mehta.exports@gmail.com", "Mehta Exports", "R. K. Mehta"),
        ("Joe\nLake Stage Events", "Joe Lake", "lake@yahoo.co.uk", "Lake Stage Events", "Joe Lake"),
        ("Ida Wang", "Ida Wang", "ida.wang@gmail.com", None, "Ida Wang"),
    ],
)
def test_a_name_with_a_word_of_a_trade_is_a_company_s_and_nobody_s_own(
    signature: str, shown: str, address: str, company: str | None, contact: str, knowledge: IdentityKnowledge
) -> None:
    text = f"We have masks.\n\nRegards\n{signature}"
    found = find_supplier(*mail_of(text, Address(name=shown, address=address)), "en", knowledge)
    assert (found.company, found.contact) == (company, contact)


def test_a_display_name_may_hold_firm_and_number_too(knowledge: IdentityKnowledge) -> None:
    sender = Address(name="Eli Haug, Indre Arbeidsklede tlf 57 69 20 84", address="eli@indrearbeidsklede.no")
    found = find_supplier(*mail_of("Me har vernebriller.", sender), "nn", knowledge)
    assert (found.company, found.contact, found.phone) == ("Indre Arbeidsklede", "Eli Haug", "+4757692084")


def test_dots_may_lead_from_a_form_s_label_to_its_value(knowledge: IdentityKnowledge) -> None:
    text = "Firmanavn ............: Rent Bygg\nKontaktperson ........: Ewa Dudek\nTelefon ..............: 40063157\n"
    found = find_supplier(*mail_of(text, Address(name="Skjema", address="noreply@skjema.no")), "nb", knowledge)
    assert (found.company, found.contact, found.phone) == ("Rent Bygg", "Ewa Dudek", "+4740063157")

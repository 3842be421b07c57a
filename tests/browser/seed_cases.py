# ruff: noqa: E501 - mail has long lines
"""The cases of the seeded desk: mail as it came in the spring of 2020. People, firms and domains are invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.assessment import Finding, ProofState, RiskSign, Severity
from models.case import Triaged
from models.mail import Address, ScreeningKind, SegmentKind
from models.reading import Claim, OfferLine, Polarity, Span, Supplier, Where
from models.reply import ReplyDecision
from tests.browser.seed import NOW, attachment, claim, mail, reason, segments, span, triaged

Item = tuple[Triaged, datetime]

FFP3 = """Hei,

så på siden deres i ettermiddag at det haster med åndedrettsvern. Vi er grossist på verneutstyr til bygg og industri, og dette står fysisk på lageret vårt på Alnabru nå:

  3 240 stk FFP3 NR D, sammenleggbar, uten ventil, eske à 20 – kr 74,- pr stk
  1 100 stk FFP3 R D, formstøpt med ventil, eske à 10 – kr 96,- pr stk

Begge er testet etter EN 149:2001+A1:2009 og CE-merket, kontrollorgan 0158. EU-typeprøvingssertifikat ligger vedlagt. Samsvarserklæring får vi fra produsenten i morgen. Prisene er eks. mva., fritt vårt lager.

Vi kan kjøre ut alt i morgen tidlig hvis dere sier ja i kveld.

Med vennlig hilsen
Kjersti Haugan
Haugan Vern og Verktøy AS
Tlf 957 14 208
"""
CERTIFICATE = """EU TYPE-EXAMINATION CERTIFICATE
Regulation (EU) 2016/425, module B

Product: filtering half mask FFP3 NR D
Standard: EN 149:2001+A1:2009
Issued by: DEKRA Testing and Certification GmbH (0158)
Valid until: 2024-11-30
"""
KN95 = """Dear purchasing manager,

We are factory of KN95 mask in Dongguan, capacity 200,000 pcs per day. Our mask is same as FFP2, GB2626-2006 tested and with CE certificate EN 149 from ECM. We are not FDA registered yet, FDA is in process.

Price: USD 2.10 / pc EXW, MOQ 10,000 pcs, delivery 7 days.
Payment: 100% T/T in advance. Price is valid today only!

Best regards
Amy Luo
Dongguan Hengyida Protective Products Co.,Ltd

> From: leverandor@innkjop.example
> We need respirators according to EN 149 and a declaration of conformity.
"""
GOWNS = """Hej!

Vi kan leverera 40 000 operationsrockar enligt EN 13795, steril, storlek M-XL, från vårt lager i Malmö. Leveranstid 5 dagar. Pris 38 SEK/st.

Vänliga hälsningar
Anna Lindqvist
Skyddstextil i Malmö AB
"""


def realistic() -> list[Item]:
    """Mail of many kinds, with what was read of it."""
    return [_ffp3(), _ffp3_more(), _kn95(), _gowns(), _gloves(), _visors(), _question(), _need(), _newsletter()]


def plain(count: int) -> list[Item]:
    """`count` short offers, so that the queue has pages."""
    goods = (
        ("gloves", "nitrilhansker"),
        ("gown", "smittefrakker"),
        ("medical_mask", "munnbind type IIR"),
        ("disinfectant", "hånddesinfeksjon"),
        ("respirator", "FFP2-masker"),
        ("eye_protection", "visirer"),
    )
    return [_plain(number, *goods[number % len(goods)]) for number in range(count)]


def _ffp3() -> Item:
    sender = Address(name="Kjersti Haugan", address="kjersti.haugan@hauganvern.example")
    subject = "Åndedrettsvern FFP3 på lager – 4 340 stk"
    files = [
        attachment("EU-typeprøving FFP3.pdf", "application/pdf", CERTIFICATE, size=184_320),
        attachment("image001.png", "image/png", "", size=9_120, unread="bildet inneholder ingen tekst"),
    ]
    on_paper = Claim(
        code="EU type-examination",
        polarity=Polarity.ASSERTED,
        span=span(CERTIFICATE, "EU TYPE-EXAMINATION CERTIFICATE", Where.ATTACHMENT, 0),
        rule="paper.type",
        category="respirator",
    )
    claims = [
        Claim(
            code="FFP3",
            polarity=Polarity.ASSERTED,
            span=span(subject, "FFP3", Where.SUBJECT),
            rule="class.ffp3",
            category="respirator",
        ),
        claim(FFP3, "EN 149:2001+A1:2009", "EN 149", category="respirator"),
        claim(FFP3, "CE-merket", "CE", category="respirator"),
        claim(FFP3, "kontrollorgan 0158", "NB 0158", category="respirator"),
        on_paper,
        claim(FFP3, "Samsvarserklæring", "Declaration of Conformity", Polarity.PENDING, "respirator"),
    ]
    lines = [
        OfferLine(
            category="respirator",
            quantity=3240,
            per="once",
            price=74,
            currency="NOK",
            price_unit="piece",
            box_size=20,
            lead_time_days=1,
            stock_country="NO",
            spans=(("quantity", span(FFP3, "3 240 stk")), ("price", span(FFP3, "kr 74,- pr stk"))),
        ),
        OfferLine(
            category="respirator",
            quantity=1100,
            per="once",
            price=96,
            currency="NOK",
            price_unit="piece",
            box_size=10,
            lead_time_days=1,
            stock_country="NO",
            spans=(("quantity", span(FFP3, "1 100 stk")), ("price", span(FFP3, "kr 96,- pr stk"))),
        ),
    ]
    finding = Finding(
        rule="doc.outstanding",
        severity=Severity.LOW,
        category="respirator",
        texts=(
            ("nb", "Samsvarserklæringen er lovet, men ikke mottatt."),
            ("en", "The declaration of conformity is promised but not received."),
        ),
        action="be om samsvarserklæringen før avrop",
        spans=(span(FFP3, "Samsvarserklæring"),),
    )
    one = triaged(
        mail(subject, sender, FFP3, attachments=files),
        categories=["respirator"],
        claims=claims,
        lines=lines,
        supplier=Supplier(
            company="Haugan Vern og Verktøy AS",
            org_number="969030721",
            org_number_valid=True,
            contact="Kjersti Haugan",
            email=sender.address,
            phone="+4795714208",
            country="NO",
        ),
        findings=[finding],
        band="high",
        proof=[
            ProofState.CLAIMED,
            ProofState.DOCUMENT_SEEN,
            ProofState.CLAIMED,
            ProofState.DOCUMENT_SEEN,
            ProofState.DOCUMENT_SEEN,
            ProofState.NONE,
        ],
        reasons=[
            reason(50, "Åndedrettsvern er det som mangler mest", "Respirators are what is missing most"),
            reason(14.5, "4 340 stykker dekker 3 % av behovet", "4,340 pieces cover 3 % of the need"),
            reason(12, "Kan leveres om 1 dag", "Can be delivered in 1 day"),
            reason(9, "Dokument sett for de fleste kravene", "Document seen for most claims"),
            reason(4, "Tilbudet er komplett", "The offer is complete"),
            reason(-1.5, "Funn: samsvarserklæring mangler", "Finding: declaration of conformity outstanding"),
        ],
        parts=segments(FFP3, ("Med vennlig hilsen", SegmentKind.SIGNATURE)),
    )
    return one, NOW - timedelta(hours=18)


def _ffp3_more() -> Item:
    text = "Hei igjen,\n\nhar dere fått sett på tilbudet under?\n\nMvh Kjersti\n\n> " + FFP3.replace("\n", "\n> ")
    sender = Address(name="Kjersti Haugan", address="kjersti.haugan@hauganvern.example")
    one = triaged(
        mail("Re: Åndedrettsvern FFP3 på lager – 4 340 stk", sender, text),
        intent="follow_up",
        categories=["respirator"],
        band="low",
        claims=[claim(text, "EN 149:2001+A1:2009", "EN 149", Polarity.QUOTED, "respirator")],
        reasons=[reason(20, "Purring på en åpen sak", "Follow-up of an open case")],
        parts=segments(text, ("\n> ", SegmentKind.QUOTATION)),
        reply=ReplyDecision(
            kind=None, language="nb", to=None, rule="case.answered", reason="Saken har fått kvittering før."
        ),
    )
    return one, NOW - timedelta(hours=2)


def _kn95() -> Item:
    sender = Address(name="Amy Luo", address="hyd_amyluo@mail163.example")
    claims = [
        claim(KN95, "KN95", "KN95", category="respirator"),
        claim(KN95, "FFP2", "FFP2", category="respirator"),
        claim(KN95, "GB2626-2006", "GB 2626", category="respirator"),
        claim(KN95, "CE certificate", "CE", category="respirator"),
        claim(KN95, "EN 149", "EN 149", category="respirator"),
        claim(KN95, "not FDA registered", "FDA", Polarity.DENIED, "respirator"),
        claim(KN95, "FDA is in process", "FDA", Polarity.PENDING, "respirator"),
        claim(KN95, "according to EN 149", "EN 149", Polarity.QUOTED, "respirator"),
        claim(KN95, "declaration of conformity", "Declaration of Conformity", Polarity.QUOTED),
    ]
    lines = [
        OfferLine(
            category="respirator",
            quantity=200_000,
            per="day",
            price=2.1,
            currency="USD",
            price_unit="piece",
            moq=10_000,
            lead_time_days=7,
            spans=(
                ("quantity", span(KN95, "200,000 pcs per day")),
                ("price", span(KN95, "USD 2.10 / pc")),
                ("lead_time_days", span(KN95, "delivery 7 days")),
            ),
        )
    ]
    findings = [
        Finding(
            rule="kn95.dual",
            severity=Severity.HIGH,
            category="respirator",
            texts=(
                ("nb", "KN95 er ikke FFP2; KN95 krever EU-typeprøving eller unntak etter (EU) 2020/403."),
                ("en", "KN95 is not FFP2; KN95 needs an EU type-examination or an exemption under (EU) 2020/403."),
            ),
            action="request the EU type-examination certificate (module B) and C2/D",
            spans=(span(KN95, "same as FFP2"),),
        ),
        Finding(
            rule="issuer.warned",
            severity=Severity.HIGH,
            category="respirator",
            texts=(
                ("nb", "Utstederen er ikke meldt organ for verneutstyr."),
                ("en", "The issuer is not a notified body for PPE."),
            ),
            action="do not accept as proof",
            spans=(span(KN95, "from ECM"),),
        ),
        Finding(
            rule="fda.pending",
            severity=Severity.INFO,
            category=None,
            texts=(
                ("nb", "FDA-registrering sier ikke noe om EU-krav."),
                ("en", "FDA registration says nothing of EU requirements."),
            ),
            action="",
        ),
    ]
    risk = [
        RiskSign(
            code="advance_payment",
            reason="asks for full payment before delivery",
            spans=(span(KN95, "100% T/T in advance"),),
        ),
        RiskSign(code="pressure", reason="gives little time", spans=(span(KN95, "valid today only"),)),
        RiskSign(
            code="suspicious_issuer", reason="certificate from an issuer with a warning", spans=(span(KN95, "ECM"),)
        ),
        RiskSign(code="free_mail_domain", reason="a factory that writes from a free mail address"),
    ]
    one = triaged(
        mail(
            "KN95 mask = FFP2, 200,000 pcs/day",
            sender,
            KN95,
            hidden="respirator FFP3 certified best price FFP3 FFP3",
            at=NOW,
        ),
        language="en",
        categories=["respirator"],
        claims=claims,
        lines=lines,
        supplier=Supplier(
            company="Dongguan Hengyida Protective Products Co.,Ltd",
            contact="Amy Luo",
            email=sender.address,
            phone="+8613712550846",
            country="CN",
        ),
        findings=findings,
        risk=risk,
        missing=["regulatory"],
        band="medium",
        reasons=[
            reason(50, "Åndedrettsvern er det som mangler mest", "Respirators are what is missing most"),
            reason(20, "200 000 stykker per dag", "200,000 pieces a day"),
            reason(6, "Kan leveres om 7 dager", "Can be delivered in 7 days"),
            reason(-18, "Beviset holder ikke", "The proof does not hold"),
            reason(-8, "Fire risikotegn", "Four risk signs"),
        ],
        parts=segments(KN95, ("Best regards", SegmentKind.SIGNATURE), ("> From:", SegmentKind.QUOTATION)),
    )
    return one, NOW - timedelta(hours=30)


def _gowns() -> Item:
    sender = Address(name="Anna Lindqvist", address="anna@skyddstextil.example")
    one = triaged(
        mail(
            "Operationsrockar EN 13795, 40 000 st i lager",
            sender,
            GOWNS,
            attachments=[
                attachment(
                    "prislista.xlsx",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "Artikel\tAntal\tPris\nRock steril M\t12000\t38\nRock steril L\t18000\t38\nRock steril XL\t10000\t38\n",
                )
            ],
        ),
        language="sv",
        categories=["gown"],
        claims=[claim(GOWNS, "EN 13795", "EN 13795", category="gown")],
        lines=[
            OfferLine(
                category="gown",
                quantity=40_000,
                per="once",
                price=38,
                currency="SEK",
                price_unit="piece",
                lead_time_days=5,
                stock_country="SE",
                spans=(("quantity", span(GOWNS, "40 000")), ("price", span(GOWNS, "38 SEK/st"))),
            )
        ],
        supplier=Supplier(
            company="Skyddstextil i Malmö AB", contact="Anna Lindqvist", email=sender.address, country="SE"
        ),
        band="high",
        reasons=[
            reason(40, "Smittefrakker mangler", "Gowns are missing"),
            reason(18, "40 000 stykker dekker 8 % av behovet", "40,000 pieces cover 8 % of the need"),
            reason(8, "Kan leveres om 5 dager", "Can be delivered in 5 days"),
            reason(3, "Krav nevnt, dokument ikke sett", "Standard named, document not seen"),
        ],
        parts=segments(GOWNS, ("Vänliga hälsningar", SegmentKind.SIGNATURE)),
    )
    return one, NOW - timedelta(hours=20)


def _gloves() -> Item:
    text = "Hei! Vi har en container med 1 000 000 nitrilhansker på vei til Oslo, ankomst uke 16. AQL 1.5, EN 455. Pris på forespørsel.\n\nRoger, tlf 480 97 215"
    one = triaged(
        mail("Hansker", Address(name="Roger Lien", address="rogerbl68@gratispost.example"), text),
        categories=["gloves"],
        claims=[
            claim(text, "AQL 1.5", "AQL 1.5", category="gloves"),
            claim(text, "EN 455", "EN 455", category="gloves"),
        ],
        lines=[OfferLine(category="gloves", quantity=1_000_000, per="once", lead_time_text="uke 16")],
        missing=["price"],
        risk=[
            RiskSign(code="no_company", reason="ingen firmanavn i meldingen"),
            RiskSign(code="free_mail_domain", reason="gratis e-postadresse"),
        ],
        band="medium",
        supplier=Supplier(
            contact="Roger Lien", email="rogerbl68@gratispost.example", phone="+4748097215", country="NO"
        ),
        reasons=[
            reason(30, "Hansker mangler", "Gloves are missing"),
            reason(12, "1 000 000 stykker", "1,000,000 pieces"),
            reason(-4, "To risikotegn", "Two risk signs"),
        ],
    )
    return one, NOW - timedelta(hours=44)


def _visors() -> Item:
    text = "Hei\n\nVi på maskinlinja har printet 400 visir som vi vil gi bort til sykehuset. De er ikke CE-merket. Kan hentes i Bodø.\n\nHilsen klasse 2B"
    one = triaged(
        mail("Visir til dere", Address(name="Maskinlinja 2B", address="klasse2b@skole.example"), text),
        intent="donation",
        categories=["eye_protection"],
        claims=[claim(text, "ikke CE-merket", "CE", Polarity.DENIED, "eye_protection")],
        lines=[OfferLine(category="eye_protection", quantity=400, per="once", lead_time_days=0, stock_country="NO")],
        missing=["regulatory", "contact", "price"],
        band="low",
        reasons=[
            reason(24, "Øyevern mangler", "Eye protection is missing"),
            reason(1, "400 stykker", "400 pieces"),
            reason(-5, "Sier selv at krav ikke er oppfylt", "Says itself that requirements are not met"),
        ],
    )
    return one, NOW - timedelta(hours=50)


def _question() -> Item:
    text = "Hei, vi syr gardiner og lurer på om vi kan hjelpe. Hvilke krav gjelder for smittefrakker, og hvem tar vi kontakt med?\n\nMvh\nGardinhuset"
    one = triaged(
        mail("Kan vi hjelpe?", Address(name="Gardinhuset", address="post@gardinhuset.example"), text),
        intent="question",
        categories=["gown", "production"],
        band="low",
        uncertain=True,
        reasons=[
            reason(10, "Spørsmål uten tilbud", "A question without an offer"),
            reason(5, "Må leses av et menneske", "Must be read by a person"),
        ],
    )
    return one, NOW - timedelta(hours=5)


def _need() -> Item:
    text = "Til orientering: Sykehuset i Nordfjord har igjen 340 FFP2 og bruker 90 per døgn. Vi trenger 2 000 innen fredag."
    one = triaged(
        mail("Behov uke 13", Address(name="Beredskap Nordfjord", address="beredskap@nordfjord.example"), text),
        intent="need_report",
        categories=["respirator"],
        claims=[claim(text, "FFP2", "FFP2", Polarity.QUOTED, "respirator")],
        lines=[
            OfferLine(
                category="respirator", quantity=2000, per="once", need=True, spans=(("quantity", span(text, "2 000")),)
            )
        ],
        band="none",
        reasons=[reason(0, "Behovsmelding, ikke et tilbud", "A need report, not an offer")],
    )
    return one, NOW - timedelta(hours=9)


def _newsletter() -> Item:
    text = "Ukens nyheter fra Kontorgrossisten: 20 % på kopipapir.\n\nMeld deg av her."
    one = triaged(
        mail("Ukens tilbud", Address(name="Kontorgrossisten", address="nyhet@kontorgrossisten.example"), text),
        intent="newsletter",
        band="none",
        screening=ScreeningKind.LIST,
        reasons=[reason(0, "Nyhetsbrev", "Newsletter")],
        reply=ReplyDecision(
            kind=None, language="nb", to=None, rule="list-headers", reason="Meldingen er sendt til en liste."
        ),
    )
    return one, NOW - timedelta(hours=60)


def _plain(number: int, category: str, goods: str) -> Item:
    quantity = 500 + 137 * number
    text = f"Hei, vi kan levere {quantity} {goods} fra lager i Norge. Ring oss.\n\nHilsen firma {number}"
    where: Sequence[Span] = (span(text, f"{quantity} {goods}"),)
    one = triaged(
        mail(f"Tilbud {number}: {goods}", Address(name=f"Firma {number}", address=f"post@firma{number}.example"), text),
        categories=[category],
        lines=[
            OfferLine(category=category, quantity=quantity, per="once", spans=tuple(("quantity", one) for one in where))
        ],
        missing=["regulatory", "price"][: 1 + number % 2],
        band=("medium", "low")[number % 2],
        supplier=Supplier(company=f"Firma {number} AS", country="NO"),
        reasons=[reason(30 - number / 4, "Vare det er behov for", "Goods that are needed")],
    )
    return one, NOW - timedelta(hours=number)

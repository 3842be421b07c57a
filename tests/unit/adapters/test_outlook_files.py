"""Mail in Outlook's own formats."""

from compressed_rtf import compress

from models.mail import DocumentText, ParsedMail
from tests.unit.adapters.outlook_files import Tree, compound, mapi, narrow, octets, properties, text, tnef
from triage.adapters.documents import read_document
from triage.stages.parse import parse

RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}}Vi har visir p\'e5 lager\par 500 stk}"
WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag50 <body>}{\*\htmltag64 <p>}\htmlrtf "
    rb"{\htmlrtf0 Visir"
    rb" p\'e5 lager\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}{\*\htmltag64 <p style='display:none'>}skjult"
    rb"{\*\htmltag72 </p>}}"
)


def opened(tree: Tree) -> ParsedMail:
    found = read_document("a.msg", "application/vnd.ms-outlook", compound(tree))
    (mail,) = found.members
    assert (found.unread, mail.content_type) == ("", "message/rfc822")
    return parse(mail.octets, read_document)


def message(*streams: tuple[str, "bytes | Tree"], header: int = 32) -> Tree:
    sender = (text(0x0C1A, "Ola Bjørn"), text(0x5D01, "ola@maker.example"), text(0x0037, "Visir på lager"))
    return dict([properties(header, (0x0039, 0x40, 132289632000000000), (0x3FFD, 3, 1252)), *sender, *streams])


def test_a_msg_has_sender_recipients_subject_date_and_text() -> None:
    recipients = {
        f"__recip_version1.0_#{number:08X}": dict(
            [properties(8, (0x0C15, 3, kind)), text(0x3001, name), text(0x39FE, address)]
        )
        for number, (kind, name, address) in enumerate(
            [(1, "Innkjøp", "desk@agency.example"), (2, "", "kari@x.example")]
        )
    }
    mail = opened(message(text(0x1000, "Vi har 500 visir.\r\n"), *recipients.items()))
    assert (mail.subject, mail.text.strip()) == ("Visir på lager", "Vi har 500 visir.")
    assert [(one.name, one.address) for one in mail.from_] == [("Ola Bjørn", "ola@maker.example")]
    assert [(one.name, one.address) for one in mail.to] == [("Innkjøp", "desk@agency.example")]
    assert [one.address for one in mail.cc] == ["kari@x.example"]
    assert mail.date is not None
    assert mail.date.isoformat() == "2020-03-18T00:00:00+00:00"


def test_header_fields_that_outlook_kept_go_before_its_properties() -> None:
    kept = "From: Kari <kari@x.example>\r\nTo: a@b.example\r\nMessage-ID: <7@x>\r\nAuto-Submitted: auto-replied\r\n\r\n"
    mail = opened(message(text(0x007D, kept), text(0x1000, "hei")))
    assert [one.address for one in mail.from_] == ["kari@x.example"]
    assert (mail.message_id, dict(mail.headers)["auto-submitted"]) == ("<7@x>", "auto-replied")


def test_a_msg_in_rtf_alone_is_read() -> None:
    assert opened(message(octets(0x1009, compress(RTF)))).text.strip() == "Vi har visir på lager\n500 stk"


def test_html_wrapped_in_rtf_is_read_as_html() -> None:
    assert opened(message(octets(0x1009, compress(WRAPPED, compressed=False)))).text.strip() == "Visir på lager"


def test_a_msg_in_html_alone_is_read_and_what_it_hides_is_apart() -> None:
    page = "<p>Visir på lager</p><p style='display:none'>skjult</p>".encode("cp1252")
    mail = opened(message(octets(0x1013, page)))
    assert (mail.text.strip(), mail.hidden_text) == ("Visir på lager", "skjult")


def test_text_of_eight_bits_is_read_by_its_code_page_and_an_unknown_one_is_guessed() -> None:
    assert "på lager" in opened(message(narrow(0x1000, "på lager i Ålesund".encode("cp1252")))).text
    tree = {
        **message(narrow(0x1000, "Åse på lager, prøv".encode("cp1252"))),
        **dict([properties(32, (0x3FFD, 3, 9999))]),
    }
    assert "på lager" in opened(tree).text


def test_attachments_and_mails_inside_a_msg_are_read() -> None:
    inner = message(text(0x1000, "innerst"), header=24)
    attachments: Tree = {
        "__attach_version1.0_#00000000": dict(
            [properties(8), text(0x3707, "..\\pris liste år.csv"), octets(0x3701, b"vare;antall\nvisir;5\n")]
        ),
        "__attach_version1.0_#00000001": {**dict([properties(8)]), "__substg1.0_3701000D": inner},
    }
    mail = opened(message(text(0x1000, "ytterst"), *attachments.items()))
    assert [one.path for one in mail.attachments] == ["pris liste år.csv", "Visir på lager.eml"]
    assert mail.attachments[0].text == "vare\tantall\nvisir\t5"
    assert [one.text.strip() for one in mail.nested] == ["innerst"]


def test_a_mail_with_a_msg_shows_the_mail_in_it() -> None:
    outer = b"From: a@b.example\nSubject: VS: visir\nContent-Type: application/octet-stream; name=fwd.msg\n\n"
    tree = message(text(0x1000, "Vi har visir."))
    found: list[DocumentText] = []

    def reader(name: str, content_type: str, _: bytes) -> DocumentText:
        found.append(read_document(name, content_type, compound(tree)))
        return found[-1]

    mail = parse(outer + b"x", reader)
    assert [one.path for one in mail.attachments] == ["fwd.msg", "fwd.msg/message.eml"]
    assert [one.subject for one in mail.nested] == ["Visir på lager"]


def test_any_damage_of_a_msg_is_said_or_read() -> None:
    whole = compound(message(text(0x1000, "hei"), octets(0x1009, compress(RTF))))
    for place in range(0, len(whole), 997):
        damaged = whole[:place] + b"\xff\xfe\xfd" + whole[place + 3 :]
        found = read_document("a.msg", "", damaged)
        assert found.unread or found.members
    for length in range(0, len(whole), 1501):
        read_document("a.msg", "", whole[:length])


OEM = (1, 0x9007, 6, b"\xe4\x04\0\0\0\0\0\0")
FILE = [
    (2, 0x9002, 6, bytes(14)),
    (2, 0x8010, 1, b"pris.csv\0"),
    (2, 0x800F, 6, b"vare;antall\nvisir;5\n"),
]


def test_a_winmail_has_its_text_and_files() -> None:
    found = read_document(
        "winmail.dat", "application/ms-tnef", tnef(OEM, (1, 0x800C, 2, b"Visir p\xe5 lager\0"), *FILE)
    )
    assert (found.text, found.unread) == ("Visir på lager", "")
    assert [(one.name, one.content_type, one.octets) for one in found.members] == [
        ("pris.csv", "text/csv", b"vare;antall\nvisir;5\n")
    ]


def test_a_winmail_in_compressed_rtf_is_read() -> None:
    packed = mapi((0x1009, 0x0102, compress(RTF)))
    assert read_document("winmail.dat", "", tnef(OEM, (1, 0x9003, 6, packed))).text == "Vi har visir på lager\n500 stk"


def test_a_winmail_without_code_page_is_read() -> None:
    named = (1, 0x8004, 1, b"Visir\0")
    assert [one.name for one in read_document("winmail.dat", "", tnef(named, *FILE)).members] == ["pris.csv"]


def test_a_winmail_that_is_cut_off_says_so() -> None:
    whole = tnef(OEM, (1, 0x800C, 2, b"Visir\0"), *FILE)
    assert "may be missing" in read_document("winmail.dat", "", whole[:-12]).unread


def test_a_winmail_of_very_many_attributes_is_not_opened() -> None:
    assert "too much" in read_document("winmail.dat", "", tnef(*[(1, 0x8010, 6, b"")] * 5_000)).unread


def test_a_winmail_bears_any_damage() -> None:
    whole = tnef(OEM, (1, 0x9003, 6, mapi((0x1009, 0x0102, compress(RTF)))), *FILE)
    for place in range(0, len(whole), 7):
        read_document("winmail.dat", "", whole[:place] + b"\xff" + whole[place + 1 :])
        read_document("winmail.dat", "", whole[:place])

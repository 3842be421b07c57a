"""C05 and C06: text that patterns lose their way in, and text that databases do not take."""

# ruff: noqa: E501 - octets are easier to check on one line

from collections.abc import Callable, Mapping
from functools import partial

from tests.e2e.hostile.making import TEXT, header, with_html, with_text

SIZE = 200_000
ATOMS = (
    "1", " ", "\t", "\n", "\r\n \r\n", "a", "A", ".", ",", "-", "_", "/", "(", ")", "[", "<", ">", "@", ":", "*", "=", "#",
    "EN ", "kr ", "NOK ", "1 000", "1.000,", "1,", "12:", "1/1/", "a@", "@a.", "a.b.", "www.", "http://", "https://a/",
    "+47 ", "> ", ">>", "> \n", "| ", "-- \n", "From: ", "Fra: a\n", "On 1 wrote:\n", "---- ", "Den 1. skrev ",
    "FFP2 ", "EN 149 ", "ISO 13485 ", "CE ", "MOQ ", "pcs ", "USD ", "€ 1 ", "$1", "1 x ", "½", "×", "å", "中", "口罩",
    "\u00a0", "\u200b", "\u0301", "\U0001f600", "Æ", "ß", "\u202e", "\ufb03", "1\n", "a\n", "\ta\t1\n", "a:\n", "NO 999 999 999 MVA ",
    "IBAN NO93 ", "FFP2;12,50;1000\n", "not ", "ikke ", "no certificate ", "price 1 per box of ", "a-", "A1", "1a", "(a)", "!?", "\\", "%1",
)  # fmt: skip
"""What is repeated: figures, blanks and marks, and beginnings of what the desk looks for."""


def repeated() -> Mapping[str, Callable[[], bytes]]:
    """A mail of 200 kB of each atom, between sentences; and some as HTML and subject."""
    mails = {f"200 kB of {atom!r}": partial(_text, atom) for atom in ATOMS}
    mails |= {
        f"60 kB of {atom!r} in Subject": partial(_subject, atom) for atom in ("1", "Re: ", "[a] ", "SM-", "( ", "a ")
    }
    mails |= {f"200 kB of {atom!r} in HTML": partial(_page, atom) for atom in ("1", "&nbsp;", "EN ", "a@", "> ")}
    mails["200 kB of atoms by turns"] = partial(_text, "".join(ATOMS))
    mails["10,000 lines of offers"] = partial(
        _text, "FFP2 mask EN 149, 10 000 pcs, NOK 12,50 per pc, delivery 2 weeks\n"
    )
    mails["1 MB of offers"] = partial(_text, "FFP2 mask EN 149, 10 000 pcs, NOK 12,50 per pc\n", 1_000_000)
    mails["10,000 addresses and telephones"] = partial(_text, "kim@firma.example +47 22 33 44 55 www.firma.example\n")
    mails["3,000 quotations"] = partial(
        _text, "On Fri, Mar 20, 2020 at 10:00 AM Kim <kim@firma.example> wrote:\n> hello\n"
    )
    mails["3,000 signatures"] = partial(
        _text, "Best regards,\nKim Kimsen\nSales manager\nFirma AS\nTel +47 22 33 44 55\n\n"
    )
    mails["3,000 forwarded headers"] = partial(
        _text, "-----Original Message-----\nFrom: a@b.example\nSent: x\nTo: y\nSubject: z\n\n"
    )
    return mails


def unstorable() -> Mapping[str, Callable[[], bytes]]:
    """NUL, surrogates and charsets in body, header and names."""
    kind = b"text/plain; charset="
    return {
        "NUL in body and subject": partial(_plain, b"Offer\0 of", b"We offer\0 1000 \0\0masks"),
        "surrogates in UTF-8": partial(_plain, b"\xed\xa0\x80 a \xed\xb0\x80", b"\xed\xa0\x80 mask \xed\xb0\x80"),
        "surrogates by encoded word": partial(_plain, b"=?utf-8?q?=ED=A0=80_a?= =?utf-16?b?ANg=?=", TEXT),
        "halves in UTF-16": partial(with_text, b"\x00\xd8\x41\x00\x00\xdc", kind + b"utf-16-le"),
        "UTF-7 of halves and NUL": partial(with_text, b"+2AA- +AAA- +3AA- mask", kind + b"utf-7"),
        "UTF-7 of markup": partial(
            with_text, b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", b"text/html; charset=utf-7"
        ),
        "UTF-32 out of range": partial(with_text, b"\xff\xff\xff\x7fmask", kind + b"utf-32-le"),
        "unicode-escape": partial(with_text, b"\\u0000\\ud800\\U0010ffff mask", kind + b"unicode_escape"),
        "raw-unicode-escape": partial(with_text, b"\\ud800 mask", kind + b"raw-unicode-escape"),
        "idna and punycode": partial(with_text, b"xn--" * 5_000, kind + b"punycode"),
        "a charset that inflates": partial(with_text, b"x\x9c" * 100, kind + b"zlib"),
        "a charset with CR LF": partial(with_text, TEXT, kind + b'"utf-8\r\n x: y"'),
        "a charset with a path": partial(with_text, TEXT, kind + b"../../etc/passwd"),
        "iso-2022-jp cut off": partial(with_text, b"\x1b$B" * 20_000, kind + b"iso-2022-jp"),
        "iso-2022-kr by turns": partial(with_text, b"\x0e\x0f" * 20_000, kind + b"iso-2022-kr"),
        "hz by turns": partial(with_text, b"~{" * 20_000, kind + b"hz"),
        "gb18030 of four octets": partial(
            with_text, b"\x84\x31\xa4\x37" * 5_000 + b"\xe3\x32\x9a\x36", kind + b"gb18030"
        ),
        "every octet": partial(with_text, bytes(range(256)) * 20, kind + b"utf-8"),
        "every octet in the header": partial(_plain, bytes(set(range(256)) - {10, 13}), TEXT),
        "NUL and surrogates by entity": partial(with_html, b"&#0;&#xD800;&#xDFFF;&#x110000;&#xFFFF; mask"),
        "escapes for JSON": partial(
            _plain, b"\\u0000 \\ud800", b'\\u0000 \\ud800 "\\" \x7f \xc2\x85 \xe2\x80\xa8 mask'
        ),
        "noncharacters": partial(with_text, "\ufffe\uffff\U0001ffff mask".encode(), kind + b"utf-8"),
        "NUL in address and Message-ID": lambda: header("a\0b").replace(b"Kim <", b"K\0im <k\0") + b"\r\n" + TEXT,
        "surrogates in an address": lambda: (
            header().replace(b"kim@firma", b"\xed\xa0\x80@\xed\xb0\x80") + b"\r\n" + TEXT
        ),
        "a year that no database knows": lambda: header().replace(b"2020", b"99999") + b"\r\n" + TEXT,
        "a date before all dates": lambda: header().replace(b"20 Mar 2020", b"01 Jan 0001") + b"\r\n" + TEXT,
        "a zone of 99 hours": lambda: header().replace(b"+0100", b"+9999") + b"\r\n" + TEXT,
    }


def _text(atom: str, size: int = SIZE) -> bytes:
    body = (atom * (size // len(atom.encode()) + 1)).encode()
    return header() + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT + body + b"\r\n" + TEXT


def _subject(atom: str) -> bytes:
    return header(subject=atom.encode() * (60_000 // len(atom))) + b"\r\n" + TEXT


def _page(atom: str) -> bytes:
    return with_html(b"<p>" + atom.encode() * (SIZE // len(atom)) + b"</p><p>" + TEXT)


def _plain(subject: bytes, body: bytes) -> bytes:
    return header(subject=subject) + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body + b"\r\n"

"""C07: names of attachments that lead elsewhere, look like others, or mean something to a system."""

# ruff: noqa: E501 - octets are easier to check on one line

from collections.abc import Callable, Mapping
from functools import partial

from tests.e2e.hostile.bombs import zipped
from tests.e2e.hostile.making import with_file, with_files

CONTENT = b"article;price\r\nFFP2;12,50\r\n"
NAMES = (
    "../../etc/cron.d/x", "..\\..\\windows\\x.csv", "/etc/passwd", "C:\\boot.ini", "\\\\server\\share\\x", "..", ".", "...", "~",
    "~/.ssh/authorized_keys", ".htaccess", "\u200b.htaccess", ".\u200bhtaccess", "\ufeff.htaccess", "a\u202efdp.exe", "\u2066a\u2069.csv",
    "CON", "con.csv", "NUL.txt", "COM1", "LPT9.csv", "AUX.", "a.csv.", "a.csv ", " a.csv", "a\tb.csv", "a\x00b.csv", "a\x01\x1b[31m.csv",
    "a;b.csv", "a,b.csv", "a`id`.csv", "$(id).csv", "a|b.csv", "-rf", "--help", "%2e%2e%2fx", "%00.csv", "a" * 3_000 + ".csv",
    "\u00e5" * 300 + ".csv", "\U0001f600.csv", "a\u0301" * 100, "=cmd|' /C calc'!A0.csv", "<script>.html", "a.svg", "index.php",
    "desktop.ini", "a.csv::$DATA", "a.csv/", "a//b", "", " ", '"', "\uff0e\uff0e\uff0fx", "\u2024\u2024\u2215x", "../a/../../b",
)  # fmt: skip
RAW = (
    b"filename=../../etc/x", b"filename*=utf-8''..%2F..%2Fetc%2Fx", b"filename*=utf-8''a%0D%0AX-Evil%3A%20b.csv",
    b'filename="a\r\n\tb.csv"', b"filename==?utf-8?q?=2E=2E=2Fa=0D=0AX-Evil=3A_b=2Ecsv?=", b"filename*0=..; filename*1=/x",
    b"filename*=x-none''a", b'filename="a.csv"; filename="../b"', b"filename*=utf-16''%00%2E%00%2F", b"filename=\xff\xfe.csv",
)  # fmt: skip
"""Parameters as they stand in the field."""


def named() -> Mapping[str, Callable[[], bytes]]:
    """One mail of all names, one of all parameters, and archives of such names."""
    kind = b"text/csv"
    quoted = [(_parameter(name), CONTENT + str(n).encode(), kind) for n, name in enumerate(NAMES)]
    return {
        "names of all kinds": partial(with_files, *quoted),
        "parameters of all kinds": partial(with_files, *((raw, CONTENT + raw, kind) for raw in RAW)),
        "an archive of such names": lambda: with_file("a.zip", _archive()),
        "types that a browser would run": partial(
            with_files,
            ("a.html", b"<script>alert(1)</script>", b"text/html"),
            ("a.svg", b"<svg onload='alert(1)'/>", b"image/svg+xml"),
            ("a.xml", b"<?xml-stylesheet href='x'?><a/>", b"application/xml"),
            ("a.js", b"alert(1)", b"text/javascript"),
            ("a.csv", b"<html><script>alert(1)</script>", b"text/html\t; a=\"b\""),
            ("a.pdf", b"GIF89a/*%PDF-1.4 <script>alert(1)</script>", b"application/x-\xff"),
        ),
    }  # fmt: skip


def _parameter(name: str) -> bytes:
    octets = name.encode("utf-8", "surrogatepass")
    return b"filename*=utf-8''" + b"".join(b"%%%02X" % octet for octet in octets)


def _archive() -> bytes:
    return zipped({name or "empty": CONTENT + str(n).encode() for n, name in enumerate(NAMES) if len(name) < 1_000})

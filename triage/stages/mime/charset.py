"""Octets to text whatever their label says: missing, wrong and unknown charsets, and text fit for every database."""

import codecs
import re

from models.mail import Defect

WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
}
"""Charsets that mailers name when they mean the wider one."""

NOT_CHARSETS = {
    "idna", "punycode", "undefined", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape",
    "base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib",
}  # fmt: skip
"""Codecs of Python that are no charsets: some return octets, some inflate."""

GUESSES = ["utf_8", "gb18030", "big5", "cp949", "cp932", "euc_jp", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1252"]
GUESS_OCTETS = 20_000
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp_ext"), (b"\x1b$@", "iso2022_jp_ext"))
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")
_DOUBLED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u017e\u2013-\u2122\u20ac]")
MANY_HIGH = 0.3
HIGH = 0x80
MAX_LABEL = 60
LEAST_DOUBLED = 2


def normalised(text: str) -> str:
    """Text with LF line ends, without NUL, lone surrogates and a leading byte order mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub("\ufffd", text).removeprefix("\ufeff")


def decoded(octets: bytes, label: str | None) -> tuple[str, list[Defect]]:
    """The text of the octets, normalised, with a defect when the label could not be followed."""
    text, defects = _by_label(octets, (label or "").strip().strip("\"'"))
    repaired = _undoubled(text)
    if repaired != text:
        defects = [*defects, Defect(code="charset-doubled", detail="UTF-8 was encoded twice")]
    return normalised(repaired), defects


def repaired(raw: str) -> str:
    """A header value as the standard library holds it (octets over 127 as surrogates), decoded."""
    try:
        octets = raw.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return normalised(raw)
    return normalised(guessed(octets)[0])


def guessed(octets: bytes) -> tuple[str, str]:
    """(text, charset) by what the octets look like."""
    for mark, charset in (*_BOMS, *((e, c) for e, c in _ESCAPES if e in octets)):
        if octets.startswith(mark) or mark[:1] == b"\x1b":
            return octets.decode(charset, "replace"), charset
    try:
        return octets.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _single_byte(octets):
        return octets.decode("cp1252", "replace"), "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(octets[:GUESS_OCTETS], cp_isolation=GUESSES).best()
    charset = best.encoding if best is not None else "cp1252"
    return octets.decode(charset, "replace"), charset


def _single_byte(octets: bytes) -> bool:
    """Whether octets over 127 stand alone, as the letters of a Western language do."""
    runs = [len(run) for run in _HIGH_RUN.findall(octets)]
    return not runs or sum(1 for run in runs if run == 1) >= 0.7 * len(runs)


def _by_label(octets: bytes, label: str) -> tuple[str, list[Defect]]:
    charset = _codec(label)
    if charset is None:
        text, guess = guessed(octets)
        code = "charset-unknown" if label else "charset-missing"
        return text, [] if octets.isascii() else [Defect(code=code, detail=f"{label or 'no label'}; read as {guess}")]
    if charset == "cp1252" and not octets.isascii() and _not_western(octets):
        text, guess = guessed(octets)
        if guess != "cp1252":
            return text, [Defect(code="charset-wrong", detail=f"{label}; read as {guess}")]
    try:
        return octets.decode(charset), []
    except (UnicodeError, ValueError):
        text, guess = guessed(octets)
        damaged = octets.decode(charset, "replace")
        if damaged.count("\ufffd") < sum(1 for char in damaged if "\x7f" < char != "\ufffd"):
            text, guess = damaged, charset
        return text, [Defect(code="charset-wrong", detail=f"{label}; read as {guess}")]


def _not_western(octets: bytes) -> bool:
    """Whether octets labelled as a Western charset are more likely another: valid UTF-8, or mostly over 127."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return sum(1 for octet in octets if octet >= HIGH) > MANY_HIGH * len(octets)
    return True


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name if label and len(label) < MAX_LABEL and label.isascii() else ""
        if not name or name in NOT_CHARSETS:
            return None
    except (LookupError, ValueError):
        return None
    name = name.replace("-", "_") if name.replace("-", "_") in WIDER else name
    return WIDER.get(name, name)


def _undoubled(text: str) -> str:
    if len(_DOUBLED.findall(text[:GUESS_OCTETS])) < LEAST_DOUBLED:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text

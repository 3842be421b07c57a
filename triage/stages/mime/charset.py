"""Octets to text whatever their label says: missing, wrong and unknown charsets, and text fit for every database."""

import codecs
import re
from functools import lru_cache

from models.mail import Defect
from triage.stages.mime import polish

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
    "base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "utf-7",
}  # fmt: skip
"""Codecs of Python that are no charsets of mail: some return octets, some inflate, UTF-7 hides what it says."""

GUESSES = ["utf_8", "gb18030", "big5", "cp949", "cp932", "euc_jp", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1252"]
GUESS_OCTETS = 20_000
WIDE_OCTETS = 2_000
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp_ext"), (b"\x1b$@", "iso2022_jp_ext"))
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SURE = frozenset({"utf-8", "utf-8-sig", "utf-16", "iso2022_kr", "iso2022_jp_ext"})
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_DOS = re.compile(rb"[a-zA-Z](?:[\x81\x84\x86\x91\x94\x9b\x9d][a-z]|[\x86\x9b])")
_LETTERS = re.compile(rb"[\xc0-\xff]")
_LABEL = re.compile(r"[\w.:+-]{1,60}", re.ASCII)
_PAGE = re.compile(r"(?:x-)?(?:windows|win|dos|ibm|cp)-?(\d{3,5})$")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")
_DOUBLED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u017e\u2013-\u2122\u20ac]")
MANY_HIGH = 0.3
LEAST_DOUBLED = 2
FEW, LEAST_FOREIGN, LEAST_DOS = 16, 8, 2
LEAST_LETTER = 0xC0  # of Cyrillic, in cp1251
KOREAN = range(0xB0, 0xC9)
ALIASES = {"unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "ansi": "cp1252", "iso-8859-8-i": "iso8859-8"}
"""Names of charsets that Python does not know."""


def normalised(text: str) -> str:
    """Text with LF line ends, without NUL, lone surrogates and a leading byte order mark."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and "\0" not in text:
        return text
    return _UNFIT.sub("\ufffd", text).removeprefix("\ufeff")


def decoded(octets: bytes, label: str | None) -> tuple[str, list[Defect]]:
    """The text of the octets, normalised, with a defect when the label could not be followed."""
    name = _LABEL.search(label or "")
    text, defects = _by_label(octets, name.group().lower() if name else "")
    repaired = _undoubled(text)
    if repaired != text:
        defects = [*defects, Defect(code="charset-doubled", detail="UTF-8 was encoded twice")]
    return normalised(repaired), defects


def repaired(raw: str) -> str:
    """A header value as the standard library holds it (octets over 127 as surrogates), decoded."""
    if raw.isascii() and "\x1b" not in raw:
        return normalised(raw)
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
    text = _nearly_utf8(octets)
    if text is not None:
        return text, "utf-8"
    charset = _by_pattern(octets) or _by_statistics(octets)
    return octets.decode(charset, "replace"), charset


def guessed_beside(octets: bytes, label: str) -> tuple[str, str]:
    """As `guessed`; where octets could be of several charsets, by the one that their surroundings are labelled with."""
    text, guess = guessed(octets)
    charset = _codec(label.lower())
    if guess in SURE or charset is None or charset in {"cp1252", *SURE}:
        return text, guess
    try:
        return octets.decode(charset), charset
    except (UnicodeError, ValueError):
        return text, guess


def beginning(octets: bytes, limit: int) -> bytes:
    """At most about `limit` octets, cut where no letter is: text of 100 MB need not be decoded to be cut."""
    if len(octets) <= limit:
        return octets
    octets = octets[: limit - limit % 4]
    line_end = octets.rfind(b"\n", len(octets) - GUESS_OCTETS)
    return octets if b"\0" in octets[:WIDE_OCTETS] or line_end < 0 else octets[: line_end + 1]


def _by_pattern(octets: bytes) -> str | None:
    """The charset that the places of the octets over 127 give away."""
    wide = _wide(octets)
    if wide:
        return wide
    runs = _HIGH_RUN.findall(octets)
    if not runs or sum(1 for run in runs if len(run) == 1) >= 0.7 * len(runs):
        if slavic := polish.charset_of(octets):
            return slavic
        dos = len(_DOS.findall(octets[:GUESS_OCTETS]))
        return "cp850" if dos >= LEAST_DOS and dos > len(_LETTERS.findall(octets[:GUESS_OCTETS])) else "cp1252"
    return "gb18030" if _few_chinese(b"".join(runs)) else None


def _few_chinese(high: bytes) -> bool:
    """Whether a word or two, too little for statistics, are Chinese by the most common of its charsets."""
    if len(high) > FEW or not any(octet < LEAST_LETTER for octet in high):
        return False
    try:
        high.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return len(high) < LEAST_FOREIGN or not all(octet in KOREAN for octet in high[::2])


def _by_statistics(octets: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(octets[:GUESS_OCTETS], cp_isolation=GUESSES).best()
    return best.encoding if best is not None else "cp1252"


def _wide(octets: bytes) -> str | None:
    """UTF-16 without a byte order mark, by its zeros."""
    sample = octets[:WIDE_OCTETS]
    if b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else None


def _by_label(octets: bytes, label: str) -> tuple[str, list[Defect]]:
    charset = _codec(label)
    wide = _wide(octets)
    if wide and charset != wide and not octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wrong = [] if label.startswith("utf-16") else [_not_followed(label, wide)]
        return octets.decode(wide, "replace"), wrong
    if charset in {"cp1252", "utf-8"} and octets.isascii() and any(escape in octets for escape, _ in _ESCAPES):
        text, guess = guessed(octets)
        return text, [Defect(code="charset-wrong", detail=f"{label}; read as {guess}")]
    if charset is None:
        text, guess = guessed(octets)
        return text, [_not_followed(label, guess)] if label.startswith("utf-7") or not octets.isascii() else []
    if charset == "cp1252" and not octets.isascii() and _not_western(octets):
        text, guess = guessed(octets)
        if guess != "cp1252":
            return text, [Defect(code="charset-wrong", detail=f"{label}; read as {guess}")]
    try:
        return octets.decode(charset), []
    except (UnicodeError, ValueError):
        text, guess = guessed(octets)
        damaged = octets.decode(charset, "replace")
        if guess != "utf-8" and damaged.count("\ufffd") < sum(1 for char in damaged if "\x7f" < char != "\ufffd"):
            text, guess = damaged, charset
        return text, [Defect(code="charset-wrong", detail=f"{label}; read as {guess}")]


def _nearly_utf8(octets: bytes) -> str | None:
    """The text when all but a little is UTF-8; halves of letters that Java wrote each for itself become one."""
    try:
        halves = octets.decode("utf-8", "surrogatepass")
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        text = octets.decode("utf-8", "replace")
    letters = sum(1 for char in text if "\x7f" < char != "\ufffd")
    return text if letters and letters >= 2 * text.count("\ufffd") else None


def _not_followed(label: str, guess: str) -> Defect:
    return Defect(
        code="charset-unknown" if label else "charset-missing", detail=f"{label or 'no label'}; read as {guess}"
    )


def _not_western(octets: bytes) -> bool:
    """Whether octets labelled as a Western charset are more likely another: valid UTF-8, or most are pairs."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        runs = [len(run) for run in _HIGH_RUN.findall(octets)]
        if polish.charset_of(octets):
            return True
        paired = sum(run for run in runs if run % 2 == 0)
        return sum(runs) > MANY_HIGH * len(octets) or (paired >= LEAST_FOREIGN and paired > 0.8 * sum(runs))
    return True


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    for name in (label, ALIASES.get(label, ""), label.removeprefix("x-"), _PAGE.sub(r"cp\1", label)):
        try:
            found = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            continue
        if found and found not in NOT_CHARSETS:
            return WIDER.get(found.replace("-", "_"), WIDER.get(found, found))
    return None


def _undoubled(text: str) -> str:
    if text.isascii() or len(_DOUBLED.findall(text[:GUESS_OCTETS])) < LEAST_DOUBLED:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text

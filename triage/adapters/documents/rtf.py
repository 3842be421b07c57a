"""Rich Text Format to text, and to the HTML that Outlook wraps in it (MS-OXRTFEX)."""

import codecs
import re
from dataclasses import dataclass, field
from html import escape

from models.mail import DocumentText
from triage.adapters.documents.limits import MAX_TEXT
from triage.stages.mime.html_text import text_of

MAX_TOKENS = 600_000
MAX_PACKED = 600_000
MAX_GROUPS = 5_000
HEAD = 2_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]{1,4096})|[\r\n]+|\\"
)
_UNSHOWN = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"themedata", b"listtable", b"listoverridetable",
     b"rsidtbl", b"generator", b"fldinst", b"objdata", b"mhtmltag", b"xmlnstbl", b"filetbl", b"datastore"}
)  # fmt: skip
_CHARACTERS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"nestrow": "\n", b"tab": "\t",
    b"cell": "\t", b"nestcell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """What holds until the group ends."""

    unshown: bool = False
    hidden: bool = False
    in_tag: bool = False
    in_fonts: bool = False
    skipped_after_unicode: int = 1
    charset: str = ""


@dataclass(slots=True)
class _Reading:
    is_html: bool
    page: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    length: int = 0
    octets: bytearray = field(default_factory=bytearray)
    to_skip: int = 0
    starred: bool = False
    no_html: bool = False


def read(octets: bytes) -> DocumentText:
    """An .rtf file."""
    text = text_in(octets)
    return DocumentText(text=text, unread="" if text.strip() else "holds no text (pictures only?)")


def unpacked(octets: bytes) -> bytes:
    """The RTF that Outlook keeps compressed (MS-OXRTFCP). Raises when it is damaged or too large."""
    from compressed_rtf import decompress

    if len(octets) > MAX_PACKED:
        raise ValueError("too large a body in RTF")
    rtf: bytes = decompress(octets)
    return rtf


def text_in(octets: bytes) -> str:
    """The text that RTF shows."""
    reading = _Reading(is_html=b"\\fromhtml1" in octets[:HEAD])
    _read(octets, reading)
    text = "".join(reading.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if reading.is_html:
        return text_of(text)[0]
    return "\n".join(line.rstrip("\t ") for line in text.split("\n")).strip("\n")


def _read(octets: bytes, reading: _Reading) -> None:
    place = 0
    for _ in range(MAX_TOKENS):
        token = _TOKEN.match(octets, place)
        if token is None or reading.length > 2 * MAX_TEXT:
            break
        place = token.end() + _take(reading, token)
    _flush(reading)


def _take(reading: _Reading, token: re.Match[bytes]) -> int:
    """Follow a token; how many octets after it are no RTF."""
    word, number, octet, symbol, brace, plain = token.groups()
    if octet:
        _add_octets(reading, bytes.fromhex(octet.decode()), 1)
    elif plain:
        _add_octets(reading, plain, len(plain))
    elif brace:
        _flush(reading)
        _enter_or_leave(reading, brace)
    elif word:
        value = int(number) if number else None
        _follow(reading, word, value)
        return max(value or 0, 0) if word == b"bin" else 0
    elif symbol == b"*":
        reading.starred = True
    elif symbol in _SYMBOLS:
        _flush(reading)
        _add(reading, _SYMBOLS[symbol])
    return 0


def _enter_or_leave(reading: _Reading, brace: bytes) -> None:
    reading.to_skip = 0
    reading.starred = False
    group = reading.group
    if brace == b"{":
        if len(reading.outer) >= MAX_GROUPS:
            reading.length = 2 * MAX_TEXT + 1
            return
        reading.outer.append(group)
        reading.group = _Group(
            unshown=group.unshown,
            hidden=group.hidden,
            in_tag=group.in_tag,
            in_fonts=group.in_fonts,
            skipped_after_unicode=group.skipped_after_unicode,
            charset=group.charset,
        )
    elif reading.outer:
        reading.group = reading.outer.pop()


def _follow(reading: _Reading, word: bytes, value: int | None) -> None:
    """What a control word does."""
    group = reading.group
    starred, reading.starred = reading.starred, False
    if word == b"u":
        _add_unicode(reading, value or 0)
        return
    _flush(reading)
    reading.to_skip = 0
    if word == b"htmltag" and reading.is_html:
        group.in_tag = True
    elif word in _UNSHOWN or starred:
        group.unshown = True
        group.in_fonts = word == b"fonttbl" or group.in_fonts
    elif word in _CHARACTERS:
        _add(reading, _CHARACTERS[word])
    else:
        _switch(reading, word, value)


def _switch(reading: _Reading, word: bytes, value: int | None) -> None:
    """Control words that change how the following is read."""
    group = reading.group
    if word == b"htmlrtf":
        reading.no_html = value != 0
    elif word in (b"v", b"deleted"):
        group.hidden = value != 0
    elif word == b"uc":
        group.skipped_after_unicode = min(value if value is not None else 1, 8)
    elif word == b"plain":
        group.hidden, group.charset = False, ""
    else:
        _switch_charset(reading, word, value or 0)


def _switch_charset(reading: _Reading, word: bytes, value: int) -> None:
    group = reading.group
    if word == b"ansicpg":
        reading.page = _codec(f"cp{value}") or reading.page
    elif word == b"f" and group.in_fonts:
        reading.font = value
    elif word == b"fcharset" and group.in_fonts:
        reading.fonts[reading.font] = _CHARSETS.get(value, "")
    elif word == b"f":
        group.charset = reading.fonts.get(value, "")


def _codec(name: str) -> str:
    try:
        return "gb18030" if name == "cp936" else codecs.lookup("utf-8" if name == "cp65001" else name).name
    except LookupError:
        return ""


def _add_unicode(reading: _Reading, value: int) -> None:
    _flush(reading)
    reading.to_skip = reading.group.skipped_after_unicode
    code = value + 0x10000 if value < 0 else value
    if 0 <= code <= 0xFFFF:  # noqa: PLR2004 - RTF writes 16 bits at a time
        _add(reading, chr(code))


def _add_octets(reading: _Reading, octets: bytes, letters: int) -> None:
    """Text in the charset of the font, without the letters that stand in for one of Unicode."""
    skipped = min(reading.to_skip, letters)
    reading.to_skip -= skipped
    if _is_shown(reading):
        reading.octets += octets[skipped:]


def _is_shown(reading: _Reading) -> bool:
    group = reading.group
    if group.unshown or group.hidden:
        return False
    return not (reading.is_html and reading.no_html)


def _flush(reading: _Reading) -> None:
    if reading.octets:
        text = reading.octets.decode(reading.group.charset or reading.page, "replace")
        reading.octets.clear()
        _add(reading, text)


def _add(reading: _Reading, text: str) -> None:
    if not _is_shown(reading):
        return
    if reading.is_html and not reading.group.in_tag:
        text = escape(text, quote=False)
    reading.out.append(text)
    reading.length += len(text)

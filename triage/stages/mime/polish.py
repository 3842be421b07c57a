"""Polish in one octet a letter, which looks as Western as Norwegian does: told by letters that no Western word has."""

import re

LEAST = 2
_WITHIN_WORDS = re.compile(rb"[\xb1\xb3\xb6\xb9\xbc\xbf\x9f](?<=[A-Za-z\x80-\xff].)(?=[a-z\x80-\xff])")
_ISO_LETTERS, _WINDOWS_LETTERS = b"\xb1\xb6\xbc", b"\xb9\x9f"
LOOKED_AT = 20_000


def charset_of(octets: bytes) -> str | None:
    """ISO 8859-2 or cp1250 when signs stand within words that are letters there and none elsewhere in Europe."""
    found = _WITHIN_WORDS.findall(octets[:LOOKED_AT])
    if len(found) < LEAST:
        return None
    iso, windows = (sum(one in letters for one in found) for letters in (_ISO_LETTERS, _WINDOWS_LETTERS))
    return "iso8859_2" if iso > windows else "cp1250"

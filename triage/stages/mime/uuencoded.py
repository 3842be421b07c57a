"""Files that old mailers put into the text by uuencode."""

import binascii
import re

_BEGIN = re.compile(r"begin [0-7]{3,4} (\S[^\n]{0,200})$")
MAX_FILES = 50


def extracted(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the encoded files, and the files with their names. What is no whole file stays text."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    name: str | None = None
    inside: list[str] = []
    for line in text.split("\n"):
        found = _BEGIN.match(line) if name is None and len(files) < MAX_FILES else None
        if found:
            name, inside = found.group(1), [line]
        elif name is None:
            kept.append(line)
        elif line.strip() == "end":
            octets = _decoded(inside[1:])
            if octets is None:
                kept += [*inside, line]
            else:
                files.append((name, octets))
            name = None
        else:
            inside.append(line)
    if name is not None:
        kept += inside
    return "\n".join(kept), files


def _decoded(lines: list[str]) -> bytes | None:
    pieces: list[bytes] = []
    for line in lines:
        try:
            pieces.append(binascii.a2b_uu(line.rstrip("\n")))
        except (binascii.Error, ValueError):
            length = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3 if line and line.isascii() else 0
            try:
                pieces.append(binascii.a2b_uu(line[:length]))
            except (binascii.Error, ValueError):
                return None
    return b"".join(pieces)

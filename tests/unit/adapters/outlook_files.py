"""Outlook's files made by hand: a compound file with the properties of a .msg, and a winmail.dat."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

SECTOR, SMALL, SHORT = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]
"""Streams and storages by name."""


@dataclass(slots=True)
class _File:
    """Sectors of 512 octets for the directory and long streams, small ones of 64 for short streams."""

    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    small: bytearray = field(default_factory=bytearray)
    small_fat: list[int] = field(default_factory=list)
    entries: list[list[int | str]] = field(default_factory=list)

    def put(self, octets: bytes) -> int:
        """The first sector of what is stored."""
        return _chained(octets, self.sectors, self.fat, SECTOR)

    def put_small(self, octets: bytes) -> int:
        pieces: list[bytes] = []
        first = _chained(octets, pieces, self.small_fat, SMALL)
        self.small += b"".join(pieces)
        return first

    def add(self, name: str, node: "bytes | Tree") -> int:
        """The number of the entry of a stream, or of a storage with what is in it."""
        number = len(self.entries)
        self.entries.append([name, 2 if isinstance(node, bytes) else 1, FREE, FREE, 0, 0])
        if isinstance(node, bytes):
            self.entries[number][4] = self.put(node) if len(node) >= SHORT else self.put_small(node)
            self.entries[number][5] = len(node)
            return number
        names = sorted(node, key=lambda one: (len(one), one.upper()))
        numbers = [self.add(one, node[one]) for one in names]
        for left, right in pairwise(numbers):
            self.entries[left][2] = right
        self.entries[number][3] = numbers[0] if numbers else FREE
        return number


def _chained(octets: bytes, pieces: list[bytes], fat: list[int], size: int) -> int:
    first = len(fat)
    padded = octets.ljust(max(1, -(-len(octets) // size)) * size, b"\0")
    count = len(padded) // size
    pieces += [padded[place : place + size] for place in range(0, len(padded), size)]
    fat.extend([*range(first + 1, first + count), END])
    return first


def compound(tree: Tree) -> bytes:
    """A compound file (MS-CFB) with that tree."""
    made = _File()
    made.add("Root Entry", tree)
    made.entries[0][1], made.entries[0][4], made.entries[0][5] = 5, made.put(bytes(made.small)), len(made.small)
    small_fat = struct.pack(f"<{len(made.small_fat)}I", *made.small_fat)
    first_small = made.put(small_fat.ljust(-(-len(small_fat) // SECTOR) * SECTOR, b"\xff"))
    directory = made.put(b"".join(_entry(*entry) for entry in made.entries))
    tables = 1
    while len(made.fat) + tables > tables * SECTOR // 4:
        tables += 1
    places = range(len(made.fat), len(made.fat) + tables)
    fat = [*made.fat, *[FAT] * tables]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6xII", 62, 3, 0xFFFE, 9, 6, 0, tables)
    header += struct.pack("<IIIIIII", directory, 0, SHORT, first_small, -(-len(small_fat) // SECTOR), END, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * SECTOR, b"\xff")
    return header + b"".join(made.sectors) + table


def _entry(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    return wide.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI16xIQ", len(wide), kind, 1, FREE, right, child, 0, first, size
    )


def text(name: int, value: str) -> tuple[str, bytes]:
    return f"__substg1.0_{name:04X}001F", value.encode("utf-16-le")


def narrow(name: int, value: bytes) -> tuple[str, bytes]:
    return f"__substg1.0_{name:04X}001E", value


def octets(name: int, value: bytes) -> tuple[str, bytes]:
    return f"__substg1.0_{name:04X}0102", value


def properties(header: int, *fixed: tuple[int, int, int]) -> tuple[str, bytes]:
    """The stream of fixed properties: (name, type, value) each."""
    entries = b"".join(struct.pack("<HHIQ", kind, name, 6, value) for name, kind, value in fixed)
    return "__properties_version1.0", bytes(header) + entries


def tnef(*attributes: tuple[int, int, int, bytes]) -> bytes:
    """winmail.dat of (level, name, type, octets)."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, name, kind, content in attributes:
        out += struct.pack("<BHHI", level, name, kind, len(content)) + content
        out += struct.pack("<H", sum(content) & 0xFFFF)
    return out


def mapi(*values: tuple[int, int, bytes]) -> bytes:
    """The MAPI properties of a TNEF message: (name, type, octets of a value of varying length)."""
    out = struct.pack("<I", len(values))
    for name, kind, content in values:
        padded = content.ljust(-(-len(content) // 4) * 4, b"\0")
        out += struct.pack("<HHII", kind, name, 1, len(content)) + padded
    return out

"""Values that a sender chose, made safe to stand in a header field of ours."""

import hmac
import re
from collections.abc import Iterable, Sequence

UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
MSGID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,120}@[A-Za-z0-9.:\[\]-]{1,120}>")
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,10}[A-Za-z0-9-]{2,63}")
ENCODED_WORD = ("=?", "?=")
SIGNATURE_DIGITS = 16


def echoed_subject(subject: str, marks: re.Pattern[str] | None, longest: int) -> str:
    """`subject` without the reply `marks` it begins with, safe and at most `longest` characters.

    Empty when it holds an encoded word: that could be decoded into a header field.
    """
    if any(mark in subject for mark in ENCODED_WORD):
        return ""
    plain = " ".join(UNSAFE.sub(" ", subject[:2_000]).split())
    bare = marks.sub("", plain, count=1) if marks else plain
    return bare.strip()[:longest].rstrip()


def ascii_address(address: str) -> str | None:
    """`address` with its domain as A-labels (UTS 46), or None when it is no single plain address."""
    import idna

    local, _, domain = address.strip().rpartition("@")
    if not local.isascii():
        return None
    try:
        encoded = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
    whole = f"{local}@{encoded.lower()}"
    return whole if ADDRESS.fullmatch(whole) and ".." not in whole else None


def msgid(value: str) -> str | None:
    """`value` in angle brackets when it is one plain msg-id, else None."""
    bracketed = f"<{value.strip().removeprefix('<').removesuffix('>')}>"
    return bracketed if MSGID.fullmatch(bracketed) and "=?" not in bracketed else None


def references(earlier: Iterable[str], answered: str, *, most: int, longest: int) -> Sequence[str]:
    """The msg-ids of a thread for References: the answered one last, the oldest left out first."""
    kept = [found for value in (*earlier, answered) if (found := msgid(value))]
    kept = list(dict.fromkeys(reversed(kept)))[:most]
    while kept and sum(len(value) + 1 for value in kept) > longest:
        kept.pop()
    return kept[::-1]


def own_msgid(case_number: str, kind: str, version: int, domain: str, key: bytes) -> str:
    """The msg-id of a reply: the same for the same case, kind and version, and not to be guessed without `key`."""
    name = f"{case_number}.{kind}.{version}"
    return f"<{name}.{_signature(name, key)}@{domain}>"


def is_own_msgid(value: str, key: bytes) -> bool:
    """Whether `value` is a msg-id that `own_msgid` made with `key`."""
    name, _, signature = value.strip("<> \t").rpartition("@")[0].rpartition(".")
    return bool(name) and hmac.compare_digest(signature.encode(), _signature(name, key).encode())


def _signature(name: str, key: bytes) -> str:
    return hmac.new(key, name.encode(), "sha256").hexdigest()[:SIGNATURE_DIGITS]

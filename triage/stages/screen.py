"""Who or what sent a mail, and whether it may be answered (RFC 3834, 3464, 8098, 2369, 2919)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from models.knowledge.screening import Check, ScreeningKnowledge, ScreeningRule
from models.mail import Address, MessageSource, ParsedMail, Screening, ScreeningKind

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_EVIDENCE = 200
MAX_VALUE = 1_000
FIRST_TEXT = 1_500
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDR_SPEC = re.compile(rf"[^\s<>()\[\],;:\"@\\]{{1,64}}@(?:{_LABEL}\.){{1,10}}{_LABEL}")


@dataclass(frozen=True, slots=True)
class _Case:
    mail: ParsedMail
    fields: frozenset[str]
    backfill: bool
    source: MessageSource
    own: tuple[str, ...]
    knowledge: ScreeningKnowledge


def screen(
    mail: ParsedMail,
    *,
    backfill: bool,
    own_addresses: tuple[str, ...],
    knowledge: ScreeningKnowledge,
    source: MessageSource = MessageSource.MAILBOX,
) -> Screening:
    """Kind, the first rule that withholds an answer with what it saw, and the one address that may be answered.

    `own_addresses` are addr-specs or "@domain"; without any, nothing is said about whom the mail was addressed to.
    """
    fields = frozenset(name for name, _ in mail.headers)
    case = _Case(mail, fields, backfill, source, tuple(_bare(one) for one in own_addresses), knowledge)
    reply_to = _reply_to(mail)
    for rule in knowledge.rules:
        by_pattern = _BY_PATTERN.get(rule.check)
        evidence = by_pattern(case, rule) if by_pattern else _BY_ITSELF[rule.check](case)
        if evidence is not None:
            return Screening(
                kind=rule.kind,
                rule=rule.id,
                evidence=" ".join(evidence.split())[:MAX_EVIDENCE],
                answerable=False,
                reply_to=reply_to,
            )
    return Screening(
        kind=ScreeningKind.PERSONAL, rule="", evidence="", answerable=reply_to is not None, reply_to=reply_to
    )


def _header(case: _Case, rule: ScreeningRule) -> str | None:
    whole, beginnings = _names(rule.fields)
    if not beginnings and whole.isdisjoint(case.fields):
        return None
    for name, value in case.mail.headers:
        if name in whole or name.startswith(beginnings):
            folded = _COMMENT.sub(" ", value[:MAX_VALUE]).partition(";")[0].strip().casefold()
            if rule.pattern is None or rule.pattern.search(folded):
                return f"{name}: {value}"
    return None


@cache
def _names(fields: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Names of fields, and how names begin: those that end in an asterisk."""
    beginnings = tuple(field[:-1] for field in fields if field.endswith("*"))
    return frozenset(field for field in fields if not field.endswith("*")), beginnings


def _content_type(case: _Case, rule: ScreeningRule) -> str | None:
    own = [part.content_type for part in case.mail.attachments if "/" not in part.path]
    for kind in [case.mail.content_type, *own]:
        if rule.pattern is not None and rule.pattern.search(kind):
            return kind
    return None


def _sender(case: _Case, rule: ScreeningRule) -> str | None:
    for one in case.mail.from_:
        if rule.pattern is not None and rule.pattern.search(one.address[:MAX_VALUE].casefold()):
            return one.address
    return None


def _bounce_wording(case: _Case) -> str | None:
    subject = case.mail.subject.casefold().strip()
    if subject.startswith(case.knowledge.bounce_subjects):
        return case.mail.subject
    start = " ".join(case.mail.text[:FIRST_TEXT].casefold().split())
    return next((phrase for phrase in case.knowledge.bounce_texts if phrase in start), None)


def _automatic_subject(case: _Case) -> str | None:
    subject = case.mail.subject.casefold().strip()
    return case.mail.subject if subject.startswith(case.knowledge.automatic_subjects) else None


def _null_return_path(case: _Case) -> str | None:
    return "Return-Path: <>" if case.mail.return_path == "" else None


def _no_return_path(case: _Case) -> str | None:
    path = case.mail.return_path
    return (path or "") if path is None or (path and not _ADDR_SPEC.fullmatch(path)) else None


def _own_address(case: _Case) -> str | None:
    sender = next((one.address for one in case.mail.from_ if _is_own(one.address, case.own)), None)
    path = case.mail.return_path or ""
    return sender or (path if _is_own(path, case.own) else None)


def _several_from(case: _Case) -> str | None:
    fields = sum(1 for name, _ in case.mail.headers if name == "from")
    addresses = {one.address for one in case.mail.from_}
    return ", ".join(sorted(addresses)) or "From" if fields > 1 or len(addresses) > 1 else None


def _no_sender(case: _Case) -> str | None:
    valid = [one for one in case.mail.from_ if _ADDR_SPEC.fullmatch(one.address)]
    return None if valid else ", ".join(one.address for one in case.mail.from_)


def _reply_to_elsewhere(case: _Case) -> str | None:
    mail = case.mail
    away = [one for one in mail.reply_to if not mail.from_ or _registered(one) != _registered(mail.from_[0])]
    return f"reply-to: {away[0].address}" if away else None


def _not_addressed(case: _Case) -> str | None:
    if not case.own:
        return None
    named = [one.address for one in (*case.mail.to, *case.mail.cc)]
    for name, value in case.mail.headers:
        if name in case.knowledge.recipient_fields:
            named += _ADDR_SPEC.findall(value[: MAX_VALUE * 10])
    return None if any(_is_own(one, case.own) for one in named) else "to: " + ", ".join(named[:3])


def _backfill(case: _Case) -> str | None:
    return "" if case.backfill else None


def _import(case: _Case) -> str | None:
    return "" if case.source is MessageSource.IMPORT else None


def _entry(case: _Case) -> str | None:
    return "" if case.source in {MessageSource.PHONE, MessageSource.DIRECT} else None


_BY_PATTERN: Mapping[Check, Callable[[_Case, ScreeningRule], str | None]] = {
    Check.HEADER: _header,
    Check.CONTENT_TYPE: _content_type,
    Check.SENDER: _sender,
}
_BY_ITSELF: Mapping[Check, Callable[[_Case], str | None]] = {
    Check.BOUNCE_WORDING: _bounce_wording,
    Check.AUTOMATIC_SUBJECT: _automatic_subject,
    Check.NULL_RETURN_PATH: _null_return_path,
    Check.NO_RETURN_PATH: _no_return_path,
    Check.OWN_ADDRESS: _own_address,
    Check.SEVERAL_FROM: _several_from,
    Check.NO_SENDER: _no_sender,
    Check.REPLY_TO_ELSEWHERE: _reply_to_elsewhere,
    Check.NOT_ADDRESSED: _not_addressed,
    Check.BACKFILL: _backfill,
    Check.IMPORT: _import,
    Check.ENTRY: _entry,
}


def _bare(address: str) -> str:
    """An address in lower case without the detail after "+" in its local part."""
    local, at, domain = address.strip().strip("<>").casefold().rpartition("@")
    return local.partition("+")[0] + at + domain


def _is_own(address: str, own: tuple[str, ...]) -> bool:
    bare = _bare(address)
    return "@" in bare and (bare in own or bare[bare.rindex("@") :] in own)


def _reply_to(mail: ParsedMail) -> str | None:
    """The From address, or the Reply-To address of the same registered domain; None when it lies elsewhere."""
    if len(mail.from_) != 1 or not _ADDR_SPEC.fullmatch(mail.from_[0].address):
        return None
    sender = mail.from_[0]
    wished = mail.reply_to[0] if len(mail.reply_to) == 1 else sender
    if any(_registered(one) != _registered(sender) for one in mail.reply_to):
        return None
    return wished.address if _ADDR_SPEC.fullmatch(wished.address) else sender.address


def _registered(address: Address) -> str:
    """The registered domain of an address by the public suffix list, which the library brings with it."""
    domain = address.address.rpartition("@")[2]
    found = _suffixes()(domain)
    return f"{found.domain}.{found.suffix}" if found.suffix else ".".join(domain.split(".")[-2:])


@cache
def _suffixes() -> "TLDExtract":
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)

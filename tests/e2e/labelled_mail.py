"""The labelled mails as the mailbox of a test, and which of them are owed a receipt: by header fields, not by us."""

import csv
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from pathlib import Path

DESK = "suppliercovid19@sykehusinnkjop.example"
TABLE = Path(__file__).with_name("receipts_due.csv")
LISTED = ("list-id", "list-post", "list-help", "list-subscribe", "list-unsubscribe", "list-owner", "list-archive")
BULK = ("bulk", "list", "junk")
VACATION = ("x-autoreply", "x-autorespond", "x-vacation", "x-auto-response-suppress")
LINE_END = re.compile(rb"\r?\n")
ROBOT = re.compile(r"no-?reply|do-?not-?reply|postmaster|mailer-daemon")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMail:
    """A mail with its gold row and its line of receipts_due.csv: `due` is yes, no or either, `rule` says why."""

    file: str
    octets: bytes
    language: str
    due: str
    rule: str
    header: Message = field(repr=False)

    @property
    def sender(self) -> str:
        return addresses(self.header, "From")[0]

    @property
    def message_id(self) -> str:
        return str(self.header["Message-ID"]).strip()


def labelled_mails(data: Path, sets: Sequence[str] = ("d1", "d2", "d3")) -> list[LabelledMail]:
    """The mails of the labelled sets in the order of their files, their lines ended as IMAP and SMTP carry them."""
    with TABLE.open(newline="", encoding="utf-8") as opened:
        table = {row["file"]: row for row in csv.DictReader(opened)}
    found = []
    for folder in (data / "corpus" / name for name in sets):
        gold = {row["file"]: row for row in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines())}
        for path in sorted((folder / "mail").glob("*.eml")):
            row = table[f"{folder.name}/mail/{path.name}"]
            octets = LINE_END.sub(b"\r\n", path.read_bytes())
            found.append(
                LabelledMail(
                    file=row["file"],
                    octets=octets,
                    language=gold[f"mail/{path.name}"]["language"],
                    due=row["due"],
                    rule=row["rule"],
                    header=message_from_bytes(octets),
                )
            )
    return found


def languages(reply_templates: Path) -> Callable[[str], str]:
    """The language of the receipt by the language of the mail."""
    stated = tomllib.loads((reply_templates / "languages.toml").read_text("utf-8"))
    return lambda language: str(stated["reads"].get(language, stated["default"]))


def addresses(header: Message, name: str) -> list[str]:
    return [address.lower() for _, address in getaddresses([str(value) for value in header.get_all(name, [])])]


def rule_of(mail: LabelledMail, earlier: Iterable[LabelledMail]) -> str:
    """Why the header fields of `mail` forbid a receipt, or nothing; `earlier` lie before it in the mailbox."""
    header = mail.header
    rules = {
        "bounce": header.get_content_type() == "multipart/report",
        "automatic": _automatic(header),
        "list": any(name in header for name in (*LISTED, "feedback-id")) or _said(header, "precedence") in BULK,
        "robot": bool(ROBOT.match(mail.sender)),
        "reply_to_elsewhere": any(_site(wished) != _site(mail.sender) for wished in addresses(header, "Reply-To")),
        "not_addressed": not any(DESK in addresses(header, name) for name in ("To", "Cc", "Delivered-To")),
        "already": any(_answers(mail, before) for before in earlier),
    }
    return next((rule for rule, holds in rules.items() if holds), "")


def _automatic(header: Message) -> bool:
    said = _said(header, "auto-submitted")
    return said not in ("", "no") or _said(header, "return-path") == "<>" or any(name in header for name in VACATION)


def _answers(mail: LabelledMail, before: LabelledMail) -> bool:
    named = f"{_said(mail.header, 'in-reply-to')} {_said(mail.header, 'references')}"
    return before.sender == mail.sender and before.message_id.lower() in named


def _said(header: Message, name: str) -> str:
    return str(header.get(name, "")).strip().lower()


def _site(address: str) -> str:
    return ".".join(address.rpartition("@")[2].split(".")[-2:])

"""The parts of a message: the mail's own text, its attachments, the mails inside it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.errors import InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO

from models.mail import Attachment, Defect, DocumentText, ParsedMail
from triage.stages.mime import limits
from triage.stages.mime.charset import decoded
from triage.stages.mime.fields import parameter, value_text
from triage.stages.mime.flowed import unflowed
from triage.stages.mime.html_text import text_of
from triage.stages.mime.names import made_up, safe_name

ReadDocument = Callable[[str, str, bytes], DocumentText]
"""(name, content type, octets) → its text, or why not, and the files inside it. Must not raise."""

ParseInner = Callable[[bytes, ReadDocument, int, list[bytes] | None], ParsedMail]
"""(octets, reader, depth, list for the octets of its attachments or None) → the mail inside."""

BASE64_DEFECTS = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
MAILS = {"message/rfc822", "message/global", "message/news"}
_META_CHARSET = re.compile(rb"(?i)<meta[^>]{0,300}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})")
_WORDS = re.compile(r"\w+")
STUB_WORDS = 20
FIRST_PARTS = 2


@dataclass(slots=True)
class Parts:
    """What a walk over a message finds; the octets of the attachments too, in their order, where `kept` is a list."""

    read_document: ReadDocument
    parse_inner: ParseInner
    depth: int
    hidden: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    nested: list[ParsedMail] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    count: int = 0
    kept: list[bytes] | None = None
    inflated: int = 0

    def text(self, part: Message) -> str:
        """The text that `part` shows; what is not text of the mail goes into the lists."""
        self.count += 1
        kind = part.get_content_type()
        if kind in MAILS:
            self._add_mail(part)
            return ""
        if part.is_multipart():
            if part.get_content_maintype() == "message":
                self._add_report(part, kind)
                return ""
            children = [child for child in part.get_payload() if isinstance(child, Message)]
            if kind == "multipart/alternative":
                return self._best([(child.get_content_type(), self.text(child)) for child in children])
            return "\n\n".join(text for text in map(self.text, children) if text.strip())
        if kind in ("text/plain", "text/html") and not self._is_file(part, kind):
            return self._body(part, kind)
        self._add_file(part, kind)
        return ""

    def _best(self, versions: list[tuple[str, str]]) -> str:
        plain = next((text for kind, text in versions if kind == "text/plain" and text.strip()), "")
        rich = next((text for kind, text in reversed(versions) if kind != "text/plain" and text.strip()), "")
        plain_words, rich_words = len(_WORDS.findall(plain)), len(_WORDS.findall(rich))
        return rich if not plain_words or rich_words > 3 * plain_words + STUB_WORDS else plain

    def _is_file(self, part: Message, kind: str) -> bool:
        disposition = part.get_content_disposition()
        if disposition == "attachment":
            return True
        named = parameter(part, "filename", "content-disposition") or parameter(part, "name", "content-type")
        return bool(named) and not (disposition == "inline" and self.count <= FIRST_PARTS)

    def _body(self, part: Message, kind: str) -> str:
        octets = self._octets(part)
        label = parameter(part, "charset", "content-type")
        if kind == "text/html" and not label:
            meta = _META_CHARSET.search(octets[:4096])
            label = meta.group(1).decode("ascii", "replace") if meta else ""
        text, defects = decoded(octets, label)
        self.defects += defects
        if kind == "text/html":
            text, hidden, defects = text_of(text)
            self.defects += defects
            self.hidden += [hidden] if hidden else []
        elif parameter(part, "format", "content-type").lower() == "flowed":
            text = unflowed(text, parameter(part, "delsp", "content-type").lower() == "yes")
        if len(text) > limits.MAX_TEXT:
            self.defects.append(Defect(code="text-cut", detail=f"text of {len(text)} characters cut"))
        return text[: limits.MAX_TEXT]

    def _octets(self, part: Message) -> bytes:
        try:
            payload = part.get_payload(decode=True)
        except (ValueError, LookupError, AssertionError, TypeError) as fault:
            self.defects.append(Defect(code="part-undecodable", detail=type(fault).__name__))
            payload = None
        self.defects += [
            Defect(code="base64-damaged", detail=type(defect).__name__)
            for defect in part.defects
            if isinstance(defect, BASE64_DEFECTS)
        ]
        return payload if isinstance(payload, bytes) else b""

    def _name(self, part: Message, kind: str) -> str:
        raw = parameter(part, "filename", "content-disposition") or parameter(part, "name", "content-type")
        return safe_name(raw, made_up(self.count, kind))

    def _add_file(self, part: Message, kind: str) -> None:
        octets = self._octets(part)
        inline = part.get_content_disposition() != "attachment" and part.get("content-id") is not None
        self._add_octets(self._name(part, kind), "", kind, octets, inline=inline, level=0)

    def _add_octets(self, name: str, folder: str, kind: str, octets: bytes, *, inline: bool, level: int) -> None:
        if len(self.attachments) >= limits.MAX_ATTACHMENTS:
            if not any(defect.code == "attachments-cut" for defect in self.defects):
                self.defects.append(Defect(code="attachments-cut", detail=f"more than {limits.MAX_ATTACHMENTS}"))
            return
        if kind in MAILS or name.lower().endswith(".eml"):
            self._add_inner(name, folder, octets)
            return
        document = self.read_document(name, kind, octets)
        self._attach(name, folder, kind, octets, inline=inline, text=document.text, unread=document.unread)
        self.inflated += sum(len(member.octets) for member in document.members)
        for number, member in enumerate(document.members, 1):
            if level >= limits.MAX_DOCUMENT_DEPTH or self.inflated > limits.MAX_INFLATED:
                self.defects.append(Defect(code="archive-depth", detail=f"{folder}{name} holds files not opened"))
                break
            inner = safe_name(member.name, made_up(number, member.content_type))
            self._add_octets(
                inner, f"{folder}{name}/", member.content_type, member.octets, inline=False, level=level + 1
            )

    def _add_mail(self, part: Message) -> None:
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        if isinstance(inner, Message):
            octets = _wire(inner)
            if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64" and not inner.keys():
                inner["content-transfer-encoding"] = "base64"
                octets = self._octets(inner)
            raw = value_text(inner.get("subject", ""))
        else:
            octets, raw = self._octets(part), ""
        name = parameter(part, "filename", "content-disposition") or parameter(part, "name", "content-type")
        name = safe_name(name or f"{raw[:100]}.eml", "message.eml")
        self._add_inner(name if "." in name else f"{name}.eml", "", octets)

    def _add_inner(self, name: str, folder: str, octets: bytes) -> None:
        if self.depth >= limits.MAX_MAIL_DEPTH:
            self.defects.append(Defect(code="nesting-cut", detail=f"mail {name} lies too deep to be read"))
            unread = "lies in too many mails"
            self._attach(name, folder, "message/rfc822", octets, unread=unread)
            return
        kept: list[bytes] | None = None if self.kept is None else []
        mail = self.parse_inner(octets, self.read_document, self.depth + 1, kept)
        self.nested.append(mail)
        self._attach(name, folder, "message/rfc822", octets, text=_as_text(mail))
        room = limits.MAX_ATTACHMENTS - len(self.attachments)
        self.attachments += [replace(one, path=f"{folder}{name}/{one.path}") for one in mail.attachments[:room]]
        if self.kept is not None and kept is not None:
            self.kept += kept[:room]

    def _add_report(self, part: Message, kind: str) -> None:
        """message/delivery-status and its kin, which the standard library splits into blocks of fields."""
        octets = b"\n".join(_wire(block) for block in part.get_payload() if isinstance(block, Message))
        text, _ = decoded(octets, "utf-8")
        name = self._name(part, kind)
        self._attach(name, "", kind, octets, text=text)

    def _attach(
        self,
        name: str,
        folder: str,
        kind: str,
        octets: bytes,
        *,
        inline: bool = False,
        text: str = "",
        unread: str = "",
    ) -> None:
        self.attachments.append(
            Attachment(
                name=name,
                path=folder + name,
                content_type=kind,
                size=len(octets),
                sha256=hashlib.sha256(octets).hexdigest(),
                inline=inline,
                text=text[: limits.MAX_TEXT],
                unread=unread,
            )
        )
        if self.kept is not None:
            self.kept.append(octets)


def _as_text(mail: ParsedMail) -> str:
    """Header lines and text of a mail inside another."""
    shown = ("from", "to", "cc", "date", "subject")
    lines = [f"{name.capitalize()}: {value}" for name, value in mail.headers if name in shown]
    return "\n".join(lines) + "\n\n" + mail.text


def _wire(message: Message) -> bytes:
    """The octets of a message, as near to the original as the standard library keeps them."""
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(message)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return str(message.get_payload()).encode("utf-8", "replace")
    return out.getvalue()

"""The files of a message, and what is in them: documents, archives, mails."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from models.mail import Attachment, Defect, DocumentText, ParsedMail
from triage.stages.mime import header_block, limits
from triage.stages.mime.charset import normalised
from triage.stages.mime.names import made_up, safe_name

ReadDocument = Callable[[str, str, bytes], DocumentText]
"""(name, content type, octets) → its text, or why not, and the files inside it. Must not raise."""

ParseInner = Callable[[bytes, ReadDocument, int, list[bytes] | None], ParsedMail]
"""(octets, reader, depth, list for the octets of its attachments or None) → the mail inside."""

MAILS = {"message/rfc822", "message/global", "message/news"}
OCTETS = "application/octet-stream"
UNNAMED = "message.eml"


@dataclass(slots=True, kw_only=True)
class Files:
    """Attachments in their order, and mails inside; the octets of the attachments too, where `kept` is a list."""

    read_document: ReadDocument
    parse_inner: ParseInner
    depth: int
    attachments: list[Attachment] = field(default_factory=list)
    nested: list[ParsedMail] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    kept: list[bytes] | None = None
    inflated: int = 0

    def add_octets(self, name: str, folder: str, kind: str, octets: bytes, *, inline: bool, level: int) -> None:
        """Take a file and, `level` archives deep, the files inside it; a mail is taken as a mail."""
        if len(self.attachments) >= limits.MAX_ATTACHMENTS:
            if not any(defect.code == "attachments-cut" for defect in self.defects):
                self.defects.append(Defect(code="attachments-cut", detail=f"more than {limits.MAX_ATTACHMENTS}"))
            return
        if kind in MAILS or name.lower().endswith(".eml") or (kind == OCTETS and header_block.is_mail(octets)):
            self.add_inner(name, folder, octets)
            return
        document = self.read_document(name, kind, octets)
        if document.found:
            self.defects.append(Defect(code="type-differs", detail=f"{folder}{name} is {document.found}"))
        self.attach(name, folder, kind, octets, inline=inline, text=document.text, unread=document.unread)
        self.inflated += sum(len(member.octets) for member in document.members)
        for number, member in enumerate(document.members, 1):
            if level >= limits.MAX_DOCUMENT_DEPTH or self.inflated > limits.MAX_INFLATED:
                self.defects.append(Defect(code="archive-depth", detail=f"{folder}{name} holds files not opened"))
                break
            called = safe_name(member.name, made_up(number, member.content_type))
            self.add_octets(
                called, f"{folder}{name}/", member.content_type, member.octets, inline=False, level=level + 1
            )

    def add_inner(self, name: str, folder: str, octets: bytes) -> None:
        """A mail inside; without a name it is called by its subject."""
        if self.depth >= limits.MAX_MAIL_DEPTH:
            self.defects.append(Defect(code="nesting-cut", detail=f"mail {name} lies too deep to be read"))
            unread = "lies in too many mails"
            self.attach(name or UNNAMED, folder, "message/rfc822", octets, unread=unread)
            return
        kept: list[bytes] | None = None if self.kept is None else []
        mail = self.parse_inner(octets, self.read_document, self.depth + 1, kept)
        name = name or safe_name(f"{mail.subject[:100].strip() or UNNAMED.removesuffix('.eml')}.eml", UNNAMED)
        self.nested.append(mail)
        self.attach(name, folder, "message/rfc822", octets, text=_as_text(mail))
        room = limits.MAX_ATTACHMENTS - len(self.attachments)
        self.attachments += [replace(one, path=f"{folder}{name}/{one.path}") for one in mail.attachments[:room]]
        if self.kept is not None and kept is not None:
            self.kept += kept[:room]

    def attach(
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
        """Note an attachment."""
        self.attachments.append(
            Attachment(
                name=name,
                path=folder + name,
                content_type=normalised(kind),
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

"""The parts of a message: the mail's own text, its attachments, the mails inside it."""

import re
from dataclasses import dataclass, replace
from email.errors import InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect
from email.message import Message

from models.mail import Defect
from triage.stages.mime import broken, inner, sealed, versions
from triage.stages.mime.bodies import HTML, MAX_SHOWN, Bodies
from triage.stages.mime.charset import decoded
from triage.stages.mime.fields import parameter
from triage.stages.mime.files import MAILS
from triage.stages.mime.names import made_up, safe_name

BASE64_DEFECTS = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
_WORD = re.compile(r"\w")
TEXTS = {"text/plain", HTML, "text/enriched", "text/richtext"}
TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
TNEF_NAME = "winmail.dat"
FIRST_PARTS = 2
MAX_MENDED = 10


@dataclass(slots=True, kw_only=True)
class Parts(Bodies):
    """What a walk over a message finds."""

    coats: int = 0

    def whole_text(self, message: Message) -> str:
        """The text of a mail. Where it has none but Outlook's own, in winmail.dat, that is its text."""
        text = self.text(message)
        if text.strip():
            return text
        for number, one in enumerate(self.attachments):
            if one.text and (one.content_type in TNEF_TYPES or one.path.lower() == TNEF_NAME):
                self.attachments[number] = replace(one, text="")
                return one.text
        return text

    def text(self, part: Message) -> str:
        """The text that `part` shows; what is not text of the mail goes into the lists."""
        self.count += 1
        kind = part.get_content_type()
        if kind in MAILS:
            self._add_mail(part)
            return ""
        if part.is_multipart():
            return self._joined(part, kind)
        if kind.startswith("multipart/"):
            return self._without_parts(part)
        if kind in sealed.SEALED:
            return self._sealed(part, kind)
        if kind in TEXTS and not self._is_file(part, kind):
            return self._body(part, kind)
        self._add_file(part, kind)
        return ""

    def _joined(self, part: Message, kind: str) -> str:
        """The text of a part that has parts."""
        if kind.startswith("message/"):
            self._add_report(part, kind)
            return ""
        if kind == "multipart/encrypted":
            self.defects.append(sealed.encrypted("PGP"))
        if _WORD.search(part.epilogue or ""):
            after = " ".join((part.epilogue or "").split())[:MAX_SHOWN]
            self.defects.append(
                Defect(code="text-after-end", detail=decoded(after.encode("utf-8", "replace"), None)[0])
            )
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "multipart/alternative":
            version, another = versions.best(map(self._version, children))
            text = version.read()
            if another:
                self.defects.append(Defect(code="alternatives-differ", detail="the plain version says something else"))
            return text
        return "\n\n".join(text for text in map(self.text, children) if text.strip())

    def _version(self, part: Message) -> versions.Version:
        """One of alternative versions."""
        kind = part.get_content_type()
        if kind != HTML:
            text = self.text(part)
            return versions.Version(kind, text, lambda: text)
        self.count += 1
        if self._is_file(part, kind):
            self._add_file(part, kind)
            return versions.NONE
        text, whole = self.decoded(self._octets(part), kind, part)
        page = self.page(text)
        return versions.Version(kind, page.glance(), lambda: self.laid_out(page, whole))

    def _without_parts(self, part: Message) -> str:
        """The text of a multipart whose boundary was not found: by the boundary it has, or else as it stands."""
        if self.coats < MAX_MENDED:
            self.coats += 1
            whole, defects = broken.reunited(part)
            self.defects += defects
            if whole is not None:
                return self.text(whole)
        octets = inner.raw_octets(part)
        return self.shown(octets, "text/plain", part) if octets.strip() else ""

    def _sealed(self, part: Message, kind: str) -> str:
        """The text of a signed S/MIME message; an encrypted one is kept as it is, and said."""
        octets = self._octets(part)
        content = sealed.signed_content(octets) if self.coats < MAX_MENDED else None
        if content is not None:
            self.coats += 1
            whole, defects = broken.contained(content)
            self.defects += [*defects, sealed.UNCHECKED]
            return self.text(whole)
        self.defects.append(sealed.encrypted("S/MIME"))
        self.attach(self._name(part, kind), "", kind, octets, unread=sealed.ENCRYPTED)
        return ""

    def _is_file(self, part: Message, kind: str) -> bool:
        disposition = part.get_content_disposition()
        if disposition == "attachment":
            return True
        named = parameter(part, "filename", "content-disposition") or parameter(part, "name", "content-type")
        return bool(named) and not (disposition == "inline" and self.count <= FIRST_PARTS)

    def _body(self, part: Message, kind: str) -> str:
        return self.shown(self._octets(part), kind, part)

    def _octets(self, part: Message) -> bytes:
        try:
            payload = part.get_payload(decode=True)
        except (ValueError, LookupError, AssertionError, TypeError) as fault:
            self.defects.append(Defect(code="part-undecodable", detail=type(fault).__name__))
            payload = None
        damage = [type(defect).__name__ for defect in part.defects if isinstance(defect, BASE64_DEFECTS)]
        if damage and (octets := broken.above_words(part)) is not None:
            self.defects.append(Defect(code="base64-damaged", detail="words stand below the base64"))
            return octets
        if damage and broken.is_no_base64(part):
            self.defects.append(Defect(code="base64-missing", detail="said to be base64, and is not"))
            return inner.raw_octets(part)
        self.defects += [Defect(code="base64-damaged", detail=one) for one in damage]
        return payload if isinstance(payload, bytes) else b""

    def _name(self, part: Message, kind: str) -> str:
        raw = parameter(part, "filename", "content-disposition") or parameter(part, "name", "content-type")
        return safe_name(raw, made_up(self.count, kind))

    def _add_file(self, part: Message, kind: str) -> None:
        octets = self._octets(part)
        inline = part.get_content_disposition() != "attachment" and part.get("content-id") is not None
        self.add_octets(self._name(part, kind), "", kind, octets, inline=inline, level=0)

    def _add_mail(self, part: Message) -> None:
        raw = parameter(part, "filename", "content-disposition") or parameter(part, "name", "content-type")
        name = safe_name(raw, "")
        self.add_inner(f"{name}.eml" if name and "." not in name else name, "", inner.octets_of(part))

    def _add_report(self, part: Message, kind: str) -> None:
        """message/delivery-status and its kin, which the standard library splits into blocks of fields."""
        octets = b"\n".join(inner.wire(block) for block in part.get_payload() if isinstance(block, Message))
        if kind == "message/partial":
            self.defects.append(Defect(code="partial", detail="a piece of a mail that was sent in several"))
        text, _ = decoded(octets, "utf-8")
        name = self._name(part, kind)
        self.attach(name, "", kind, octets, text=text)

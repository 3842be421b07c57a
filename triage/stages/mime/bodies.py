"""The text of a part: decoded, HTML and format=flowed resolved, without the files that stand in it."""

import re
from dataclasses import dataclass, field
from email.message import Message

from models.mail import Defect
from triage.stages.mime import limits, sealed
from triage.stages.mime.charset import beginning, decoded
from triage.stages.mime.fields import parameter
from triage.stages.mime.files import OCTETS, Files
from triage.stages.mime.flowed import unflowed
from triage.stages.mime.html_text import Page, page_of
from triage.stages.mime.names import made_up, safe_name, type_of
from triage.stages.mime.uuencoded import extracted

HTML = "text/html"
HTML_BEGINS = ("<!doctype html", "<html")
MAX_SHOWN = 200
_META_CHARSET = re.compile(rb"(?i)<meta[^>]{0,300}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})")
_ENRICHED = re.compile(r"<<|</?[a-zA-Z][\w-]{0,60}>")


@dataclass(slots=True, kw_only=True)
class Bodies(Files):
    """The texts of parts, and apart from them what HTML hides."""

    hidden: list[str] = field(default_factory=list)
    count: int = 0

    def shown(self, octets: bytes, kind: str, part: Message) -> str:
        """The text that octets of that type show, by the parameters of the part."""
        text, whole = self.decoded(octets, kind, part)
        if kind == HTML or text[:MAX_SHOWN].lstrip().lower().startswith(HTML_BEGINS):
            return self.laid_out(self.page(text), whole)
        if kind != "text/plain":
            text = _ENRICHED.sub(lambda tag: "<" if tag.group() == "<<" else "", text)
        elif parameter(part, "format", "content-type").lower() == "flowed":
            text = unflowed(text, parameter(part, "delsp", "content-type").lower() == "yes")
        return self._within_limits(self._without_files(text), whole)

    def decoded(self, octets: bytes, kind: str, part: Message) -> tuple[str, bool]:
        """(text of the octets, whether they are all in it)."""
        label = parameter(part, "charset", "content-type")
        if kind == HTML and not label:
            meta = _META_CHARSET.search(octets[:4096])
            label = meta.group(1).decode("ascii", "replace") if meta else ""
        first = beginning(octets, 4 * limits.MAX_TEXT)
        text, defects = decoded(first, label)
        self.defects += defects
        return text, len(first) == len(octets)

    def page(self, html: str) -> Page:
        """The page that HTML is; what it hides goes into the list."""
        page = page_of(html)
        self.defects += page.defects
        self.hidden += [page.hidden] if page.hidden else []
        return page

    def laid_out(self, page: Page, whole: bool) -> str:
        """The text of a page. `whole`: all of its octets were read."""
        text, defects = page.text()
        self.defects += defects
        return self._within_limits(self._without_files(text), whole)

    def _without_files(self, text: str) -> str:
        """The text without the files in it; what is encrypted in it is said."""
        text, files = extracted(text)
        for name, octets in files:
            safe = safe_name(name, made_up(self.count, OCTETS))
            self.add_octets(safe, "", type_of(safe), octets, inline=False, level=0)
        if sealed.PGP_MESSAGE in text:
            self.defects.append(sealed.encrypted("PGP"))
        return text

    def _within_limits(self, text: str, whole: bool) -> str:
        if not whole or len(text) > limits.MAX_TEXT:
            self.defects.append(Defect(code="text-cut", detail=f"text cut after {limits.MAX_TEXT} characters"))
        return text[: limits.MAX_TEXT]

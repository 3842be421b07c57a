"""The pages: templates filled in safely, in the language of the reader."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from models.knowledge.wording import Wording, WordingKnowledge
from triage.web.marking import clean
from triage.web.notices import Notices

FOLDER = Path(__file__).parent / "pages"
LANGUAGE_COOKIE = "triage-language"
LANGUAGE_PARAMETER = "lang"
UNITS = ("B", "kB", "MB", "GB")
ADMIN = "admin"
YEAR = 365 * 24 * 3600
_NUMBER = re.compile(r"\d{1,9}")
_NO_LETTERS = re.compile(r"[^a-z]{1,200}")


class Pages:
    """Renders the templates in pages/. Every value that is put in is escaped and freed of deceptive characters."""

    def __init__(
        self,
        wording: WordingKnowledge,
        *,
        organisation: str,
        secure: bool,
        notices: Callable[[], Notices] = Notices,
    ) -> None:
        """`organisation` is named in the head of each page; `secure` keeps cookies to HTTPS.

        `notices` is asked for what every page says to those who are signed in.
        """
        self._wording, self._secure, self._notices = wording, secure, notices
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_presentable,
        )
        self._environment.filters.update(fill=fill, named=named, said=said, query=query, job=job, cause=cause)
        self._environment.globals.update(organisation=organisation, languages=wording.languages)

    def wording(self, request: Request) -> Wording:
        """The wordings for this reader: as chosen by the switch, else as the browser asks, else the default."""
        asked = (
            request.query_params.get(LANGUAGE_PARAMETER),
            request.cookies.get(LANGUAGE_COOKIE),
            *_accepted(request),
        )
        spoken = (one for tag in asked for one in self._wording.languages if tag in one.tags)
        return next(spoken, self._wording.languages[0])

    def render(self, request: Request, template: str, /, *, status: int = 200, **values: object) -> HTMLResponse:
        """The page as an answer; a choice of language made in the address is remembered."""
        wording = self.wording(request)
        session = getattr(request.state, "session", None)
        shown = dict(values) | {
            "t": wording.sections,
            "lang": wording.language,
            "session": session,
            "notices": self._notices() if session else Notices(),
            "operates": session is not None and session.account.role == ADMIN,
            "here": _reachable(request),
            "asked": [(k, v) for k, v in request.query_params.multi_items() if k != LANGUAGE_PARAMETER],
            **_formats(wording),
        }
        response = HTMLResponse(self._environment.get_template(template).render(shown), status_code=status)
        if request.query_params.get(LANGUAGE_PARAMETER) == wording.language:
            response.set_cookie(
                LANGUAGE_COOKIE, wording.language, max_age=YEAR, httponly=True, samesite="lax", secure=self._secure
            )
        return response

    def error(self, request: Request, status: int) -> HTMLResponse:
        """The page that says in the reader's language what went wrong, and nothing of how."""
        texts = self.wording(request).sections["errors"]
        return self.render(
            request, "error.html", status=status, fault=status, message=texts.get(str(status), texts["500"])
        )


def fill(text: str, **values: object) -> str:
    """A wording with its {braces} filled in."""
    return text.format(**values)


def named(section: Mapping[str, str], code: object) -> str:
    """The wording for a code; a code without one stands for itself."""
    return section.get(str(code), str(code))


def job(name: str, texts: Mapping[str, Mapping[str, str]]) -> str:
    """What a job is called: by the first word of its name, with the mailbox that follows it."""
    kind, _, what = name.partition(" ")
    return fill(texts["jobs"].get(kind, name), what=what).strip()


def cause(text: str, section: Mapping[str, str]) -> Markup:
    """Why an attachment could not be read; what has no wording stands as the program wrote it, in English."""
    number = _NUMBER.search(text)
    for words in (text, text.partition(" (")[0]):
        if (key := cause_key(words)) in section:
            return escape(fill(section[key], n=number.group() if number else ""))
    return Markup('<span lang="en">{}</span>').format(said(text))


def cause_key(text: str) -> str:
    """The words of a cause joined by hyphens, with n for its number."""
    return _NO_LETTERS.sub("-", _NUMBER.sub(" n ", text.casefold(), count=1)).strip("-")


def said(text: object) -> Markup:
    """What a sender wrote, kept apart from the direction of the text around it."""
    return Markup("<bdi>{}</bdi>").format(escape(clean(str(text))))


def query(pairs: list[tuple[str, str]], **more: object) -> str:
    """The query part of an address with `more` in place of what it says there, or empty."""
    kept = [(k, v) for k, v in pairs if k not in more] + [(k, str(v)) for k, v in more.items() if v is not None]
    return f"?{urlencode(kept)}" if kept else ""


def _presentable(value: object) -> object:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _reachable(request: Request) -> str:
    """Where this page, or the one it came from, can be asked for again."""
    if request.method in {"GET", "HEAD"}:
        return request.url.path
    if not getattr(request.state, "session", None):
        return "/sign-in"
    return "/entries/new" if request.url.path.startswith("/entries") else "/queue"


def _accepted(request: Request) -> list[str]:
    ranges = request.headers.get("accept-language", "")[:200].split(",")
    return [part.split(";")[0].strip().lower().partition("-")[0] for part in ranges]


def _formats(wording: Wording) -> dict[str, Any]:
    formats = wording.sections["formats"]

    def moment(at: datetime) -> Markup:
        shown = at.astimezone().strftime(formats["moment"])
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), shown)

    def number(value: float, digits: int = 0) -> str:
        shown = f"{value:,.{digits}f}"
        return shown.translate({ord(","): formats["group"], ord("."): formats["decimal"], ord("-"): "−"})

    def amount(value: float) -> str:
        return number(value) if value == int(value) else number(value, 2)

    def octets(value: int) -> str:
        power = min(max(value, 1).bit_length() // 10, len(UNITS) - 1)
        return f"{number(value / 1024**power, 0 if value % 1024**power == 0 else 1)} {UNITS[power]}"

    def in_language(texts: tuple[tuple[str, str], ...]) -> str:
        spoken = dict(texts)
        return spoken.get(wording.language) or next(iter(spoken.values()), "")

    def signed(value: float) -> str:
        return ("+" if value > 0 else "") + number(value, 1)

    return {
        "moment": moment,
        "number": number,
        "signed": signed,
        "amount": amount,
        "octets": octets,
        "in_language": in_language,
    }

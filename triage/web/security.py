"""What holds for every request, in one place: sign-in, origin, token, size; denied unless allowed."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from triage.ports import Session, Store
from triage.web import uploads

STATIC = "/static/"
OPEN_PATHS = frozenset({"/sign-in", "/health", "/metrics"})
UPLOAD_PATHS = frozenset({"/entries/mail"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPE, UPLOAD_TYPE = "application/x-www-form-urlencoded", "multipart/form-data"
LARGEST_FORM = 64 * 1024
LARGEST_FORMS = {"/entries": 512 * 1024, "/sign-in": 512 * 1024}
KEPT_PATHS = frozenset({"/entries"})
MOST_FIELDS = 100
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a form field

Deny = Callable[[Request, int], Response]


def new_token() -> str:
    """256 random bits, as text fit for a cookie."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name(purpose: str, *, secure: bool) -> str:
    """Name of a cookie of ours; over HTTPS with the prefix that ties it to this host."""
    return f"__Host-triage-{purpose}" if secure else f"triage-{purpose}"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a posted form, and the files that came with it."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The first value of a field, empty when it is not there."""
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return list(self.fields.get(name, []))


class Gate:
    """Lets a request through only when it is signed in or asks for an open path, and a form only with its token.

    Leaves `session` and `form` in the request's state, also what was written into a form of `KEPT_PATHS` by somebody
    whose sign-in has ended meanwhile.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        store: Store,
        deny: Deny,
        now: Callable[[], datetime],
        secure: bool,
        largest_file: int,
    ) -> None:
        """`deny` renders a refusal with a status; `secure` says which cookie names are in use.

        A file of `largest_file` octets at most may come with a form that takes one.
        """
        self._largest_file = largest_file
        self._app, self._store, self._deny, self._now = app, store, deny, now
        self._session_cookie = cookie_name("session", secure=secure)
        self._form_cookie = cookie_name("form", secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            refusal = await self._refusal(request)
            await (self._deny(request, refusal) if refusal else self._app)(scope, receive, send)

    async def _refusal(self, request: Request) -> int | None:
        """The status to refuse with, or None to let through."""
        path = request.scope["path"]
        request.state.form = Form()
        request.state.session = None
        if path.startswith(STATIC):
            return None if request.method in SAFE_METHODS else 405
        session = request.state.session = await self._session(request)
        if session is None and path not in OPEN_PATHS:
            await self._keep(request)
            return 401
        if request.method in SAFE_METHODS:
            return None
        expected = session.csrf if session and path not in OPEN_PATHS else request.cookies.get(self._form_cookie, "")
        return await self._form_refusal(request, expected)

    async def _session(self, request: Request) -> Session | None:
        token = request.cookies.get(self._session_cookie, "")
        return await run_in_threadpool(self._store.session, hashed(token), self._now()) if token else None

    async def _form_refusal(self, request: Request, expected: str) -> int | None:
        if not own_origin(request):
            return 403
        form = await self._form(request)
        if isinstance(form, int):
            return form
        request.state.form = form
        return None if expected and secrets.compare_digest(form.one(TOKEN_FIELD).encode(), expected.encode()) else 403

    async def _keep(self, request: Request) -> None:
        if request.method == "POST" and request.scope["path"] in KEPT_PATHS and own_origin(request):
            form = await self._form(request)
            request.state.form = form if isinstance(form, Form) else Form()

    async def _form(self, request: Request) -> Form | int:
        """The form, or the status to refuse it with."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        path = request.scope["path"]
        if kind == UPLOAD_TYPE and path in UPLOAD_PATHS:
            try:
                uploaded = await uploads.read(request, self._largest_file)
            except uploads.TooLarge:
                return 413
            return Form(*uploaded) if uploaded else 400
        if kind != FORM_TYPE:
            return 415
        body = await _limited(request, LARGEST_FORMS.get(path, LARGEST_FORM))
        if body is None:
            return 413
        try:
            return Form(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            return 400


def own_origin(request: Request) -> bool:
    """Whether the browser says that a page of ours sent the form; browsers that say nothing are left to the token.

    `Origin: null` says nothing: our own Referrer-Policy makes browsers send it.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.headers.get("host")


async def _limited(request: Request, largest: int) -> bytes | None:
    """The body, or None when it is larger than a form of ours can be."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            return None
    return body

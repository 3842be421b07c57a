"""What holds for every answer: the security headers, and no trace of a fault."""

import logging

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.errors import StoreError
from triage.web.security import STATIC, Deny

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
TRANSPORT = "max-age=31536000"

log = logging.getLogger("triage.web")


class Headers:
    """Puts the security headers on every answer that does not set its own."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """`secure` adds Strict-Transport-Security."""
        self._app = app
        self._headers = {**HEADERS, **({"strict-transport-security": TRANSPORT} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith(STATIC):
                    headers.setdefault("cache-control", "public, max-age=86400")
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class Faults:
    """Turns a fault of ours into a page without its trace; the trace goes to the log."""

    def __init__(self, app: ASGIApp, *, deny: Deny) -> None:
        """`deny` renders the page for a status."""
        self._app, self._deny = app, deny

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as fault:
            log.exception("fault in %s %r", scope.get("method", ""), scope.get("path", ""))
            if started or scope["type"] != "http":
                raise
            status = 503 if isinstance(fault, StoreError) else 500
            await self._deny(Request(scope), status)(scope, receive, send)

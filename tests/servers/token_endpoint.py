"""Token endpoints on loopback, as Microsoft and Google have them, and the introspection that Dovecot asks."""

import base64
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.servers.authority import Authority, Issued

Answer = tuple[int, Mapping[str, Any] | bytes, Mapping[str, str]]


class TokenEndpoint:
    """HTTPS at `url`; introspection over plain HTTP at `introspection`. Use it as a context manager.

    `asked` holds the form of each request for a token, `valid` the user of each token that is good. `answer`, when it
    is set, is asked for the answer in place of a token.
    """

    def __init__(self, authority: Authority, *, user: str = "mottak", issued: Issued | None = None) -> None:
        self.user, self.seconds = user, 3600.0
        self.asked: list[dict[str, str]] = []
        self.valid: dict[str, str] = {}
        self.answer: Callable[[], Answer] | None = None
        self._https = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        proof = issued or authority.issue()
        context.load_cert_chain(proof.certificate, proof.key)
        self._https.socket = context.wrap_socket(self._https.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://localhost:{self._https.server_port}"
        self.introspection = f"http://127.0.0.1:{self._http.server_port}/introspect"
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for server in (self._https, self._http)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._https, self._http):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def refuse(self, error: str, description: str, *, status: int = 400, **headers: str) -> None:
        """Answer every request for a token with this error from now on."""
        told = {"error": error, "error_description": description}
        self.answer = lambda: (status, told, {name.replace("_", "-"): value for name, value in headers.items()})

    def issue(self) -> str:
        """A new token that is good."""
        token = "tok-" + secrets.token_urlsafe(80)
        self.valid[token] = self.user
        return token

    def _token(self, form: dict[str, str]) -> Answer:
        self.asked.append(form)
        if self.answer is not None:
            return self.answer()
        return 200, {"access_token": self.issue(), "token_type": "Bearer", "expires_in": int(self.seconds)}, {}

    def _introspected(self, token: str) -> Answer:
        if token not in self.valid:
            return 401, {"active": "false"}, {}
        return 200, {"active": "true", "username": self.valid[token]}, {}

    def _discovery(self, path: str) -> Answer:
        tenant = path.split("/")[1]
        if tenant == "nowhere":
            return 400, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant 'nowhere' not found."}, {}
        base = f"{self.url}/{tenant}"
        found = {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
        return 200, found, {}

    def _handler(endpoint) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                if urlsplit(self.path).path == "/introspect":
                    self._say(endpoint._introspected(self.headers.get("Authorization", "").removeprefix("Bearer ")))
                else:
                    self._say(endpoint._discovery(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._say(endpoint._token({name: values[0] for name, values in parse_qs(body).items()}))

            def _say(self, answer: Answer) -> None:
                status, told, headers = answer
                octets = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def claims(assertion: str) -> Mapping[str, Any]:
    """What a signed assertion (JWT) says, unverified."""
    body = assertion.split(".")[1]
    read: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return read

"""An IMAP server that says what a test tells it to, and records every octet that a client sends."""

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self

GREETING = b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER AUTH=PLAIN] scripted server ready"
SAID: Mapping[bytes, Sequence[bytes]] = {
    b"EXAMINE": (b"* 0 EXISTS", b"* OK [UIDVALIDITY 7] as ever", b"* OK [UIDNEXT 1] to come"),
    b"LOGOUT": (b"* BYE until later",),
}


class Client:
    """One connection: lines in, octets out."""

    def __init__(self, connection: socket.socket, received: bytearray) -> None:
        self._connection, self._received = connection, received
        self._lines = connection.makefile("rb")

    def line(self) -> bytes:
        """The next line without its end; empty when the client is gone."""
        octets = self._lines.readline()
        self._received += octets
        return octets.rstrip(b"\r\n")

    def say(self, *lines: bytes) -> None:
        """Send lines."""
        self._connection.sendall(b"".join(line + b"\r\n" for line in lines))

    def send(self, octets: bytes) -> None:
        """Send octets as they are."""
        self._connection.sendall(octets)

    def leave(self) -> None:
        """End the connection."""
        self._connection.shutdown(socket.SHUT_RDWR)


Talk = Callable[[Client], None]
Act = Callable[[Client, bytes], None]
"""What is done about a command with this tag."""


class ScriptedImap:
    """Serves each connection by the next of `talks`, the last one again and again. Use it as a context manager."""

    host = "localhost"

    def __init__(self, *talks: Talk, context: ssl.SSLContext | None = None) -> None:
        self.received = bytearray()
        self.connections = 0
        self._talks, self._lock = talks, threading.Lock()
        serving = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with serving._lock:
                    talk = serving._talks[min(serving.connections, len(serving._talks) - 1)]
                    serving.connections += 1
                connection = self.request
                connection.settimeout(10)
                try:
                    if context is not None:
                        connection = context.wrap_socket(connection, server_side=True)
                    talk(Client(connection, serving.received))
                except OSError:
                    return
                finally:
                    connection.close()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def obeying(
    *,
    accepts: Callable[[str], bool] = lambda _token: True,
    refusal: bytes = b"NO [AUTHENTICATIONFAILED] no",
    complaint: bytes = b"",
    greeting: bytes = GREETING,
    on: Iterable[tuple[bytes, Act]] = (),
) -> Talk:
    """A conversation that lets a client in by a token that is accepted, and opens an empty folder read-only.

    `on` holds what is done in place of an answer when a command begins so, after its tag.
    """
    special = dict(on)
    capabilities = greeting.partition(b"[")[2].partition(b"]")[0]

    def talk(client: Client) -> None:
        client.say(greeting)
        while command := client.line():
            tag, _, rest = command.partition(b" ")
            verb = rest.split(b" ")[0].upper()
            if act := next((act for start, act in special.items() if rest.upper().startswith(start)), None):
                act(client, tag)
            elif verb == b"AUTHENTICATE":
                _authenticate(client, tag, accepts, complaint, refusal)
            else:
                client.say(*SAID.get(verb, ()), *([b"* " + capabilities] if verb == b"CAPABILITY" else []))
                client.say(tag + (b" OK [READ-ONLY] done" if verb == b"EXAMINE" else b" OK done"))

    return talk


def _authenticate(client: Client, tag: bytes, accepts: Callable[[str], bool], complaint: bytes, refusal: bytes) -> None:
    client.say(b"+ ")
    if accepts(token_in(client.line())):
        client.say(tag + b" OK in")
        return
    if complaint:
        client.say(b"+ " + base64.b64encode(complaint))
        client.line()
    client.say(tag + b" " + refusal)


def token_in(response: bytes) -> str:
    """The token in the answer to the first challenge."""
    return base64.b64decode(response).decode().split("Bearer ")[-1].split("\x01")[0]

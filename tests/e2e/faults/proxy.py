"""A TCP proxy between poller and server that breaks connections on demand and sees every command."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Self

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)  # close at once, with RST


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What befalls a connection after `after` octets of `direction` ("down": from the server).

    cut: FIN to both sides; reset: RST to the poller; stall: silence without FIN; trickle: an octet every `pause`.
    """

    act: Literal["cut", "reset", "stall", "trickle"]
    after: int = 0
    direction: Literal["down", "up"] = "down"
    pause: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What becomes of a command: `say` goes to the poller, `forward` to the server; then the proxy may `leave`."""

    say: Iterable[bytes] = ()
    forward: bytes = b""
    leave: bool = False


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`. Use it as a context manager.

    `fault` befalls every connection while it is set. `before_command` is called with each line of the poller before
    the server sees it; `answer` may answer it in the server's place, or forward another line. `tell` may change what
    the server says. `times` are the moments of `commands`.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.fault: Fault | None = None
        self.before_command: Callable[[bytes], None] = lambda _line: None
        self.answer: Callable[[bytes], Answer | None] = lambda _line: None
        self.tell: Callable[[bytes], bytes] = lambda octets: octets
        self.down = self.up = self.connections = self.struck = 0
        self.commands: list[bytes] = []
        self.times: list[float] = []
        self.changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self._reset: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, name="proxy", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_all()

    def drop_all(self) -> None:
        """Cut every connection."""
        for one in list(self._open):
            _end(one)

    def await_commands(self, count: int, seconds: float) -> bool:
        """Whether `count` commands in all have been seen within `seconds`."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.commands) >= count, seconds)

    def _serve(self) -> None:
        while True:
            try:
                poller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(poller,), daemon=True).start()

    def _join(self, poller: socket.socket) -> None:
        self.connections += 1
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 10)
            server.settimeout(None)
        except OSError:
            poller.close()
            return
        for one in (poller, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open |= {poller, server}
        down = threading.Thread(target=self._pump, args=(server, poller, "down", poller), daemon=True)
        down.start()
        self._pump(poller, server, "up", poller)
        down.join()
        self._open -= {poller, server}
        self._reset.discard(poller)
        for one in (poller, server):
            one.close()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: str, poller: socket.socket) -> None:
        passed, rest = 0, b""
        try:
            while octets := source.recv(CHUNK):
                if direction == "up":
                    octets, rest = self._commanded(rest + octets, poller)
                else:
                    octets = self.tell(octets)
                fault = self.fault
                allowed = octets
                if fault and fault.direction == direction and passed + len(octets) > fault.after:
                    allowed = octets[: max(0, fault.after - passed)]
                sink.sendall(allowed)
                passed += len(allowed)
                self._count(direction, len(allowed))
                if fault and len(allowed) < len(octets):
                    self._strike(fault, octets[len(allowed) :], source, sink, poller)
                    return
        except OSError:
            pass
        self._end(source, sink)

    def _strike(
        self, fault: Fault, left: bytes, source: socket.socket, sink: socket.socket, poller: socket.socket
    ) -> None:
        self.struck += 1
        match fault.act:
            case "reset":
                with suppress(OSError):
                    poller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    self._reset.add(poller)
                    poller.shutdown(socket.SHUT_RD)  # wakes the thread that reads it; its close sends the RST
            case "stall":
                while self.fault is fault and source.recv(CHUNK):
                    pass
            case "trickle":
                while self.fault is fault and left:
                    for octet in left:
                        sink.sendall(bytes([octet]))
                        time.sleep(fault.pause)
                        if self.fault is not fault:
                            break
                    left = source.recv(CHUNK)
        self._end(source, sink)

    def _end(self, *both: socket.socket) -> None:
        for one in both:
            if one not in self._reset:
                _end(one)

    def _commanded(self, octets: bytes, poller: socket.socket) -> tuple[bytes, bytes]:
        """What of the poller's octets goes to the server, and the beginning of a line whose end is to come."""
        *lines, rest = octets.split(b"\n")
        forwarded = b""
        for line in lines:
            self.before_command(line)
            with self.changed:
                self.commands.append(line.rstrip(b"\r"))
                self.times.append(time.monotonic())
                self.changed.notify_all()
            answer = self.answer(line.rstrip(b"\r"))
            if answer is None:
                forwarded += line + b"\n"
                continue
            for piece in answer.say:
                poller.sendall(piece)
                self._count("down", len(piece))
            forwarded += answer.forward
            if answer.leave:
                raise ConnectionError("left")
        return forwarded, rest

    def _count(self, direction: str, octets: int) -> None:
        with self.changed:
            if direction == "down":
                self.down += octets
            else:
                self.up += octets


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)

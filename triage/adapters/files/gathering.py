"""The octets of one message, gathered piece by piece; of a very large one only the first part is kept."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A message of more than `whole` octets is kept with its first `first` octets."""

    whole: int
    first: int


class Gathering:
    """Takes pieces, and holds `limits.whole` octets at most."""

    def __init__(self, limits: Limits) -> None:
        self.size = 0
        self._limits = limits
        self._octets = bytearray()
        self._hash = sha256()
        self._over = False

    def add(self, piece: bytes) -> None:
        """One more piece."""
        self.size += len(piece)
        if self._over:
            self._hash.update(piece)
            return
        self._octets += piece
        if self.size > self._limits.whole:
            self._over = True
            self._hash.update(self._octets)
            del self._octets[self._limits.first :]

    def drop_last_line_if_empty(self) -> None:
        """Without the empty line that mbox puts after each message."""
        for end in (b"\n\r\n", b"\n\n"):
            if not self._over and self._octets.endswith(end):
                del self._octets[1 - len(end) :]
                self.size -= len(end) - 1
                return

    def end(self) -> tuple[bytes, int, bytes]:
        """The octets that are kept, how many there were, and the SHA-256 of all."""
        if not self._over:
            self._hash.update(self._octets)
        return bytes(self._octets), self.size, self._hash.digest()

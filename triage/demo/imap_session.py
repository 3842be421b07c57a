"""What the embedded IMAP server says to one client, from greeting to goodbye."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from triage.demo.imap_wire import LITERAL, Folder, MalformedError, chosen, fetched, read_date_time, tokens

CAPABILITIES = b"IMAP4rev1 LITERAL+ IDLE"
LONGEST_LITERAL = 1 << 28


class Connection:
    """One client, from greeting to goodbye."""

    def __init__(
        self,
        folder: Folder,
        credentials: tuple[bytes, bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._folder, self._credentials, self._reader, self._writer = folder, credentials, reader, writer
        self._signed_in = self._selected = self._read_only = self._over = False
        self._told = 0

    async def converse(self) -> None:
        """Answer commands until the client leaves."""
        self._say(b"* OK [CAPABILITY %s] embedded server ready" % CAPABILITIES)
        while not self._over and (command := await self._command()):
            tag, name, arguments = command
            try:
                await self._obey(tag, name, arguments)
            except (MalformedError, IndexError) as fault:
                self._say(b"%s BAD %s" % (tag, str(fault).encode("ascii", "replace")))
            await self._writer.drain()

    async def _command(self) -> tuple[bytes, bytes, list[bytes]] | None:
        line, literals = b"", []
        while piece := await self._reader.readline():
            line += piece
            literal = LITERAL.search(line)
            if literal is None:
                break
            if int(literal[1]) > LONGEST_LITERAL:
                return None
            if not literal[2]:
                self._say(b"+ go on")
            literals.append(await self._reader.readexactly(int(literal[1])))
            line = line[: literal.start()] + b"{} "
        words = tokens(line, literals)
        if not line:
            return None
        tag, *rest = words or [b"*"]
        named = 2 if rest and rest[0].upper() == b"UID" else 1
        return tag, b" ".join(rest[:named]).upper(), rest[named:]

    async def _obey(self, tag: bytes, name: bytes, arguments: list[bytes]) -> None:
        always: dict[bytes, _Verb] = {
            b"CAPABILITY": self._capability,
            b"NOOP": self._noop,
            b"LOGOUT": self._logout,
            b"LOGIN": self._login,
        }
        signed_in: dict[bytes, _Verb] = {
            b"LIST": self._list,
            b"SELECT": self._select,
            b"EXAMINE": self._examine,
            b"STATUS": self._status,
            b"APPEND": self._append,
        }
        selected: dict[bytes, _Verb] = {
            b"CHECK": self._noop,
            b"CLOSE": self._close,
            b"UID SEARCH": self._uid_search,
            b"SEARCH": self._search,
            b"UID FETCH": self._uid_fetch,
            b"FETCH": self._fetch,
            b"IDLE": self._idle,
        }
        verbs = always | (signed_in if self._signed_in else {}) | (selected if self._selected else {})
        verb = verbs.get(name)
        if verb is None:
            raise MalformedError(f"not now or not known: {name[:20]!r}")
        self._say(b"%s %s" % (tag, await verb(arguments)))

    def _say(self, line: bytes) -> None:
        self._writer.write(line + b"\r\n")

    async def _capability(self, _arguments: list[bytes]) -> bytes:
        self._say(b"* CAPABILITY " + CAPABILITIES)
        return b"OK done"

    async def _noop(self, _arguments: list[bytes]) -> bytes:
        self._tell()
        return b"OK done"

    async def _logout(self, _arguments: list[bytes]) -> bytes:
        self._say(b"* BYE until later")
        self._over = True
        return b"OK done"

    async def _login(self, arguments: list[bytes]) -> bytes:
        given = arguments[0], arguments[1]
        self._signed_in = all(hmac.compare_digest(*pair) for pair in zip(given, self._credentials, strict=True))
        return b"OK signed in" if self._signed_in else b"NO [AUTHENTICATIONFAILED] wrong user or password"

    async def _list(self, arguments: list[bytes]) -> bytes:
        name = self._folder.name
        if arguments[1] in {b"*", b"%", name}:
            quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            self._say(b'* LIST (\\HasNoChildren) "/" "%s"' % quoted)
        return b"OK done"

    async def _select(self, arguments: list[bytes]) -> bytes:
        return self._opened(arguments[0], read_only=False)

    async def _examine(self, arguments: list[bytes]) -> bytes:
        return self._opened(arguments[0], read_only=True)

    def _opened(self, name: bytes, *, read_only: bool) -> bytes:
        self._selected = self._is_ours(name)
        if not self._selected:
            return b"NO [NONEXISTENT] there is no such mailbox"
        self._read_only, self._told = read_only, len(self._folder.held)
        self._say(b"* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        self._say(b"* OK [PERMANENTFLAGS ()] none kept")
        self._say(b"* %d EXISTS" % self._told)
        self._say(b"* 0 RECENT")
        self._say(b"* OK [UIDVALIDITY %d] as ever" % self._folder.uidvalidity)
        self._say(b"* OK [UIDNEXT %d] to come" % self._folder.next_uid)
        return b"OK [READ-ONLY] open" if read_only else b"OK [READ-WRITE] open"

    def _is_ours(self, name: bytes) -> bool:
        ours = self._folder.name
        return name == ours or (name.upper() == ours == b"INBOX")

    async def _status(self, arguments: list[bytes]) -> bytes:
        if not self._is_ours(arguments[0]):
            return b"NO [NONEXISTENT] there is no such mailbox"
        held = self._folder.held
        figures = {
            b"MESSAGES": len(held),
            b"RECENT": 0,
            b"UIDNEXT": self._folder.next_uid,
            b"UIDVALIDITY": self._folder.uidvalidity,
            b"UNSEEN": sum(b"\\Seen" not in message.flags for message in held),
        }
        asked = [item.upper() for item in arguments[1:] if item.upper() in figures]
        said = b" ".join(b"%s %d" % (item, figures[item]) for item in asked)
        self._say(b'* STATUS "%s" (%s)' % (self._folder.name, said))
        return b"OK done"

    async def _append(self, arguments: list[bytes]) -> bytes:
        if not self._is_ours(arguments[0]):
            return b"NO [TRYCREATE] there is no such mailbox"
        rest = arguments[1:-1]
        after_flags = rest[rest.index(b")") + 1 :] if b")" in rest else rest
        arrived = read_date_time(after_flags[0]) if after_flags else datetime.now(UTC)
        uid = self._folder.keep(arguments[-1], arrived)
        return b"OK [APPENDUID %d %d] kept" % (self._folder.uidvalidity, uid)

    async def _close(self, _arguments: list[bytes]) -> bytes:
        self._selected = False
        return b"OK closed"

    async def _uid_search(self, arguments: list[bytes]) -> bytes:
        return self._found(arguments, by_uid=True)

    async def _search(self, arguments: list[bytes]) -> bytes:
        return self._found(arguments, by_uid=False)

    def _found(self, arguments: Sequence[bytes], *, by_uid: bool) -> bytes:
        words = [word for word in arguments if word not in {b"(", b")"}]
        match [word.upper() for word in words]:
            case [b"ALL"]:
                found = chosen(self._folder.held, b"1:*", by_uid=by_uid)
            case [b"UID", wanted]:
                found = chosen(self._folder.held, wanted, by_uid=True)
            case _:
                raise MalformedError("this server searches ALL and UID only")
        self._say(b"* SEARCH" + b"".join(b" %d" % (message.uid if by_uid else number) for number, message in found))
        return b"OK done"

    async def _uid_fetch(self, arguments: list[bytes]) -> bytes:
        return await self._fetched(arguments, by_uid=True)

    async def _fetch(self, arguments: list[bytes]) -> bytes:
        return await self._fetched(arguments, by_uid=False)

    async def _fetched(self, arguments: Sequence[bytes], *, by_uid: bool) -> bytes:
        for number, message in list(chosen(self._folder.held, arguments[0], by_uid=by_uid)):
            flags = set(message.flags)
            self._writer.write(fetched(number, message, arguments[1:], by_uid=by_uid))
            if self._read_only:
                message.flags = flags
            await self._writer.drain()
        return b"OK done"

    async def _idle(self, _arguments: list[bytes]) -> bytes:
        self._say(b"+ idling")
        done = asyncio.ensure_future(self._reader.readline())
        try:
            while not done.done():
                self._tell()
                await self._writer.drain()
                self._folder.changed.clear()
                changed = asyncio.ensure_future(self._folder.changed.wait())
                await asyncio.wait({done, changed}, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            done.cancel()
        return b"OK idled"

    def _tell(self) -> None:
        if self._selected and len(self._folder.held) != self._told:
            self._told = len(self._folder.held)
            self._say(b"* %d EXISTS" % self._told)


_Verb = Callable[[list[bytes]], Awaitable[bytes]]

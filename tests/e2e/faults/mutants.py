"""Changes to the product under which a row must fail: a line taken out, an order swapped. So rows are known to bite.

A mutant is a copy of the packages with one text replaced by another; it is put first on the runner's path.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.faults.running import CHECKOUT

COPIED = ("triage", "classifiers")
LINKED = ("data", "reply_templates", "models", "pyproject.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`old` in `file` becomes `new`; then `row` on `store` must fail."""

    row: str
    store: str
    why: str
    file: str
    old: str
    new: str

    def text(self) -> str:
        """The changed file."""
        text = (CHECKOUT / self.file).read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file} holds {self.old!r} {text.count(self.old)} times"
        return text.replace(self.old, self.new)

    def build(self, folder: Path) -> Path:
        """A copy of the product with this change, in `folder`."""
        for name in COPIED:
            shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LINKED:
            (folder / name).symlink_to(CHECKOUT / name)
        (folder / self.file).write_text(self.text(), encoding="utf-8")
        return folder


POLL, FETCHING = "triage/jobs/poll.py", "triage/jobs/fetching.py"
IMAP, CONNECTION = "triage/adapters/imap.py", "triage/adapters/imap_connection.py"
INTAKE, ENGINE = "triage/adapters/store/intake.py", "triage/adapters/store/engine.py"


def _cursor_first(row: str, store: str) -> Mutant:
    """The cursor is written before the messages are: what dies between loses them."""
    return Mutant(
        row=row,
        store=store,
        why="the cursor is written before the fetch",
        file=POLL,
        old="    taking.take(uids)\n",
        new="    store.add_messages(replace(cursor, last_uid=max(uids, default=cursor.last_uid)), [])\n"
        "    taking.take(uids)\n",
    )


MUTANTS = (
    _cursor_first("A01", "sqlite"),
    _cursor_first("A02", "postgresql"),
    _cursor_first("A03", "sqlite"),
    _cursor_first("A04", "sqlite"),
    Mutant(
        row="A05",
        store="sqlite",
        why="the socket has no timeout",
        file=CONNECTION,
        old="timeout=SocketTimeout(min(CONNECT_SECONDS, settings.timeout), settings.timeout),",
        new="timeout=SocketTimeout(CONNECT_SECONDS, None),",
    ),
    Mutant(
        row="A05",
        store="sqlite",
        why="an answer may take for ever",
        file="triage/adapters/imap_client.py",
        old="        if time.monotonic() - self._said_at > self.longest_answer:\n",
        new="        if False:\n",
    ),
    _cursor_first("A06", "sqlite"),
    Mutant(
        row="A07",
        store="sqlite",
        why="rows of an earlier UIDVALIDITY are not linked",
        file=INTAKE,
        old="                _rekey(session, list(batch.values()))\n",
        new="",
    ),
    Mutant(
        row="A08",
        store="sqlite",
        why="UIDVALIDITY is no part of the cursor",
        file=POLL,
        old="    if known and known.uidvalidity == uidvalidity:\n        return known\n",
        new="    if known:\n        return replace(known, uidvalidity=uidvalidity)\n",
    ),
    Mutant(
        row="A09",
        store="sqlite",
        why="every UID that was named is taken to be there",
        file=FETCHING,
        old="messages=tuple(found[uid] for uid in uids if uid in found)",
        new="messages=tuple(found[uid] for uid in uids)",
    ),
    Mutant(
        row="A10",
        store="sqlite",
        why="sequence numbers in place of UIDs",
        file=CONNECTION,
        old="        settings.host,\n        port=settings.port,\n",
        new="        settings.host,\n        use_uid=False,\n        port=settings.port,\n",
    ),
    Mutant(
        row="A11",
        store="sqlite",
        why="what the server says of a pause is not heeded",
        file="triage/jobs/patience.py",
        old="        found = answer.pattern.search(said)\n",
        new="        found = None\n",
    ),
    Mutant(
        row="A12",
        store="sqlite",
        why="a token that the server refused is not renewed",
        file="triage/adapters/sign_in.py",
        old="            token = held.renewed(token)\n",
        new="            pass\n",
    ),
    Mutant(
        row="A13",
        store="sqlite",
        why="a large mail is fetched whole",
        file=FETCHING,
        old="    small = [uid for uid in uids if sizes.get(uid, 0) <= policy.large_octets]\n",
        new="    small = list(uids)\n",
    ),
    Mutant(
        row="A14",
        store="sqlite",
        why="the name of a folder loses its letters",
        file=IMAP,
        old="self._client.select_folder(self._settings.folder, readonly=True)",
        new='self._client.select_folder(self._settings.folder.encode("ascii", "ignore").decode(), readonly=True)',
    ),
    Mutant(
        row="A15",
        store="sqlite",
        why="Message-ID as a key",
        file=FETCHING,
        old="messages=tuple(found[uid] for uid in uids if uid in found)",
        new='messages=tuple({m.octets.split(b"Message-ID: ")[-1][:30]: m for m in found.values()}.values())',
    ),
    Mutant(
        row="A16",
        store="sqlite",
        why="no mail without Message-ID",
        file=FETCHING,
        old="messages=tuple(found[uid] for uid in uids if uid in found)",
        new='messages=tuple(m for m in found.values() if b"Message-ID: <" in m.octets)',
    ),
    Mutant(
        row="A17",
        store="sqlite",
        why="the same mail opens another case",
        file="triage/adapters/store/threads.py",
        old="    same = _by_content(session, content)\n",
        new="    same: set[int] = set()\n",
    ),
    Mutant(
        row="A18",
        store="sqlite",
        why="a search by Message-ID, as others do",
        file=IMAP,
        old='        found = self._fetched(uids, "BODY.PEEK[]", "INTERNALDATE")\n',
        new='        found = self._fetched(uids, "BODY.PEEK[]", "INTERNALDATE")\n'
        "        for items in found.values():\n"
        '            said = items[b"BODY[]"].split(b"Message-ID: ")[-1].split(b"\\r\\n")[0]\n'
        '            self._client._imap.send(b"X0 UID SEARCH HEADER Message-ID " + said + b"\\r\\n")\n',
    ),
    Mutant(
        row="A19",
        store="sqlite",
        why="every poll fetches everything",
        file=POLL,
        old="    uids = mailbox.uids_after(cursor.last_uid)\n",
        new="    uids = mailbox.uids_after(0)\n",
    ),
    _cursor_first("A20", "sqlite"),
    Mutant(
        row="A21",
        store="sqlite",
        why="a check does not look through the file",
        file=ENGINE,
        old="            if before_start and self._sqlite:\n",
        new="            if False:\n",
    ),
    Mutant(
        row="A22",
        store="postgresql",
        why="a database that has gone is no fault of ours",
        file=ENGINE,
        old="        except DBAPIError as fault:\n",
        new="        except NotImplementedError as fault:\n",
    ),
    Mutant(
        row="A24",
        store="sqlite",
        why="SQLite does not wait for the disk",
        file=ENGINE,
        old='"synchronous=FULL"',
        new='"synchronous=OFF"',
    ),
)

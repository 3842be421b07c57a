"""What mail servers and token endpoints say of a fault, and what it means (data/mail_servers.toml)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from triage import resources
from triage.adapters.knowledge.files import Row, read_toml

TEMPORARY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[THROTTLED]", "[SERVERBUG]", "[CONTACTADMIN]")
"""Response codes of RFC 5530 and of Exchange for what passes by itself."""
LONGEST_SHOWN, LONGEST_READ = 300, 4000
_TOKEN_LIKE = re.compile(r"[A-Za-z0-9_\-+/=.~]{60,}")
_SECONDS = 60

Where = Literal["token", "sign_in"]


class ServerFault(Row):
    """What is known of one fault by a server's words. `refused`: it stays so until a person acts."""

    id: str
    where: Where
    pattern: re.Pattern[str]
    refused: bool
    cause: str
    remedy: str
    source: str
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = Field(min_length=1)

    @field_validator("pattern")
    @classmethod
    def _searches_one_line(cls, pattern: re.Pattern[str]) -> re.Pattern[str]:
        if pattern.search(""):
            raise ValueError("it is found in any words; narrow it")
        return pattern


class _MailServers(Row):
    source: str
    renew_minutes: float = Field(gt=0)
    warn_days: int = Field(ge=0)
    fault: tuple[ServerFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerWords:
    """The table of faults, how many seconds before its end a token is renewed, and when an end is warned of."""

    faults: tuple[ServerFault, ...]
    renew_seconds: float
    warn_days: int

    def meaning(self, where: Where, said: str) -> ServerFault | None:
        """The first fault that these words of a server mean, or None."""
        looked_at = said[:LONGEST_READ]
        return next((one for one in self.faults if one.where == where and one.pattern.search(looked_at)), None)


@cache
def load(root: Path) -> ServerWords:
    """The table below `root`. KnowledgeError names file, key and remedy."""
    read = read_toml(root / "data" / "mail_servers.toml", _MailServers)
    return ServerWords(faults=read.fault, renew_seconds=read.renew_minutes * _SECONDS, warn_days=read.warn_days)


def known() -> ServerWords:
    """The table in force."""
    return load(resources.root())


def passes(said: str) -> bool:
    """Whether what an IMAP server says is a state that passes by itself."""
    meaning = known().meaning("sign_in", said)
    return said.upper().startswith(TEMPORARY) or (meaning is not None and not meaning.refused)


def shown(said: str, secrets: Iterable[str] = ()) -> str:
    """A server's words in one short line, without `secrets` and without anything that could be a token."""
    for secret in filter(None, secrets):
        said = said.replace(secret, "…")
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in said[:LONGEST_READ]).split())
    return _TOKEN_LIKE.sub("…", line)[:LONGEST_SHOWN]

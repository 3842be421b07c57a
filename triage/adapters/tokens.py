"""Access tokens: kept in this process until shortly before they expire, whatever protocol presents them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Protocol

from triage.adapters import server_words
from triage.errors import SignInError, SignInRefused
from triage.mailbox_settings import GoogleSignIn, MicrosoftSignIn

INSTALLATIONS = 64  # mailboxes with a sign-in of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token and how many seconds it is good for."""

    text: str = field(repr=False)
    seconds: float


class TokenSource(Protocol):
    """Where access tokens come from. Raises SignInError (try again) or SignInRefused (a person must act)."""

    def fetch(self) -> Token:
        """A fresh token."""
        ...


class Tokens:
    """The access token of one sign-in. Several threads may ask; only one of them fetches."""

    def __init__(
        self, source: TokenSource, *, renew_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._source, self._renew_seconds, self._clock = source, renew_seconds, clock
        self._lock = threading.Lock()
        self._text, self._until = "", 0.0

    def token(self) -> tuple[str, bool]:
        """The token, and whether it was kept from an earlier call; renewed when it expires soon."""
        with self._lock:
            if self._text and self._clock() < self._until:
                return self._text, True
            return self._fetched(), False

    def renewed(self, refused: str) -> str:
        """A token in place of one that a server refused; fetched once, however many threads were refused."""
        with self._lock:
            return self._fetched() if self._text in {refused, ""} else self._text

    def _fetched(self) -> str:
        self._text = ""
        asked = self._clock()
        token = self._source.fetch()
        # a token good for less than twice the margin would be renewed at every call
        self._until = asked + token.seconds - min(self._renew_seconds, token.seconds / 2)
        self._text = token.text
        return token.text


@lru_cache(maxsize=INSTALLATIONS)
def _kept(sign_in: MicrosoftSignIn | GoogleSignIn, user: str) -> Tokens:
    source: TokenSource
    if isinstance(sign_in, MicrosoftSignIn):
        from triage.adapters.sign_in_microsoft import MicrosoftTokens

        source = MicrosoftTokens(sign_in)
    else:
        from triage.adapters.sign_in_google import GoogleTokens

        source = GoogleTokens(sign_in, user)
    return Tokens(source, renew_seconds=server_words.known().renew_seconds)


def tokens(sign_in: MicrosoftSignIn | GoogleSignIn, user: str) -> Tokens:
    """The tokens of this sign-in, the same object for the same settings as long as the process lives."""
    return _kept(sign_in, user if isinstance(sign_in, GoogleSignIn) else "")


def expiry(sign_in: MicrosoftSignIn | GoogleSignIn) -> tuple[str, date] | None:
    """What of this sign-in expires (its key) and on which day, as far as it is known. SignInRefused: unreadable."""
    if isinstance(sign_in, GoogleSignIn):
        return None  # Google's keys do not say
    from triage.adapters.sign_in_microsoft import expiry

    return expiry(sign_in)


def refused(endpoint: str, said: str, *secrets: str, retry_after: float | None = None) -> SignInError:
    """The fault that an endpoint's refusal means, with what to do; `secrets` are kept out of its text."""
    words = server_words.shown(said, secrets)
    meaning = server_words.known().meaning("token", said)
    if meaning is None:
        return SignInError(f"{endpoint} gave no access token ({words}); it is tried again", retry_after=retry_after)
    text = f"{endpoint}: {meaning.cause} ({words}); {meaning.remedy}"
    return SignInRefused(text) if meaning.refused else SignInError(text, retry_after=retry_after)

"""Signing in to an IMAP server: by password, or by an access token over OAUTHBEARER or XOAUTH2."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from triage.adapters import server_words
from triage.adapters.token_sasl import MECHANISMS, acknowledgement, complaint, initial_response
from triage.adapters.tokens import tokens
from triage.errors import MailboxError, MailboxRefused, SignInError, SignInRefused
from triage.mailbox_settings import GoogleSignIn, MailboxSettings, MicrosoftSignIn

MOST_CHALLENGES = 3


def sign_in(client: IMAPClient, settings: MailboxSettings, where: str) -> None:
    """Sign in as the settings say. MailboxError: try again later; MailboxRefused: a person must act."""
    if settings.sign_in is None:
        _by_password(client, settings, where)
    else:
        _by_token(client, settings, settings.sign_in, where)


class TokenExchange:
    """Our side of the conversation: the token first, then a plain acknowledgement of the server's complaint."""

    def __init__(self, mechanism: str, user: str, token: str) -> None:
        self._answers = [initial_response(mechanism, user, token), acknowledgement(mechanism)]
        self._asked = 0
        self.complaint = ""

    def __call__(self, challenge: bytes) -> str:
        """The answer to a challenge of the server."""
        self._asked += 1
        if self._asked > MOST_CHALLENGES:
            raise imaplib.IMAP4.abort("the server does not end the sign-in")
        if self._asked > 1:
            self.complaint = complaint(challenge)
        return self._answers[min(self._asked, len(self._answers)) - 1]


def _by_password(client: IMAPClient, settings: MailboxSettings, where: str) -> None:
    password = settings.password.get_secret_value()
    if client.has_capability("LOGINDISABLED"):
        raise MailboxRefused(
            f"{where} takes no password over this connection; see {settings.named('encryption')}, "
            "or sign in by access token ([mailbox.sign_in])"
        )
    try:
        if (settings.user + password).isascii():
            client.login(settings.user, password)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(settings.user, password)
        else:
            raise MailboxRefused(f"{where} takes letters of ASCII only; see {settings.named('user', 'password')}")
    except LoginError as fault:
        raise _refused(where, settings, fault, "", settings.named("user", "password"), password) from None


def _by_token(client: IMAPClient, settings: MailboxSettings, proof: MicrosoftSignIn | GoogleSignIn, where: str) -> None:
    mechanism = next((name for name in MECHANISMS if client.has_capability(f"AUTH={name}")), None)
    if mechanism is None:
        raise MailboxRefused(
            f"{where} takes no access tokens (neither of {', '.join(MECHANISMS)}); have OAuth2 switched on, "
            f"or give a password in place of {settings.named('sign_in')}"
        )
    with _faults_of(settings):
        held = tokens(proof, settings.user)
        token, kept = held.token()
    fault = _presented(client, settings, where, mechanism, token)
    if isinstance(fault, MailboxRefused) and kept:
        with _faults_of(settings):
            token = held.renewed(token)
        fault = _presented(client, settings, where, mechanism, token)
    if fault is not None:
        raise fault


@contextmanager
def _faults_of(settings: MailboxSettings) -> Iterator[None]:
    """Faults in getting a token, as faults of the mailbox."""
    try:
        yield
    except SignInError as fault:
        text = f"{fault}; see {settings.named('sign_in')}"
        if isinstance(fault, SignInRefused):
            raise MailboxRefused(text) from None
        raise MailboxError(text, retry_after=fault.retry_after) from None


def _presented(
    client: IMAPClient, settings: MailboxSettings, where: str, mechanism: str, token: str
) -> MailboxError | None:
    """Present a token; what the server's refusal means, or None when it let us in."""
    exchange = TokenExchange(mechanism, settings.user, token)
    try:
        client.sasl_login(mechanism, exchange)
    except LoginError as fault:
        return _refused(where, settings, fault, exchange.complaint, settings.named("user", "sign_in"), token)
    return None


def _refused(
    where: str, settings: MailboxSettings, fault: LoginError, complained: str, keys: str, secret: str
) -> MailboxError:
    answer = _answer(fault)
    words = server_words.shown(f"{answer} ({complained})" if complained else answer, [secret])
    broken = isinstance(fault.__context__, imaplib.IMAP4.abort)
    if broken or server_words.passes(answer):
        return MailboxError(f"{where} takes no sign-in now ({words}); the next poll tries again")
    meaning = server_words.known().meaning("sign_in", answer)
    if meaning is None:
        return MailboxRefused(f"{where} refused the sign-in of {settings.user} ({words}); see {keys}")
    return MailboxRefused(
        f"{where} refused the sign-in of {settings.user}: {meaning.cause} ({words}); {meaning.remedy}; see {keys}"
    )


def _answer(fault: LoginError) -> str:
    """The server's words: imaplib raises them as octets, which IMAPClient shows as Python would write them."""
    said = fault.__context__.args[:1] if fault.__context__ else ()
    return said[0].decode("utf-8", "replace") if said and isinstance(said[0], bytes) else str(fault)
